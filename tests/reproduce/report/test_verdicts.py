"""A verdict turns when its number does, and no verdict comes of two seeds."""

from dataclasses import replace

import pytest

from reproduce import original
from reproduce.experiment.protocol import Protocol
from reproduce.report import build
from reproduce.report.statistics import compare
from reproduce.report.verdict_words import misses_sentences
from reproduce.report.verdicts import judge, misses
from reproduce.report.verify import verify

from .synthetic import accuracies, make_record


def verdict(records, quantity="epochs", architecture=1, method="sgd"):
    found = {one.key: one for one in judge(compare(records))}
    return found[architecture, method, quantity]


@pytest.fixture
def sgd(record):
    """Five seeds about the report's 153 epochs."""
    return [record(seed=s, epochs=e) for s, e in enumerate((147, 150, 153, 156, 159))]


def test_the_reports_number_amid_the_runs_agrees(sgd):
    assert verdict(sgd).verdict == "AGREES"
    assert verdict(sgd).interval == pytest.approx((138.07, 167.93), abs=0.01)


@pytest.mark.parametrize(
    ("epochs", "expected"), [(165, "AGREES"), (170, "NEAR"), (300, "DIFFERS")]
)
def test_changing_one_reported_number_turns_its_verdict(
    sgd, monkeypatch, epochs, expected
):
    accuracy = verdict(sgd, "validation")
    row = replace(original.RESULTS[1, "sgd"], epochs=epochs)
    monkeypatch.setitem(original.RESULTS, (1, "sgd"), row)
    assert verdict(sgd).verdict == expected
    assert verdict(sgd, "validation") == accuracy


@pytest.fixture(scope="module")
def near():
    """Three seeds of every cell, all about what the report prints."""
    runs = []
    for architecture, method in original.RESULTS:
        first = make_record(architecture, method)
        for seed in range(3):
            run = make_record(architecture, method, seed, epochs=first.epochs)
            values = [getattr(original.RESULTS[architecture, method], f"{s}_accuracy")
                      for s in ("train", "validation")]  # fmt: skip
            values = [0.9 if value is None else value for value in values]
            runs.append(accuracies(run, *values))
    return runs


def test_every_legible_number_turns_its_own_verdict_and_no_other(near, monkeypatch):
    before = {one.key: one.verdict for one in judge(compare(near))}
    assert set(before.values()) == {"AGREES", "NOT COMPARABLE", "NOT LEGIBLE"}
    agreed = [key for key, found in before.items() if found == "AGREES"]
    assert len(agreed) == 93
    for architecture, method, quantity in agreed:
        row = original.RESULTS[architecture, method]
        field = "epochs" if quantity == "epochs" else f"{quantity}_accuracy"
        moved = getattr(row, field) * (1.5 if quantity == "epochs" else 0.97)
        with monkeypatch.context() as patch:
            changed = replace(row, **{field: moved})
            patch.setitem(original.RESULTS, (architecture, method), changed)
            own = [row for row in compare(near) if row.architecture == architecture]
            after = {one.key: one.verdict for one in judge(own)}
        turned = {key for key, found in after.items() if found != before[key]}
        assert turned == {(architecture, method, quantity)}


def test_a_wide_interval_alone_does_not_agree(record):
    runs = [record(seed=s, epochs=e) for s, e in enumerate((100, 300, 500))]
    assert verdict(runs).verdict == "NEAR"
    assert "inside the interval, beyond the limit" in verdict(runs).why


def test_two_seeds_give_no_verdict(sgd):
    assert verdict(sgd[:2]).verdict == "TOO FEW SEEDS"
    assert verdict(sgd[:2]).interval is None


def test_what_cannot_be_compared_says_why(record, sgd):
    assert verdict([]).verdict == "NOT RUN"
    illegible = [record(4, "adam", seed) for seed in range(3)]
    assert verdict(illegible, "epochs", 4, "adam").verdict == "NOT LEGIBLE"
    mislabelled = [record(4, "batch_gd", seed) for seed in range(3)]
    assert verdict(mislabelled, "epochs", 4, "batch_gd").verdict == "NOT COMPARABLE"
    part = [replace(run, protocol=Protocol(subset=10)) for run in sgd]
    assert verdict(part).verdict == "NOT COMPARABLE"
    assert "first 10 examples" in verdict(part).why
    short = [replace(run, protocol=Protocol(max_epochs=152)) for run in sgd]
    assert verdict(short).verdict == "NOT COMPARABLE"
    enough = [replace(run, protocol=Protocol(max_epochs=153)) for run in sgd]
    assert verdict(enough).verdict == "AGREES"


def test_a_run_that_never_converged_leaves_no_interval(sgd):
    runs = [*sgd[:4], replace(sgd[4], ending="epoch_limit")]
    assert verdict(runs).interval is None
    assert verdict(runs).verdict == "NEAR"


def test_misses_are_counted_against_chance(record, sgd, monkeypatch):
    assert misses(judge(compare(sgd)), "epochs") == (0, 1, 1.0)
    row = replace(original.RESULTS[1, "sgd"], epochs=300)
    monkeypatch.setitem(original.RESULTS, (1, "sgd"), row)
    outside, judged, p = misses(judge(compare(sgd)), "epochs")
    assert (outside, judged) == (1, 1) and p == pytest.approx(0.05)
    assert "1 of 1 numbers lie outside" in misses_sentences(judge(compare(sgd)))[0]


def test_verify_fails_only_when_agreement_is_gone(sgd, output_folder):
    published, ours = output_folder(sgd, "published"), output_folder(sgd, "ours")
    build(published)
    assert verify(ours, published)[1] == []
    for run in sgd:
        output_folder([replace(run, epochs=run.epochs + 200)], "ours")
    lines, gone = verify(ours, published)
    assert gone == [(1, "sgd", "epochs")]
    assert "1 no longer are" in lines[-1]
    assert verify(published, published)[1] == []


def test_verify_with_nothing_published_says_so(sgd, output_folder, tmp_path):
    with pytest.raises(ValueError, match="not found"):
        verify(output_folder(sgd), tmp_path / "nowhere")
