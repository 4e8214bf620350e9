"""Records are gathered by study, pooled with the published ones and judged once."""

from dataclasses import replace

import pytest

from reproduce.analysis.findings import find, honest_counts, patient_verdicts
from reproduce.analysis.verdicts import AGREES, NOT_JUDGED, judge
from reproduce.errors import UserError
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES

from .runs import run


def write(folder, records, study="report"):
    """Write records where a study has them, under its protocol."""
    own = STUDIES[study]
    store = Store(folder / own.folder)
    for record in records:
        store.write(replace(record, protocol=own.protocol))


def sgd(architecture, *epochs, first=0):
    return [
        run(architecture, "sgd", first + seed, epochs=n)
        for seed, n in enumerate(epochs)
    ]


@pytest.fixture
def folder(tmp_path):
    """Three seeds of SGD on architecture 1, near the original's 153 epochs."""
    write(tmp_path / "out", sgd(1, 150, 153, 157))
    return tmp_path / "out"


def label(verdicts, *key):
    return next(v.label for v in verdicts if v.key == key)


def test_the_records_of_the_originals_cells_are_judged(folder):
    found = find(folder)
    assert label(found.stated, 1, "sgd", "epochs") == AGREES
    assert len(found.records) == 3 and found.left_out == {}
    assert len(found.entries) == 35 and len(found.checks) == 9


def test_a_single_seed_is_judged_with_the_published_ones(folder, tmp_path):
    write(tmp_path / "mine", sgd(1, 150))
    assert label(find(tmp_path / "mine").stated, 1, "sgd", "epochs") == NOT_JUDGED
    found = find(tmp_path / "mine", folder)
    assert label(found.stated, 1, "sgd", "epochs") == AGREES
    assert [s.same_bytes for s in found.pool.standings] == [True]
    assert found.pool.published == 2


def test_published_studies_are_there_for_whoever_trained_none(folder, tmp_path):
    write(folder, sgd(4, 150, 153, 157), "patience-2")
    write(tmp_path / "mine", sgd(1, 150))
    found = find(tmp_path / "mine", folder)
    assert len(found.studies["patience-2"]) == 3
    assert label(found.patient, 4, "batch_gd", "epochs") == AGREES
    assert label(found.stated, 4, "batch_gd", "epochs") == NOT_JUDGED


def test_patience_is_judged_on_architectures_4_and_5_only():
    stated = judge([*sgd(1, 150, 153, 157), *sgd(5, 100, 101, 102)])
    patience = STUDIES["patience-2"].protocol
    other = [
        replace(r, protocol=patience)
        for r in [*sgd(1, 300, 301, 302), *sgd(5, 143, 144, 146)]
    ]
    found = patient_verdicts(stated, other)
    assert [v.key for v in found] == [v.key for v in stated]
    assert label(found, 1, "sgd", "epochs") == AGREES
    assert label(found, 5, "sgd", "epochs") == AGREES
    assert label(stated, 5, "sgd", "epochs") != AGREES


def test_records_of_another_protocol_are_left_out_and_counted(folder):
    wrong = Store(folder / "studies/glorot")
    wrong.write(run(1, "sgd", 0))  # of the report's protocol
    first = replace(Protocol(), name="report, first edition")
    Store(folder).write(run(1, "adam", 0, protocol=first))
    damaged = Store(folder).path(run(1, "nag", 0).cell)
    damaged.parent.mkdir(parents=True)
    damaged.write_text("{")
    found = find(folder)
    assert found.left_out == {"": 1, "studies/glorot": 1}
    assert found.studies["glorot"] == [] and len(found.records) == 3


def test_a_study_may_have_its_own_limit_for_some_cells(folder):
    study = STUDIES["past-stopping"]
    cell, protocol = next(
        (c, p) for c, p in study.protocols().items() if c.method == "adagrad"
    )
    own = run(cell.architecture, cell.method, cell.seed, protocol=protocol)
    Store(folder / study.folder).write(own)
    assert find(folder).studies["past-stopping"] == [own]


def test_other_optimizers_are_kept_apart(folder):
    Store(folder).write(run(1, "keras:Lion", 0))
    found = find(folder)
    assert [r.cell.method for r in found.others] == ["keras:Lion"]
    assert len(found.records) == 3


def test_no_records_and_two_protocols_are_refused(tmp_path, folder):
    with pytest.raises(UserError, match="Run some cells first"):
        find(tmp_path / "empty")
    Store(folder).write(run(1, "adam", 0, protocol=Protocol(patience=3, name="other")))
    with pytest.raises(UserError, match="2 different protocols"):
        find(folder)


def test_three_honest_counts_are_of_disjoint_cells_and_one_control():
    stated = judge([*sgd(1, 150, 153, 157), *sgd(3, 118, 119, 121)])
    glorot = [
        replace(r, protocol=STUDIES["glorot"].protocol) for r in sgd(1, 10, 11, 12)
    ]
    found = honest_counts(stated, glorot)
    assert found["chose"][AGREES] == found["no say"][AGREES] == 1
    assert sum(found["right protocol"].values()) == 3
    assert sum(found["wrong protocol"].values()) == 3
    assert found["wrong protocol"][AGREES] == 0
