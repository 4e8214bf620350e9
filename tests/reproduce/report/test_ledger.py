"""The ledger: few seeds decide nothing, runs on a part judge nothing."""

from dataclasses import replace

import pytest

from reproduce.experiment.protocol import Protocol
from reproduce.report.claims import CLAIMS
from reproduce.report.evidence import gather
from reproduce.report.ledger import ledger
from reproduce.report.ledger_table import ledger_table
from reproduce.report.ledger_words import counts_sentence
from reproduce.report.sentences import SENTENCES, sentences_table

from .synthetic import entries, verdicts, world


def test_planted_effects_are_supported(five):
    found = verdicts(five)
    for key in ("adaptive-fewest", "momentum-speeds-up", "adagrad-slowest"):
        assert found[key] == "SUPPORTED", key
    assert found["adaptive-alike"] == found["adaptive-well"] == "SUPPORTED"


def test_two_seeds_decide_no_tested_claim():
    found = entries(world(2)).values()
    tested = [entry for entry in found if entry.finding.p is not None]
    assert tested and {entry.verdict for entry in tested} == {"UNDECIDED"}


def test_without_records_every_claim_awaits_runs():
    assert set(verdicts([]).values()) == {"UNDECIDED"}


@pytest.mark.parametrize("one", range(0, 105, 7))
def test_one_run_alone_breaks_no_claim(five, one):
    assert set(verdicts([five[one]])) == set(CLAIMS)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"subset": 300}, "first 300 examples"), ({"max_epochs": 3}, "3 epochs")],
)
def test_runs_on_a_part_judge_no_claim(five, changes, words):
    part = [replace(run, protocol=replace(Protocol(), **changes)) for run in five]
    found = entries(part)
    assert {entry.verdict for entry in found.values()} == {"NOT COMPARABLE"}
    assert all(words in entry.why for entry in found.values())
    assert f"{len(CLAIMS)} cannot be judged" in counts_sentence(found.values())


def test_a_limit_that_no_cell_of_the_report_reaches_bars_nothing(five):
    quick = [run for run in five if run.cell.method in ("momentum", "nag")]
    limited = [replace(r, protocol=replace(Protocol(), max_epochs=100)) for r in quick]
    assert "NOT COMPARABLE" not in verdicts(limited).values()


def test_runs_that_start_from_other_weights_are_no_pairs(five):
    odd = [
        replace(r, initial_sha256="0" * 64) if r.cell.method == "adam" else r
        for r in five
    ]
    evidence = gather(odd, {})
    assert len(evidence.left_out) == 25 and not len(evidence.runs)


def test_the_table_has_every_claim_and_what_n_can_reach(five):
    table = ledger_table(ledger(gather(five, {})))
    assert [row["claim"] for row in table.data] == list(CLAIMS)
    by = {row["claim"]: row for row in table.data}
    assert by["adaptive-fewest"]["n"] == 25
    assert by["adaptive-fewest"]["smallest_p"] == 2**-24
    assert by["batch-gd-slow"]["times_fewer_updates"] < 1
    assert by["batch-gd-slow"]["times_fewer_epochs"] > 1
    assert by["adaptive-fewest"]["in_report"] == "holds on 4 of 4"


def test_the_table_says_what_the_p_values_speak_of_and_each_unit_of_work(five):
    text = ledger_table(ledger(gather(five, {}))).markdown().decode()
    assert "A seed decides which of the embedded images are drawn" in text
    assert "| Claim of speed | Epochs | Updates | Gradients | Seconds |" in text


def test_every_claim_has_its_sentence_and_every_sentence_its_answer(five):
    found = ledger(gather(five, {}))
    rows = sentences_table(found).data
    named = {key for row in rows for key in row["claims"].split()}
    own = {key for key, c in CLAIMS.items() if c.section not in ("1.4", "1.7")}
    assert named == own
    for row, (_, _, where) in zip(rows, SENTENCES, strict=True):
        assert row["tested"] or " " in where  # a reason, not a key that is gone
    assert {row["section"] for row in rows} == {f"1.3.{i}" for i in range(1, 8)} | {
        "1.6"
    }
