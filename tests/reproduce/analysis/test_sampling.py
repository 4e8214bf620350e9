"""Of many runs some are drawn, and the median one stands for all."""

from itertools import pairwise

from reproduce.analysis import sampling as subject

from .runs import cut_off, run


def test_the_median_run_is_the_lower_one_and_one_that_is_not_ended_comes_last():
    ended = [run(seed=seed, epochs=n) for seed, n in enumerate((30, 10, 20))]
    late = cut_off(run(seed=3, epochs=5))
    assert subject.median_run([*ended, late]).epochs == 20
    assert subject.median_run([]) is None


def test_of_many_values_some_are_drawn_the_ends_and_the_median_among_them():
    most = subject.RUNS_DRAWN
    sample = [3, 1, 2] * (most // 3)
    assert subject.spread_out(sample) == sample
    for number in (most + 1, 430):
        values = [*range(number)]
        drawn = subject.spread_out(values[::-1])
        assert len(drawn) == most and drawn == sorted({*drawn})
        assert {0, (number - 1) // 2, number - 1} <= {*drawn}
        assert max(b - a for a, b in pairwise(drawn)) <= number / (most - 1) + 1


def test_how_many_are_drawn_is_said_only_where_it_is_fewer():
    most = subject.RUNS_DRAWN
    assert subject.most_drawn([[1] * most, [1]]) is None
    assert subject.most_drawn([[1], [1] * (most + 1)]) == most
    assert subject.most_drawn([]) is None
