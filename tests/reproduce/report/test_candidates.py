"""Candidates are read off histories, and the nearest to the report wins."""

from dataclasses import replace

import pytest

from reproduce.experiment.candidates import CANDIDATES, QUESTIONS, RUN_SETS, Reading
from reproduce.experiment.records import Store
from reproduce.report.candidates import protocol_table, ranking, winners
from reproduce.report.readings import read, readings_frame, stopping_epoch


@pytest.mark.parametrize(
    ("mode", "threshold", "epoch"),
    [("decrease", 0.01, 3), ("absolute", 0.01, 5), ("absolute", 1e-9, None)],
)
def test_the_stopping_epoch_is_the_criterions(mode, threshold, epoch):
    assert stopping_epoch([1.0, 0.5, 0.6, 0.3, 0.295], mode, threshold) == epoch


def test_an_earlier_stop_takes_the_accuracy_recorded_then(record):
    history = {"loss": [1, 0.5, 0.6, 0.3, 0.3], "validation_accuracy": [1, 2, 3, 4, 5]}
    run = record(1, "adam", epochs=5, history=history)
    assert read(run, Reading("", ())) == (3, 3, True)
    final = run.splits["validation"]["accuracy"]
    assert read(run, Reading("", (), mode="absolute")) == (5, final, True)
    assert read(run, Reading("", (), monitor="evaluated_loss")) is None


def test_sets_of_runs_have_folders_and_protocols_of_their_own():
    folders = {own.folder: own.protocol for own in RUN_SETS.values()}
    assert len(set(folders.values())) == len(folders)
    for own in RUN_SETS.values():
        assert folders[own.folder] == own.protocol
    used = {name for all_ in QUESTIONS.values() for r in all_ for name in r.sets}
    assert used == set(CANDIDATES)


@pytest.fixture
def folder(record, tmp_path):
    """Three seeds: the default near the report, He normal at half its epochs."""
    for name, share in (("report", 1.0), ("he-normal", 0.5)):
        own = RUN_SETS[name]
        for cell in own.cells(range(3)):
            run = record(cell.architecture, cell.method, cell.seed)
            n = max(2, round(run.epochs * share))
            loss = [1 - 0.01 * i for i in range(n - 1)] + [1 - 0.01 * (n - 2)]
            run = replace(run, epochs=n, history={"loss": loss}, protocol=own.protocol)
            Store(tmp_path / own.folder).write(run)
    return tmp_path


def test_the_nearest_candidate_wins_and_the_others_are_named(folder):
    ranked = ranking(readings_frame(folder))
    own = ranked[ranked["question"] == "Kernel initializer"]
    assert own["candidate"].tolist() == ["N(0, 1)", "He normal"]
    assert own["cells"].tolist() == [10, 10] and own["won"].tolist() == [3, 0]
    line = winners(ranked)[0]
    assert "**N(0, 1)**" in line and "Not run: Glorot uniform and N(0, 0.05²)" in line


def test_candidates_are_compared_on_common_cells_only(folder):
    own = RUN_SETS["he-normal"]
    Store(folder / own.folder).path(own.cells([2])[0]).unlink()
    frame = readings_frame(folder)
    both = frame[frame["question"] == "Kernel initializer"].groupby("candidate").size()
    assert both.tolist() == [29, 29]


def test_no_candidate_run_still_makes_a_table(tmp_path):
    table = protocol_table(readings_frame(tmp_path))
    assert b"needs runs of" in table.markdown()
    assert table.csv()
