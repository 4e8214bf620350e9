"""The setting nearest to the original's numbers explains them, if seeds agree."""

import math
from dataclasses import replace

import pytest

from reproduce.analysis.candidates import (
    QUESTIONS,
    Reading,
    answer,
    compare,
    explain,
    had_a_say,
    leave_one_architecture_out,
    printed_rows,
    read,
    turns,
)
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.studies import FAST, STUDIES
from reproduce.original import RESULTS

from .runs import cut_off, diverged, run

INF = math.inf
BY_KEY = {question.key: question for question in QUESTIONS}
KERNEL, ACCUMULATOR = BY_KEY["kernel-initializer"], BY_KEY["adagrad-accumulator"]
DEFAULT = Reading("default", "report")
STOPPING_RULE = ("mode", "threshold", "patience", "monitor")


def errors(epochs):
    """Errors that fall by 1 an epoch and stand still in the last."""
    return [float(epochs - i) for i in range(epochs - 1)] + [2.0]


def printed(architecture, method, seed=0, off=0.0, **changes):
    """A run with the original's epochs, and its accuracy but for `off` points."""
    row = RESULTS[architecture, method]
    accuracy = row.validation_accuracy - off / 100
    values = {"loss": errors(row.epochs), "validation": accuracy} | changes
    return run(architecture, method, seed, **values)


def study(off=0.0, seeds=(0, 1, 2), cells=KERNEL.cells):
    """Runs `off` points below the original's accuracy; by seed if it is a dict."""
    return [
        printed(*cell, seed, off[seed] if isinstance(off, dict) else off)
        for cell in sorted(cells)
        for seed in seeds
    ]


def labels(result):
    return [candidate.label for candidate in result.ranking]


# Questions --------------------------------------------------------------------------


def test_the_questions_are_these_ten():
    assert list(BY_KEY) == [
        "kernel-initializer",
        "output-initializer",
        "scaling",
        "criterion",
        "error-watched",
        "threshold-on-1-and-2",
        "patience-on-1-to-3",
        "stopping-on-4-and-5",
        "outputs-on-4-and-5",
        "adagrad-accumulator",
    ]


@pytest.mark.parametrize("key", BY_KEY)
def test_the_first_candidate_is_the_default_protocols_and_no_other_is(key):
    def settings(reading):
        protocol = STUDIES[reading.study].protocol
        rule = {name: getattr(reading, name) for name in STOPPING_RULE}
        return replace(protocol, name="", max_epochs=1, evaluate_epochs=False, **rule)

    default = replace(Protocol(), name="", max_epochs=1)
    first, *alternatives = map(settings, BY_KEY[key].readings)
    assert first == default
    assert alternatives and default not in alternatives


@pytest.mark.parametrize("key", BY_KEY)
def test_the_studies_of_a_question_train_its_cells(key):
    for reading in BY_KEY[key].readings:
        cells = STUDIES[reading.study].cells()
        trained = {(cell.architecture, cell.method) for cell in cells}
        assert BY_KEY[key].cells <= trained, reading.label


def test_architectures_4_and_5_have_three_stopping_rules_to_choose_from():
    question = BY_KEY["stopping-on-4-and-5"]
    assert [(r.study, r.threshold, r.patience) for r in question.readings] == [
        ("patience-2", 1e-4, 0),
        ("tighter", 5e-5, 0),
        ("patience-2", 1e-4, 2),
    ]
    assert question.cells == {(a, method) for a in (4, 5) for method in FAST}


def test_the_protocol_was_chosen_on_architectures_1_and_2_and_batch_gd_on_1():
    fast = {(architecture, method) for architecture in (1, 2) for method in FAST}
    assert had_a_say() == fast | {(1, "batch_gd")}


def test_planned_cells_are_those_that_the_original_prints():
    assert KERNEL.planned == 10
    assert BY_KEY["stopping-on-4-and-5"].planned == 9  # all but Adam on 4
    assert BY_KEY["outputs-on-4-and-5"].planned == 7


# Rows of the original ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("architecture", "method", "epochs"),
    [
        (1, "sgd", [153]),
        (1, "batch_gd", [5005]),
        (4, "sgd", [153]),
        (5, "sgd", [144, 143]),
        (4, "batch_gd", []),
        (5, "batch_gd", []),
        (4, "adam", []),
        (1, 'adam {"beta_2": 0.99}', []),
    ],
)
def test_sgd_on_4_and_5_is_compared_with_the_rows_called_batch_gd_too(
    architecture, method, epochs
):
    assert [row.epochs for row in printed_rows(architecture, method)] == epochs


def test_a_run_with_two_rows_has_the_mean_of_their_distances():
    comparison = compare(run(5, "sgd", loss=errors(144), validation=0.9256), DEFAULT)
    assert comparison.epochs_distance == pytest.approx(
        math.log(144 / 143) / math.log(1.15) / 2
    )
    right = round(0.9256 * 3795) / 3795
    off = (abs(right - 0.9256) + abs(right - 0.9251)) / 0.01
    assert comparison.accuracy_distance == pytest.approx(off / 2)


# Reading a run ----------------------------------------------------------------------

TWICE = [1.0, 0.5, 0.6, 0.3, 0.3, 0.3]  # rises in epoch 3, stands still in 5 and 6


def test_an_earlier_stop_has_the_accuracy_of_its_epoch():
    record = run(loss=TWICE, along=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6], validation=0.9)
    assert read(record, DEFAULT) == (3, 0.3, True)
    assert read(record, replace(DEFAULT, mode="absolute")) == (5, 0.5, True)
    assert read(record, replace(DEFAULT, threshold=0.2)) == (3, 0.3, True)
    assert read(record, replace(DEFAULT, threshold=0.5)) == (2, 0.2, True)


def test_a_stop_in_the_last_epoch_has_the_accuracy_of_the_final_weights():
    record = run(loss=TWICE, along=[0.1] * 6, validation=0.9)
    final = record.splits["validation"]["accuracy"]
    assert read(record, replace(DEFAULT, patience=2)) == (6, final, True)


def test_a_run_that_the_rule_does_not_end_has_all_its_epochs():
    record = cut_off(run(loss=TWICE, along=[0.1] * 6, validation=0.9))
    final = record.splits["validation"]["accuracy"]
    assert read(record, replace(DEFAULT, patience=3)) == (6, final, False)


def test_a_reading_watches_the_error_that_it_names():
    record = run(loss=TWICE, along=[0.1, 0.2, 0.3, 0.4, 0.5, 0.6])
    watched = replace(DEFAULT, monitor="evaluated_loss")
    assert read(record, watched) is None
    assert compare(record, watched) is None
    errors = {"evaluated_loss": [4.0, 3.0, 2.0, 2.0, 1.0, 0.0]}
    evaluated = replace(record, history={**record.history, **errors})
    assert read(evaluated, watched) == (4, 0.4, True)


def test_a_diverged_run_has_infinitely_many_epochs_unless_the_rule_ended_it_before():
    assert read(diverged(run(loss=[1.0, 0.5])), DEFAULT) == (INF, None, False)
    assert read(diverged(run(loss=[])), DEFAULT) == (INF, None, False)
    record = diverged(run(loss=[1.0, 1.0], along=[0.1, 0.2]))
    assert read(record, DEFAULT) == (2, 0.2, True)
    assert read(run(loss=[]), DEFAULT) is None


def test_an_accuracy_that_was_not_evaluated_is_unknown():
    assert read(run(loss=TWICE, along=[None] * 6), DEFAULT) == (3, None, True)
    assert read(run(loss=TWICE, along=[0.5, 0.5]), DEFAULT) == (3, None, True)
    unevaluated = replace(run(), history={"loss": TWICE})
    assert read(unevaluated, DEFAULT) == (3, None, True)


# Distances --------------------------------------------------------------------------


def test_epochs_off_by_15_percent_are_at_a_distance_of_1():
    more = compare(run(1, "nag", loss=errors(46)), DEFAULT)  # 40 in the original
    assert more.epochs_distance == pytest.approx(1)
    fewer = compare(run(1, "nag", loss=errors(20)), DEFAULT)
    assert fewer.epochs_distance == pytest.approx(math.log(2) / math.log(1.15))


@pytest.mark.parametrize("accuracy", [0.9499, 0.9699])
def test_an_accuracy_off_by_a_percentage_point_is_at_a_distance_of_1(accuracy):
    record = run(1, "nag", loss=[*errors(40), 2.0], along=[accuracy] * 41)
    comparison = compare(record, DEFAULT)  # 0.9599 in the original
    assert comparison.cell == record.cell and comparison.ended
    assert (comparison.epochs, comparison.accuracy) == (40, accuracy)
    assert comparison.epochs_distance == 0
    assert comparison.accuracy_distance == pytest.approx(1)
    assert comparison.distance == pytest.approx(0.5)


def test_without_an_accuracy_the_distance_is_that_of_the_epochs():
    record = run(1, "nag", loss=[*errors(46), 2.0], along=[None] * 47)
    comparison = compare(record, DEFAULT)
    assert comparison.accuracy_distance is None
    assert comparison.distance == comparison.epochs_distance == pytest.approx(1)


def test_a_candidates_distances_are_means_over_its_runs():
    offs = {0: 0.0, 1: 0.0, 2: 6.0}
    result = answer(ACCUMULATOR, {"report": study(offs, cells=ACCUMULATOR.cells)})
    (candidate,) = result.ranking
    assert candidate.epochs_distance == 0
    assert candidate.accuracy_distance == pytest.approx(2, abs=0.02)
    assert candidate.distance == pytest.approx(1, abs=0.01)
    assert candidate.by_seed == pytest.approx({0: 0, 1: 0, 2: 3}, abs=0.01)


# Ranking ----------------------------------------------------------------------------


def test_the_nearest_candidate_comes_first_and_the_others_wait():
    result = answer(KERNEL, {"report": study(1.0), "he-normal": study(2.0)})
    assert labels(result) == ["N(0, 1)", "He normal"]
    assert result.waiting == ("Glorot uniform", "N(0, 0.05²)")
    first, second = result.ranking
    assert (first.cells, first.seeds, first.runs, first.not_ended) == (10, 3, 30, 0)
    assert first.nearest_in == (0, 1, 2) and second.nearest_in == ()
    assert result.nearest is first and result.steady and result.is_default
    assert not result.tied


def test_another_candidate_than_the_default_can_be_nearest():
    result = answer(KERNEL, {"report": study(2.0), "he-normal": study(1.0)})
    assert result.nearest.label == "He normal"
    assert result.steady and not result.is_default


def test_a_candidate_that_is_not_nearest_in_one_seed_is_not_steady():
    default, rival = {0: 1.0, 1: 1.0, 2: 3.0}, {0: 2.0, 1: 2.0, 2: 2.0}
    result = answer(KERNEL, {"report": study(default), "he-normal": study(rival)})
    assert labels(result) == ["N(0, 1)", "He normal"]
    assert [c.nearest_in for c in result.ranking] == [(0, 1), (2,)]
    assert not result.steady and result.is_default


def test_candidates_as_near_are_in_the_order_of_the_question_and_not_steady():
    result = answer(KERNEL, {"he-normal": study(1.0), "glorot": study(1.0)})
    assert labels(result) == ["Glorot uniform", "He normal"]
    assert [c.nearest_in for c in result.ranking] == [(0, 1, 2), (0, 1, 2)]
    assert result.tied and not result.steady


def test_a_tie_in_one_seed_leaves_the_nearer_candidate_steady():
    rival = {0: 1.0, 1: 1.0, 2: 2.0}
    result = answer(KERNEL, {"report": study(1.0), "he-normal": study(rival)})
    assert [c.nearest_in for c in result.ranking] == [(0, 1, 2), (0, 1)]
    assert result.steady and not result.tied


def test_a_candidate_alone_is_nearest_to_nothing():
    result = answer(KERNEL, {"report": study(1.0)})
    assert labels(result) == ["N(0, 1)"]
    assert result.nearest is None
    assert not (result.steady or result.tied or result.is_default)


def test_without_runs_every_candidate_waits():
    results = explain({})
    assert [result.question for result in results] == list(QUESTIONS)
    for result in results:
        assert result.ranking == ()
        assert result.waiting == tuple(r.label for r in result.question.readings)


def test_each_reading_takes_the_runs_of_its_own_study():
    studies = {name: [printed(1, "adagrad", off=1.0)] for name in STUDIES}
    studies["accumulator-0.1"] = [printed(1, "adagrad")]
    assert labels(explain(studies)[-1]) == ["0.1", "0"]


def test_candidates_are_compared_on_the_cells_and_seeds_that_all_have():
    rival = study(1.0)[1:]  # without Adam on architecture 1, seed 0
    result = answer(KERNEL, {"report": study(1.0), "he-normal": rival})
    assert [c.runs for c in result.ranking] == [29, 29]
    assert result.tied  # the run that one alone has does not count
    far = printed(1, "adam", 0, 50.0)
    result = answer(KERNEL, {"report": [far, *rival], "he-normal": rival})
    assert result.tied


def test_candidates_without_a_run_in_common_all_wait():
    studies = {"report": study(1.0, seeds=(0,)), "he-normal": study(1.0, seeds=(1,))}
    result = answer(KERNEL, studies)
    assert result.ranking == () and len(result.waiting) == 4


def test_runs_of_other_cells_have_no_say():
    extras = [printed(3, "adam", s, 50.0) for s in range(3)]
    extras += [printed(1, "adagrad", s, 50.0) for s in range(3)]
    result = answer(KERNEL, {"report": study(1.0) + extras, "he-normal": study(2.0)})
    assert labels(result) == ["N(0, 1)", "He normal"]


@pytest.mark.parametrize(("runs", "compared"), [(15, True), (14, False)])
def test_a_candidate_with_less_than_half_of_the_most_runs_waits(runs, compared):
    studies = {"report": study(1.0), "he-normal": study(2.0)[:runs]}
    result = answer(KERNEL, studies | {"glorot": study(3.0)})
    assert ("He normal" in labels(result)) == compared
    assert ("He normal" in result.waiting) != compared
    assert {c.runs for c in result.ranking} == {runs if compared else 30}


def test_more_than_three_seeds_of_one_candidate_bar_no_other():
    studies = {"report": study(1.0, range(10)), "he-normal": study(2.0)}
    result = answer(KERNEL, studies)
    assert labels(result) == ["N(0, 1)", "He normal"]
    assert [c.seeds for c in result.ranking] == [3, 3]


def test_many_seeds_of_few_cells_are_not_enough():
    runs = [printed(1, "adam", seed) for seed in range(15)]
    result = answer(KERNEL, {"report": study(1.0), "he-normal": runs})
    assert "He normal" in result.waiting


def test_a_diverged_run_makes_its_candidate_infinitely_far():
    lost = [diverged(printed(1, "adagrad", loss=[2.0, 1.0]))]
    studies = {"report": lost, "accumulator-0.1": [printed(1, "adagrad", off=50.0)]}
    result = answer(ACCUMULATOR, studies)
    assert labels(result) == ["0.1", "0"]
    last = result.ranking[1]
    assert (last.distance, last.accuracy_distance, last.not_ended) == (INF, None, 1)


def test_an_unknown_accuracy_does_not_enter_the_mean():
    lost = diverged(printed(1, "adagrad", 0, loss=[2.0, 1.0]))
    result = answer(ACCUMULATOR, {"report": [lost, printed(1, "adagrad", 1, 3.0)]})
    assert result.ranking[0].accuracy_distance == pytest.approx(3, abs=0.02)


def test_patience_2_is_told_from_5e_5_by_the_runs_of_architecture_5():
    """Errors of Adam that rise in epoch 11 and stand still from 20 on."""
    loss = [3.0 - 0.1 * i for i in range(10)] + [2.5]
    loss += [2.0 - 0.1 * i for i in range(9)] + [1.2]
    tighter = [run(5, "adam", loss=loss[:11])]
    patient = [run(5, "adam", loss=loss, validation=0.9789)]
    studies = {"patience-2": patient, "tighter": tighter}
    result = answer(BY_KEY["stopping-on-4-and-5"], studies)
    assert result.nearest.label == "1e-4, patience 2"
    assert result.nearest.comparisons[0].epochs == 21
    assert {c.comparisons[0].epochs for c in result.ranking[1:]} == {11}


# The check of the choice ------------------------------------------------------------


def test_the_choice_is_made_again_without_each_architecture():
    def mixed(on_1, on_2):
        return [
            printed(a, method, seed, on_1 if a == 1 else on_2)
            for a, method in sorted(KERNEL.cells)
            for seed in range(3)
        ]

    studies = {"report": mixed(1.0, 2.0), "he-normal": mixed(5.0, 1.0)}
    assert answer(KERNEL, studies).nearest.label == "N(0, 1)"
    results = leave_one_architecture_out(studies, "kernel-initializer")
    assert {a: result.nearest.label for a, result in results.items()} == {
        1: "He normal",
        2: "N(0, 1)",
    }
    assert turns(answer(KERNEL, studies), studies) == ((1, "He normal"),)
    alone = {"report": studies["report"]}
    assert turns(answer(KERNEL, alone), alone) == ()
    for left_out, result in results.items():
        cells = {c.cell.architecture for c in result.nearest.comparisons}
        assert cells == {1, 2} - {left_out} and result.nearest.cells == 5
