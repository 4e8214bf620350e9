"""A sweep chooses by validation loss alone, and says what failed."""

from dataclasses import replace

import pytest

from reproduce.cli import main
from reproduce.errors import MethodError
from reproduce.experiment.methods import METHODS, at_rate, without_rate
from reproduce.experiment.protocol import Cell
from reproduce.experiment.store import Store
from reproduce.experiment.studies import RATES, STUDIES, SWEEP, sweep
from reproduce.report import build
from reproduce.report.readings import strays
from reproduce.report.sweep_lines import gather_lines
from reproduce.report.sweep_words import guesses
from reproduce.report.sweeps import build_sweep, sentence

FOLDER = STUDIES["sweep"].folder
OWN = sweep((1,), ("sgd", "adam"), (0.1, 0.001, 0.01), 3)


def run(record, method, rate, seed, loss, ending="threshold", test=0.9):
    """A record at a rate; diverged without scores."""
    one = record(1, method, seed, protocol=SWEEP, ending=ending)
    splits = {name: dict(values) for name, values in one.splits.items()}
    splits["validation"]["loss"] = loss
    splits["test"] = {**splits["test"], "accuracy": test}
    cell = Cell(1, at_rate(method, rate), seed)
    return replace(one, cell=cell, splits={} if ending == "diverged" else splits)


@pytest.fixture
def records(record):
    return [
        run(record, "sgd", 0.001, 0, 0.5),
        run(record, "sgd", 0.001, 1, 0.6),
        run(record, "sgd", 0.01, 0, 0.2, test=0.1),
        run(record, "sgd", 0.01, 1, 0.3, "epoch_limit", test=0.1),
        run(record, "sgd", 0.1, 0, 0.1, test=1.0),
        run(record, "sgd", 0.1, 1, 0.0, "diverged"),
        *(run(record, "adam", rate, s, 10 * rate) for rate in (0.001, 0.01, 0.1)
          for s in (0, 1)),
    ]  # fmt: skip


def test_every_method_gets_the_same_rates_and_seeds():
    cells = OWN.cells()
    assert len(cells) == len(set(cells)) == 2 * 3 * 3
    found = {}
    for cell in cells:
        method, rate = without_rate(cell.method)
        assert rate == METHODS[cell.method].arguments["learning_rate"]
        found.setdefault((method, cell.seed), []).append(rate)
    assert set(found) == {(m, s) for m in ("sgd", "adam") for s in range(3)}
    assert all(rates == [0.001, 0.01, 0.1] for rates in found.values())


def test_the_reports_rate_is_among_them():
    assert 0.001 in RATES


def test_a_rate_of_its_own_is_refused():
    with pytest.raises(MethodError, match="leave learning_rate out"):
        sweep((1,), ('keras:Lion {"learning_rate": 0.1}',), RATES, 3)


def test_the_rate_is_chosen_by_validation_loss_and_a_diverged_run_counts(records):
    sgd, adam = gather_lines(records)
    assert (sgd.best.rate, adam.best.rate) == (0.01, 0.001)
    assert not sgd.at_edge
    assert adam.at_edge


def test_the_test_set_has_no_say(records):
    def swapped(one):
        if not one.splits:
            return one
        test = {**one.splits["test"], "accuracy": 1 - one.splits["test"]["accuracy"]}
        return replace(one, splits={**one.splits, "test": test})

    best = [line.best.rate for line in gather_lines(records)]
    assert [ln.best.rate for ln in gather_lines(map(swapped, records))] == best


def test_the_page_shows_what_failed_and_repeats_byte_for_byte(records, tmp_path):
    for one in records:
        Store(tmp_path / FOLDER).write(one)
    files = {path: path.read_bytes() for path in build_sweep(tmp_path, 1)}
    assert {path: path.read_bytes() for path in build_sweep(tmp_path, 1)} == files
    page = (tmp_path / "sweep" / "arch1" / "sweep.md").read_text()
    assert "| SGD | 0.1 (1 of 2) | – | 0.01 (1 of 2) |" in page
    assert "| Adam | 0.001 ‡ |" in page
    assert "no fair comparison" not in page
    assert "5 epochs in a row with lowest before − current ≤ 0.0001" in page


def test_the_report_shows_and_rebuilds_the_sweeps_of_its_folder(
    record, records, tmp_path
):
    Store(tmp_path).write(record(1, "sgd", 0))
    for one in records:
        Store(tmp_path / FOLDER).write(one)
    by_hand = {path: path.read_bytes() for path in build_sweep(tmp_path, 1)}
    for path in by_hand:
        path.unlink()
    assert set(by_hand) <= set(build(tmp_path))
    assert {path: path.read_bytes() for path in by_hand} == by_hand
    report = (tmp_path / "REPORT.md").read_text()
    assert "## Other learning rates" in report
    assert "| Adam | 0.001 ‡ |" in report
    assert "](sweep/arch1/sweep.png)" in report
    assert "Other learning rates" in (tmp_path / "report.html").read_text()


def test_the_opening_says_how_far_apart_methods_are_at_one_rate_and_at_their_own(
    record,
):
    lines = [run(record, "sgd", rate, 0, 0.4 * rate / 0.001) for rate in (1e-3, 5e-4)]
    lines += [run(record, "adam", rate, 0, 0.1) for rate in (1e-3, 5e-4)]
    lines += [run(record, "batch_gd", rate, 0, 9.0) for rate in (1e-3, 5e-4)]
    said = sentence({1: lines})
    assert "0.1000 (Adam, 0.001) to 0.4000 (SGD, 0.001), 4.0 times as high, at" in said
    assert (
        "0.1000 (Adam, 0.0005) to 0.2000 (SGD, 0.0005), 2.0 times as high, where"
        in said
    )
    assert sentence({1: lines[1:]}) == ""  # SGD without the report's rate


def test_a_run_that_calls_everything_one_digit_is_guessing(record):
    one = run(record, "sgd", 0.1, 0, 1.0)
    assert not guesses(one)
    guessed = {**one.splits["validation"], "accuracy": 0.2}
    assert guesses(replace(one, splits={**one.splits, "validation": guessed}))


def test_unequal_budgets_are_called_that(records, tmp_path):
    for one in records[1:]:
        Store(tmp_path / FOLDER).write(one)
    page, *_ = build_sweep(tmp_path, 1)
    assert "no fair comparison" in page.read_text()


def test_each_architecture_has_a_page_of_its_own_runs(records, tmp_path):
    for one in records:
        other = replace(one, cell=replace(one.cell, architecture=4))
        Store(tmp_path / FOLDER).write(one)
        Store(tmp_path / FOLDER).write(other)
    (first, *_), (fourth, *_) = build_sweep(tmp_path, 1), build_sweep(tmp_path, 4)
    assert first == tmp_path / "sweep" / "arch1" / "sweep.md"
    assert fourth == tmp_path / "sweep" / "arch4" / "sweep.md"
    assert "12 runs" in first.read_text() and "12 runs" in fourth.read_text()
    assert build_sweep(tmp_path, 2) == []


def test_a_sweep_of_other_settings_is_shown_and_not_called_left_out(records, tmp_path):
    short = replace(SWEEP, subset=100)
    for one in records:
        Store(tmp_path / FOLDER).write(replace(one, protocol=short))
    assert strays(tmp_path) == {}
    page, *_ = build_sweep(tmp_path, 1)
    assert "Only the first 100 examples" in page.read_text()


def test_a_dry_run_says_what_it_would_cost_and_trains_nothing(tmp_path, capsys):
    out = tmp_path / "out"
    words = ["sweep", "--methods", "sgd", "nag", "--seeds", "2", "--dry-run"]
    assert main([*words, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    cells = 2 * 2 * len(RATES)
    assert f"together        {cells} of   {cells} cells to train" in said
    assert not out.exists()
