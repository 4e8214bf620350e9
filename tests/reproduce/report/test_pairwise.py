"""Pairs of methods: exact, adjusted, and never claimed from too few seeds."""

import math
from dataclasses import replace

import pytest

from reproduce.report.frame import runs_frame
from reproduce.report.pair_square import square
from reproduce.report.pair_tables import pairs_table, reach_sentence
from reproduce.report.paired import pairs_needed
from reproduce.report.pairwise import QUANTITIES, pairs

from .synthetic import EPOCHS, world


def found(runs, first, second, quantity="epochs"):
    """The one pair."""
    own = [
        one
        for one in pairs(runs_frame(runs))
        if (one.first, one.second, one.quantity) == (first, second, quantity)
    ]
    (pair,) = own
    return pair


@pytest.fixture(scope="module")
def ten():
    return world(10, architectures=(1,))


@pytest.fixture(scope="module")
def three():
    return world(3, architectures=(1, 2))


def test_all_21_pairs_of_each_architecture_in_every_quantity(three):
    made = pairs(runs_frame(three))
    assert len(made) == 2 * 21 * len(QUANTITIES)
    assert {one.seeds for one in made} == {3}


def test_ten_seeds_show_a_planted_difference_and_no_planted_null(ten):
    pair = found(ten, "sgd", "momentum")
    assert (pair.word, pair.difference) == ("differ", pytest.approx(85, abs=2))
    assert pair.p == 2**-9 and pair.adjusted <= 0.05
    same = world(10, {**EPOCHS, "nag": 35}, architectures=(1,))
    assert found(same, "momentum", "nag").word == "not shown to differ"
    assert found(ten, "rmsprop", "adam", "validation_accuracy").word != "differ"


def test_three_seeds_can_show_nothing_and_say_so(three):
    made = pairs(runs_frame(three))
    assert {one.word for one in made} == {"n too small"}
    assert found(three[:21], "sgd", "batch_gd").least == 1.0
    assert "no difference can be significant" in reach_sentence(made, 1)
    assert "that takes 10 seeds" in reach_sentence(made, 1)
    assert "**" not in square(made, 1).split("\n\n")[0]


def test_the_fewest_seeds_that_can_pass_are_the_known_ones():
    assert [pairs_needed(tests) for tests in (1, 10, 21)] == [6, 9, 10]


def test_two_shared_seeds_are_no_pair(three):
    runs = [r for r in three if not (r.cell.method == "nag" and r.cell.seed == 0)]
    made = {(one.first, one.second) for one in pairs(runs_frame(runs))}
    assert ("momentum", "nag") not in made and ("sgd", "momentum") in made
    two = pairs(runs_frame(world(2, architectures=(1,))))
    assert two == [] and "no two methods" in square(two, 1)
    assert pairs_table(two).csv() and pairs_table(two).markdown()


def test_never_converged_is_infinity_and_beside_another_no_difference(ten):
    def capped(run, names):
        return replace(run, ending="epoch_limit") if run.cell.method in names else run

    runs = [capped(run, ("sgd",)) for run in ten]
    assert found(runs, "sgd", "adam").difference == math.inf
    assert found(runs, "sgd", "adam").word == "differ"
    assert "+∞" in pairs_table(pairs(runs_frame(runs))).markdown().decode()
    both = [capped(run, ("sgd", "adam")) for run in ten]
    assert found(both, "sgd", "adam").difference == 0
    assert found(both, "sgd", "adam").p == 1


def test_one_capped_run_does_not_move_the_median(ten):
    first = next(r for r in ten if r.cell.method == "sgd")
    runs = [replace(first, ending="epoch_limit"), *(r for r in ten if r is not first)]
    assert found(runs, "sgd", "adam").difference < 200


def test_batch_gd_has_more_epochs_and_fewer_updates(ten):
    assert found(ten, "sgd", "batch_gd").difference < 0
    assert found(ten, "sgd", "batch_gd", "updates").difference > 0


def test_the_square_has_epochs_above_and_accuracy_below(ten):
    lines = square(pairs(runs_frame(ten)), 1).splitlines()
    header = lines[0].strip("| ").split(" | ")
    sgd = lines[2].strip("|").split("|")
    momentum = next(line for line in lines if line.startswith("| Momentum"))
    at = header.index("Momentum") + 1
    assert sgd[at].strip().startswith("**+8")
    assert momentum.strip("|").split("|")[1].strip()[0] in "+−0"
