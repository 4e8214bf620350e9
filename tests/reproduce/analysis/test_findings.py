"""Records are gathered by study, pooled with the published ones and judged once."""

from dataclasses import replace

import pytest

from reproduce.analysis import best_model, candidates, claims, consistency, sweeps
from reproduce.analysis.findings import find, honest_counts, patient_verdicts, swept
from reproduce.analysis.speed import Target
from reproduce.analysis.verdicts import AGREES, NOT_JUDGED, count, judge
from reproduce.errors import UserError
from reproduce.experiment.methods import at_rate
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES

from .runs import run


def write(folder, records, study="report"):
    """Write records where a study has them, under its protocol."""
    definition = STUDIES[study]
    store = Store(folder / definition.folder)
    for record in records:
        store.write(replace(record, protocol=definition.protocol))


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
    findings = find(folder)
    assert label(findings.stated, 1, "sgd", "epochs") == AGREES
    assert len(findings.records) == 3 and findings.left_out == {}
    assert len(findings.entries) == len(claims.JUDGES) and len(findings.checks) == 9


def test_every_part_is_made_of_the_pooled_records_of_its_study(folder, tmp_path):
    glorot = sgd(1, 10, 11, 12)
    write(folder, glorot, "glorot")
    write(folder, rates(0.001), "sweep")
    write(tmp_path / "mine", [*sgd(4, 120, 121, 122), run(1, "adam", 0, epochs=9)])
    write(tmp_path / "mine", rates(0.01), "sweep")
    findings = find(tmp_path / "mine", folder)
    records = findings.records
    assert len(records) == 7 and len(findings.studies["glorot"]) == 3
    assert list(findings.studies) == list(STUDIES)
    assert findings.protocol == Protocol()
    assert findings.stated == judge(records)
    assert findings.honest == honest_counts(findings.stated, findings.studies["glorot"])
    assert findings.entries == claims.ledger(findings.studies)
    assert findings.answers == candidates.explain(findings.studies)
    assert findings.sweeps == sweeps.gather(swept(tmp_path / "mine", folder))
    assert [len(line.points) for s in findings.sweeps for line in s.lines] == [2]
    assert findings.selection == best_model.select(records)
    assert findings.selection.best.cell.architecture == 1
    assert findings.original_selection == best_model.original_choice(records)
    assert findings.original_selection.best.cell.architecture == 4
    assert findings.checks == consistency.check(records)
    assert findings.checks[2].found["sgd"] == [(4, 121, 3)]


def rates(*learning_rates, **changes):
    return [run(1, at_rate("sgd", rate), 0, **changes) for rate in learning_rates]


def test_times_to_a_target_are_of_all_methods(folder):
    Store(folder).write(run(1, "keras:Lion", 0, loss=[1.0, 0.1, 0.01]))
    findings = find(folder)
    target = Target("loss", 0.02)
    assert findings.times(target) == {(1, "sgd"): 50, (1, "keras:Lion"): 3}
    assert findings.times(target, "updates")[1, "keras:Lion"] == 3 * 11_385


def test_other_rates_join_the_published_ones_unless_their_settings_are_others(
    folder, tmp_path
):
    mine = tmp_path / "mine"
    assert swept(folder) == swept(mine, folder) == []
    write(folder, rates(0.001, 0.01, 0.1), "sweep")
    theirs = Store(folder / "studies/sweep").load()
    assert swept(mine, folder) == theirs and swept(mine) == []
    write(mine, rates(0.002, 0.01, epochs=7), "sweep")
    both = swept(mine, folder)
    assert [r.cell.method for r in both] == [
        at_rate("sgd", rate) for rate in (0.001, 0.002, 0.01, 0.1)
    ]
    assert [r.epochs for r in both] == [100, 7, 7, 100]
    short = replace(STUDIES["sweep"].protocol, max_epochs=3)
    (record,) = rates(0.02, protocol=short)
    Store(mine / "studies/sweep").write(record)
    assert [r.epochs for r in swept(mine, folder)] == [7, 7, 100]
    assert find(folder, mine).left_out == {}  # other rates may have other settings


def test_a_single_seed_is_judged_with_the_published_ones(folder, tmp_path):
    write(tmp_path / "mine", sgd(1, 150))
    assert label(find(tmp_path / "mine").stated, 1, "sgd", "epochs") == NOT_JUDGED
    findings = find(tmp_path / "mine", folder)
    assert label(findings.stated, 1, "sgd", "epochs") == AGREES
    assert [s.same_bytes for s in findings.pool.standings] == [True]
    assert findings.pool.published == 2


def test_published_studies_are_there_for_whoever_trained_none(folder, tmp_path):
    write(folder, sgd(4, 150, 153, 157), "patience-2")
    write(tmp_path / "mine", sgd(1, 150))
    findings = find(tmp_path / "mine", folder)
    assert len(findings.studies["patience-2"]) == 3
    assert label(findings.patient, 4, "batch_gd", "epochs") == AGREES
    assert label(findings.stated, 4, "batch_gd", "epochs") == NOT_JUDGED


def test_patience_is_judged_on_architectures_4_and_5_only():
    stated = judge([*sgd(1, 150, 153, 157), *sgd(5, 100, 101, 102)])
    patience = STUDIES["patience-2"].protocol
    records = [
        replace(r, protocol=patience)
        for r in [*sgd(1, 300, 301, 302), *sgd(5, 143, 144, 146)]
    ]
    verdicts = patient_verdicts(stated, records)
    assert [v.key for v in verdicts] == [v.key for v in stated]
    assert label(verdicts, 1, "sgd", "epochs") == AGREES
    assert label(verdicts, 5, "sgd", "epochs") == AGREES
    assert label(stated, 5, "sgd", "epochs") != AGREES


def test_records_of_another_protocol_are_left_out_and_counted(folder):
    wrong = Store(folder / "studies/glorot")
    wrong.write(run(1, "sgd", 0))  # of the report's protocol
    damaged = Store(folder).path(run(1, "nag", 0).cell)
    damaged.parent.mkdir(parents=True)
    damaged.write_text("{")
    write(folder, sgd(2, 10, 11), "glorot")
    findings = find(folder)
    assert findings.left_out == {"": 1, "studies/glorot": 1}
    assert len(findings.studies["glorot"]) == 2 and len(findings.records) == 3
    write(folder / "mine", sgd(1, 150))
    assert find(folder / "mine", folder).left_out == {}  # of one's own alone


def test_a_study_has_no_other_cells_and_the_sweep_leaves_none_out(folder):
    write(folder, sgd(1, 50), "patience-2")
    write(folder, [run(1, "batch_gd", 0)], "patience-2")
    Store(folder / "studies/sweep").write(*rates(0.02, protocol=Protocol(name="own")))
    findings = find(folder)
    assert findings.left_out == {"studies/patience-2": 1}
    assert [r.cell.method for r in findings.studies["patience-2"]] == ["sgd"]
    assert findings.studies["sweep"] == [] and len(findings.sweeps) == 1


def test_a_study_may_have_its_own_limit_for_some_cells(folder):
    study = STUDIES["longer"]
    cell, protocol = next(
        (c, p) for c, p in study.protocols().items() if c.method == "adam"
    )
    record = run(cell.architecture, cell.method, cell.seed, protocol=protocol)
    Store(folder / study.folder).write(record)
    assert find(folder).studies["longer"] == [record]


def test_other_optimizers_are_kept_apart(folder):
    Store(folder).write(run(1, "keras:Lion", 0))
    findings = find(folder)
    assert [r.cell.method for r in findings.custom_records] == ["keras:Lion"]
    assert len(findings.records) == 3


def test_no_records_and_two_protocols_are_refused(tmp_path, folder):
    with pytest.raises(UserError) as error:
        find(tmp_path / "empty")
    assert str(error.value) == (
        f"{tmp_path / 'empty'}: no records found (runs/arch<k>/<method>/seed-<s>.json)."
        " Run some cells first, or name the folder they are in."
    )
    study = tmp_path / "empty/studies/sweep"
    Store(study).write(run(1, "adam", 0, protocol=STUDIES["sweep"].protocol))
    with pytest.raises(UserError, match=f"the folder they are in: {study}."):
        find(tmp_path / "empty")
    Store(folder).write(run(1, "adam", 0, protocol=Protocol(patience=3, name="other")))
    with pytest.raises(UserError) as error:
        find(folder)
    assert str(error.value) == (
        f"{folder}: records of 2 different protocols (other, report); expected one a "
        "folder. Move the others to a folder of their own."
    )


def test_three_honest_counts_are_of_disjoint_cells_and_one_control():
    stated = judge(
        [*sgd(1, 150, 153, 157), *sgd(2, 150, 153, 157), *sgd(3, 118, 119, 121)]
    )
    glorot = [
        replace(r, protocol=STUDIES["glorot"].protocol) for r in sgd(1, 10, 11, 12)
    ]
    counts = honest_counts(stated, glorot)

    def counted(verdicts, *architectures):
        return count(v.label for v in verdicts if v.architecture in architectures)

    assert counts == {
        "chose": counted(stated, 1, 2),
        "no say": counted(stated, 3, 4, 5),
        "right protocol": counted(stated, 1),
        "wrong protocol": counted(judge(glorot), 1),
    }
    assert [sum(labels.values()) for labels in counts.values()] == [6, 3, 3, 3]


def test_a_row_of_another_name_had_a_say_if_the_runs_it_is_held_against_had():
    mislabelled = [v for v in judge(sgd(4, 150, 153, 157)) if v.method == "batch_gd"]
    rows = [v for v in mislabelled if v.architecture == 4]
    assert honest_counts(rows, [])["no say"][AGREES] == 1
    moved = [replace(v, architecture=2) for v in rows]
    assert honest_counts(moved, [])["chose"][AGREES] == 1
