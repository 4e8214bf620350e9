"""Templates say something of every claim, and leave no place empty."""

from dataclasses import replace

import jinja2
import pytest

from reproduce.analysis.claims import ledger
from reproduce.experiment.studies import decayed
from reproduce.original import CLAIMS
from reproduce.publish.rendering import method_label, missing_runs, phrase, render

from ..analysis.runs import RISING, swept, traced, world

CLAIM = (
    '{% import "claims.j2" as claims %}'
    "{{ claims.tested(entry.key) }}~{{ claims.measured(entry) }}~"
    "{{ claims.change(entry) }}"
)


def sentences(entry):
    """What the templates say of an entry: tested, measured, what would change it."""
    from reproduce.publish import rendering

    template = rendering._environment().from_string(CLAIM)
    return template.render(entry=entry).split("~")


@pytest.fixture(scope="module")
def entries():
    """A ledger with runs of most studies."""
    runs = world(seeds=4)
    sweep = [
        run
        for method in ("sgd", "momentum", "nag", "adagrad", "rmsprop", "adam")
        for rate in (0.0001, 0.001, 0.01)
        for run in swept(method, rate, loss=RISING)
    ]
    sweep += swept("batch_gd", 0.3, loss=RISING)
    trace = [run for m in ("sgd", "momentum", "nag") for run in traced(m, 0.001, 0.3)]
    glorot = [r for r in runs if r.cell.method in ("sgd", "momentum", "nag")]
    mini = [r for r in runs if r.cell.method == "adagrad"]
    decay = [
        replace(r, cell=replace(r.cell, method=decayed(r.cell.method)))
        for r in runs
        if r.cell.method in ("momentum", "nag")
    ]
    studies = {"patience-2": runs, "weight-decay": decay}
    studies |= {"report": runs, "sweep": sweep, "trace": trace, "glorot": glorot}
    return ledger(studies | {"mini-batch": mini, "past-stopping": mini})


def test_every_claim_says_what_was_tested_measured_and_would_change_it(entries):
    assert [entry.key for entry in entries] == list(CLAIMS)
    for entry in entries:
        for sentence in sentences(entry):
            assert sentence.endswith((".", ":")) and "  " not in sentence, entry
            assert (
                sentence[0].isupper() or sentence[0].isdigit() or sentence[0] in "+−<"
            )
    assert not any(entry.finding.needs for entry in entries)


def test_a_claim_that_waits_says_for_which_runs():
    for entry in ledger({"report": []}):
        tested, measured, change = sentences(entry)
        assert measured.startswith("Runs are missing: study ")
        assert change == "The missing runs decide it."


def test_a_claim_that_only_holms_adjustment_leaves_open_says_so(entries):
    doubtful = next(entry for entry in entries if entry.key == "nag-oscillates-less")
    against = replace(doubtful.finding, p_for=0.987, p_against=0.013)
    open_claim = replace(
        doubtful,
        finding=against, p=0.026, p_holm=0.052, verdict="UNDECIDED", reason="chance",
    )  # fmt: skip
    assert sentences(open_claim)[2] == (
        "Tested alone it would be contradicted (p = 0.026). After Holm's adjustment "
        "p is 0.052, above the limit of 0.05."
    )
    wide = replace(open_claim, finding=replace(against, p_against=0.1), p=0.2)
    assert sentences(wide)[2].startswith("More seeds could decide it")


def test_missing_runs_are_named_by_study_and_method():
    needs = [("report", 5, "sgd"), ("report", 4, "sgd"), ("sweep", 1, "adam")]
    assert missing_runs(needs) == "study report: SGD on 4 and 5; study sweep: Adam on 1"


def test_claims_of_speed_say_what_holds_at_the_best_learning_rates(entries):
    said = {entry.key: sentences(entry)[1] for entry in entries}
    counts = {
        key: said[key].partition(" Each at its best learning rate, it is so in ")[2]
        for key in ("momentum-speeds-up", "adaptive-learn-first", "batch-gd-slow")
    }
    assert list(counts.values()) == [
        "0 of 10 (at an error of 0.02).", "0 of 40 (at an error of 0.02).", "",
    ]  # fmt: skip
    assert said["decay-is-why"].startswith("Each at its best learning rate, it is so")


def test_no_two_claims_are_tested_in_the_same_words(entries):
    assert len({sentences(entry)[0] for entry in entries}) == len(CLAIMS)


def test_a_name_that_is_not_given_is_an_error(tmp_path, monkeypatch):
    from reproduce.publish import rendering

    (tmp_path / "page.html.j2").write_text("{{ a }}{{ b }}")
    (tmp_path / "page.md.j2").write_text("{{ a }}")
    monkeypatch.setattr(rendering, "TEMPLATES", tmp_path)
    rendering._environment.cache_clear()
    with pytest.raises(jinja2.UndefinedError, match="b"):
        render("page.html.j2", a=1)
    assert render("page.html.j2", a="<i>", b="") == "&lt;i&gt;"
    assert render("page.md.j2", a="<i>") == "<i>"
    rendering._environment.cache_clear()


def test_a_phrase_is_what_a_macro_says_in_one_line():
    assert phrase("claims.j2", "place", (4, "nag", "sgd")) == (
        "NAG against SGD on architecture 4"
    )


def test_every_method_has_its_label_and_other_words_stay():
    written = map(method_label, ("nag", "keras:Lion", "mini-batch"))
    assert list(written) == ["NAG", "Keras Lion", "mini-batch"]
