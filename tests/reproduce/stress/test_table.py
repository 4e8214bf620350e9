"""The table counts what was tried and spells out what was lost."""

import csv

from reproduce.stress.table import as_csv, as_markdown
from reproduce.stress.trial import Trial, left_out

TRIALS = [
    Trial("kills", 2, 9, 0, ["kills: a.json: touched"]),
    Trial("cuts", 2000, 0, 1500),
    left_out("a full disk", "no mount"),
]


def test_the_page_has_a_row_a_trial_their_sums_and_every_loss():
    lines = as_markdown(TRIALS, seed=3).decode().splitlines()
    assert "| kills | 2 | 9 | 0 | 1 |  |" in lines
    assert "| a full disk | 0 | 0 | 0 | 0 | left out: no mount |" in lines
    assert "| **Together** | 2,002 | 9 | 1,500 | 1 |  |" in lines
    assert "- kills: a.json: touched" in lines


def test_the_csv_says_the_same():
    rows = list(csv.DictReader(as_csv(TRIALS).decode().splitlines()))
    assert [row["losses"] for row in rows] == ["1", "0", "0"]
    assert sum(int(row["corruptions"]) for row in rows) == 1500


def test_what_is_published_was_tried_for_real_and_lost_nothing(pytestconfig):
    path = pytestconfig.rootpath / "results" / "reference" / "stress" / "stress.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert sum(int(row["kills"]) for row in rows) >= 10
    assert sum(int(row["losses"]) for row in rows) == 0
    bad = next(row for row in rows if row["trial"].startswith("bad input"))
    assert int(bad["tries"]) >= 40
