"""The best model is the median run of the best cell, not a lucky seed."""

import math
from dataclasses import replace

import pytest

from reproduce.analysis.best_model import fitting_methods, original_choice, select
from reproduce.original import CONFUSION

from .runs import cut_off, run


def cell(architecture, method, *right, **changes):
    """Runs with so many of the 3,795 validation images right, one a seed."""
    return [
        run(architecture, method, seed, validation=number / 3795, **changes)
        for seed, number in enumerate(right)
    ]


def best(*cells):
    record = select([record for runs in cells for record in runs]).best
    return record.cell.architecture, record.cell.method, record.cell.seed


def test_a_lucky_seed_of_a_worse_cell_does_not_win():
    steady = cell(2, "rmsprop", 3700, 3702, 3704)
    lucky = cell(1, "adam", 3600, 3610, 3790)
    assert best(steady, lucky) == (2, "rmsprop", 1)


def test_within_one_standard_error_the_smaller_network_wins():
    large = cell(3, "adam", 3690, 3700, 3710)  # mean 3700, standard error 5.77
    assert best(large, cell(1, "adam", 3695, 3695, 3695))[0] == 1
    assert best(large, cell(1, "adam", 3694, 3694, 3694))[0] == 3
    assert best(large, cell(4, "adam", 3695, 3695, 3695))[0] == 3


def test_of_equal_size_the_faster_cell_wins():
    slow = cell(1, "sgd", 3690, 3700, 3710, epochs=20)
    fast = cell(1, "adam", 3695, 3696, 3697, epochs=10)
    assert best(slow, fast)[1] == "adam"
    assert best(slow, cell(1, "adam", 3695, 3696, 3697, epochs=30))[1] == "sgd"
    mixed = zip(cell(1, "adam", 3695, 3696, 3697), (1, 19, 400), strict=True)
    assert best(slow, [replace(r, epochs=n) for r, n in mixed])[1] == "adam"


def test_of_equal_size_and_speed_the_more_accurate_cell_wins():
    first, second = cell(1, "sgd", 3690, 3697, 3710), cell(1, "adam", 3690, 3700, 3710)
    assert best(first, second)[1] == best(second, first)[1] == "adam"


def test_a_small_network_comes_before_a_fast_one_and_that_before_an_accurate_one():
    small = cell(1, "sgd", 3695, 3695, 3695, epochs=30)
    fast = cell(2, "sgd", 3695, 3695, 3695, epochs=10)
    accurate = cell(2, "adam", 3690, 3700, 3710, epochs=20)
    ranking = select([*accurate, *fast, *small]).ranking
    order = [(contender.architecture, contender.method) for contender in ranking]
    assert order == [(1, "sgd"), (2, "sgd"), (2, "adam")]


def test_updates_not_epochs_say_which_is_faster():
    full = cell(1, "batch_gd", 3690, 3700, 3710, epochs=5000)
    assert best(full, cell(1, "adam", 3695, 3696, 3697, epochs=10))[1] == "batch_gd"


def test_it_is_the_median_seed_the_lower_one_of_two():
    assert best(cell(1, "adam", 3700, 3600, 3650)) == (1, "adam", 2)
    assert best(cell(1, "adam", 3700, 3600, 3650, 3640)) == (1, "adam", 3)


def test_equally_accurate_runs_stand_by_falling_loss_then_by_seed():
    runs = cell(1, "adam", 3700, 3700, 3700, 3700, 3600)
    for seed, loss in enumerate((0.1, 0.3, 0.2, 0.3, 0.5)):
        runs[seed].splits["validation"]["loss"] = loss
    (contender,) = select(runs[::-1]).ranking
    assert [r.cell.seed for r in contender.runs] == [4, 1, 3, 2, 0]


def test_the_standard_error_is_over_seeds_where_there_are_three():
    (three,) = select(cell(1, "adam", 3690, 3700, 3710)).ranking
    assert three.error == pytest.approx(10 / 3795 / math.sqrt(3))
    (contender,) = select(cell(1, "adam", 3700)).ranking
    share = 3700 / 3795
    assert contender.error == pytest.approx(math.sqrt(share * (1 - share) / 3795))


def test_cells_with_too_few_seeds_wait_for_more_where_others_have_them():
    pair = cell(1, "adam", 3790, 3790)
    assert best(pair, cell(2, "adam", 3690, 3700, 3710))[0] == 2
    assert best(pair, cell(2, "adam", 3690, 3700))[0] == 1


def test_cells_that_were_cut_off_have_no_say():
    good = cell(1, "adam", 3790, 3790, 3790)
    good[1] = cut_off(good[1])
    assert best(good, cell(2, "sgd", 3600, 3600, 3600))[0] == 2
    none = select([cut_off(run())])
    assert (none.ranking, none.tied, none.best) == ((), 0, None)
    assert math.isnan(none.bound)


def test_the_test_images_have_no_say():
    cells = cell(1, "adam", 3690, 3700, 3710), cell(2, "adam", 3600, 3601, 3602)
    worst = [
        replace(r, splits={**r.splits, "test": {"accuracy": 0.0}}) for r in cells[0]
    ]
    assert best(*cells) == best(worst, cells[1])


def test_the_ranking_has_the_tied_ones_first_then_the_most_accurate():
    selection = select(
        [
            *cell(3, "adam", 3690, 3700, 3710),
            *cell(1, "adam", 3695, 3696, 3697),
            *cell(2, "sgd", 3500, 3501, 3502),
            *cell(2, "nag", 3600, 3601, 3602),
        ]
    )
    order = [
        (contender.architecture, contender.method) for contender in selection.ranking
    ]
    assert order == [(1, "adam"), (3, "adam"), (2, "nag"), (2, "sgd")]
    assert selection.tied == 2
    assert selection.bound == pytest.approx((3700 - 10 / math.sqrt(3)) / 3795)


def test_a_cell_at_the_bound_is_among_the_best_and_stands_there_once():
    even = cell(1, "adam", 3700, 3700, 3700), cell(2, "adam", 3700, 3700, 3700)
    selection = select([*even[0], *even[1]])
    assert selection.tied == len(selection.ranking) == 2


def test_the_originals_choice_is_the_best_cell_of_architecture_4():
    records = [*cell(1, "adam", 3790), *cell(4, "adam", 3600), *cell(4, "sgd", 3500)]
    chosen = original_choice(records).best
    assert (chosen.cell.architecture, chosen.cell.method) == (4, "adam")


def test_the_originals_model_may_be_of_methods_whose_losses_span_its_own():
    theirs = {name: part["loss"] for name, part in CONFUSION["splits"].items()}

    def scaled(method, *factors, architecture=4, split=None):
        return [
            replace(
                record,
                splits={
                    name: values | {"loss": theirs[name] * (factor, 2.0)[name == split]}
                    for name, values in record.splits.items()
                },
            )
            for factor, record in zip(
                factors, cell(architecture, method, *[3700] * len(factors)), strict=True
            )
        ]

    records = scaled("adam", 0.9, 1.2, 1.3) + scaled("sgd", 0.5, 0.6, 1.0)
    records += scaled("nag", 1.1, 1.2, 1.3)  # all above
    records += scaled("momentum", 0.9, 1.1)  # two
    records += scaled("adagrad", 0.9, 1.1, 1.1, split="test")
    records += scaled("rmsprop", 0.9, 1.1, 1.1, architecture=3)
    assert fitting_methods(records) == ("sgd", "adam")
