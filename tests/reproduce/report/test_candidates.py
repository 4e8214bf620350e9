"""Candidates are read off histories, and the nearest to the report wins."""

from dataclasses import replace

import pytest

from reproduce.experiment.stopping import find_stop
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES
from reproduce.report.candidate_figure import candidate_figure
from reproduce.report.candidates import protocol_table
from reproduce.report.figures import png
from reproduce.report.ranking import ranking, unsaid_sentence, winners
from reproduce.report.readings import (
    QUESTIONS,
    Reading,
    cells_of,
    read,
    readings_frame,
    strays,
)


@pytest.mark.parametrize(
    ("mode", "threshold", "patience", "stop"),
    [
        ("decrease", 0.01, 0, (3, "rose")),
        ("decrease", 0.01, 2, None),
        ("absolute", 0.01, 0, (5, "threshold")),
        ("absolute", 1e-9, 0, None),
    ],
)
def test_the_stopping_epoch_is_the_criterions(mode, threshold, patience, stop):
    errors = [1.0, 0.5, 0.6, 0.3, 0.295]
    assert find_stop(errors, threshold, mode, patience) == stop


def test_an_earlier_stop_takes_the_accuracy_recorded_then(record):
    history = {"loss": [1, 0.5, 0.6, 0.3, 0.3], "validation_accuracy": [1, 2, 3, 4, 5]}
    run = record(1, "adam", epochs=5, history=history)
    assert read(run, Reading("", "")) == (3, 3, True)
    final = run.splits["validation"]["accuracy"]
    assert read(run, Reading("", "", mode="absolute")) == (5, final, True)
    assert read(run, Reading("", "", patience=2)) == (5, final, False)
    assert read(run, Reading("", "", monitor="evaluated_loss")) is None


def test_studies_have_folders_and_protocols_of_their_own():
    folders = {own.folder: own.protocol for own in STUDIES.values()}
    assert len(set(folders.values())) == len(folders) == len(STUDIES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_of_cells_that_the_studies_of_its_candidates_train(question):
    for reading in QUESTIONS[question]:
        there = {(c.architecture, c.method) for c in STUDIES[reading.study].cells()}
        assert cells_of(question) <= there, reading.label


@pytest.fixture
def trained(record, tmp_path):
    """Writes runs of a set, at a share of the report's epochs; returns the folder."""

    def train(name, share, seeds=3, cells=None, **changes):
        own = STUDIES[name]
        for cell in own.cells(range(seeds))[:cells]:
            run = record(cell.architecture, cell.method, cell.seed)
            n = max(2, round(run.epochs * share))
            loss = [1 - 0.01 * i for i in range(n - 1)] + [1 - 0.01 * (n - 2)]
            run = replace(run, epochs=n, history={"loss": loss}, protocol=own.protocol)
            Store(tmp_path / own.folder).write(replace(run, **changes))
        return tmp_path

    return train


@pytest.fixture
def folder(trained):
    """Three seeds: the default near the report, He normal at half its epochs."""
    trained("report", 1.0)
    return trained("he-normal", 0.5)


def kernel(ranked):
    """Candidates of the first question, nearest first, and what is said of it."""
    own = ranked[ranked["question"] == "Kernel initializer"]
    return own["candidate"].tolist(), winners(ranked)[0]


def test_the_nearest_candidate_wins_and_the_others_are_named(folder):
    ranked = ranking(readings_frame(folder))
    own = ranked[ranked["question"] == "Kernel initializer"]
    assert own["candidate"].tolist() == ["N(0, 1)", "He normal"]
    assert own["cells"].tolist() == [10, 10] and own["won"].tolist() == [3, 0]
    line = winners(ranked)[0]
    assert "so far **N(0, 1)**" in line and "nearest in 3 of 3 seeds" in line
    assert line.endswith("Not run, or not enough: Glorot uniform and N(0, 0.05²).")


def test_candidates_are_compared_on_common_cells_only(folder):
    own = STUDIES["he-normal"]
    Store(folder / own.folder).path(own.cells([2])[0]).unlink()
    frame = readings_frame(folder)
    both = frame[frame["question"] == "Kernel initializer"].groupby("candidate").size()
    assert both.tolist() == [29, 29]


def test_no_candidate_run_still_makes_a_table(tmp_path):
    table = protocol_table(readings_frame(tmp_path))
    assert b"needs runs of" in table.markdown()
    assert table.csv()


def test_a_candidate_hardly_begun_waits_and_narrows_nothing(folder, trained):
    trained("glorot", 1.0, cells=4)
    ranked = ranking(readings_frame(folder))
    names, line = kernel(ranked)
    assert names == ["N(0, 1)", "He normal"] and set(ranked["cells"][:2]) == {10}
    assert "not enough: Glorot uniform" in line


def test_a_candidate_mostly_done_is_compared_where_it_is(folder, trained):
    trained("glorot", 2.0, seeds=2)
    names, line = kernel(ranking(readings_frame(folder)))
    assert len(names) == 3 and "nearest in 2 of 2 seeds" in line
    assert "Fewer than 3 seeds: no more than a hint" in line


def test_another_winner_than_the_default_is_said_to_be_one(trained):
    trained("report", 0.5)
    folder = trained("he-normal", 1.0)
    frame = readings_frame(folder)
    names, line = kernel(ranking(frame))
    assert names[0] == "He normal" and "The default here is N(0, 1)" in line
    assert "He normal** (" in unsaid_sentence(frame)
    assert "though not the default here" in unsaid_sentence(frame)


def test_one_seed_is_a_hint_only(trained):
    trained("report", 1.0, seeds=1)
    line = kernel(ranking(readings_frame(trained("he-normal", 0.5, seeds=1))))[1]
    assert "so far **N(0, 1)**" in line and "no more than a hint" in line


def test_a_candidate_that_diverges_is_infinitely_far(folder, trained):
    trained("glorot", 1.0)
    lost = {"ending": "diverged", "splits": {}, "history": {"loss": [1.0, 0.5]}}
    trained("glorot", 1.0, cells=1, **lost)
    frame = readings_frame(folder)
    assert kernel(ranking(frame))[0][-1] == "Glorot uniform"
    assert "| inf |" in protocol_table(frame).markdown().decode()
    assert png(candidate_figure, frame)


def test_runs_under_other_settings_are_no_candidates(folder, trained):
    short = replace(STUDIES["glorot"].protocol, max_epochs=3)
    trained("glorot", 0.1, protocol=short)
    assert kernel(ranking(readings_frame(folder)))[0] == ["N(0, 1)", "He normal"]
    assert strays(folder) == {"studies/glorot": 75}


def test_runs_cut_off_before_the_criterion_are_counted(folder, trained):
    never = {"history": {"loss": [1.0, 0.5]}, "epochs": 2, "ending": "epoch_limit"}
    trained("he-normal", 1.0, **never)
    ranked = ranking(readings_frame(folder))
    assert ranked.set_index("candidate")["unended"]["He normal"] == 30


def test_more_seeds_of_the_default_bar_no_candidate(trained):
    trained("report", 1.0, seeds=10)
    ranked = ranking(readings_frame(trained("he-normal", 0.5)))
    assert kernel(ranked)[0] == ["N(0, 1)", "He normal"]
    assert set(ranked["seeds"][:2]) == {3}


def test_a_candidate_that_loses_in_one_seed_settles_nothing(trained):
    trained("report", 1.0)
    folder = trained("he-normal", 1.4)
    frame = readings_frame(folder)
    mine = frame["candidate"] == "N(0, 1)"
    frame.loc[mine & (frame["seed"] == 1), "distance"] += 5.0
    _, line = kernel(ranking(frame))
    assert "not settled; nearest is" in line
    assert "Not settled, as seeds disagree: kernel initializer" in unsaid_sentence(
        frame
    )
