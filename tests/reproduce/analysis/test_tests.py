"""Tests and intervals give the numbers that pencil, enumeration and scipy give."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from reproduce.analysis import tests as subject
from reproduce.analysis.tests import (
    accuracy_interval,
    chance_of_misses,
    chance_to_win,
    epochs_interval,
    equivalence,
    holm,
    median_difference,
    prediction_interval,
    share_interval,
    sign_flip,
)

INF = math.inf


def test_a_prediction_interval_is_mean_plus_minus_t_s_root():
    low, high = prediction_interval([1.0, 2.0, 3.0])
    reach = 4.302652729911275 * 1.0 * math.sqrt(4 / 3)  # t of 2 degrees, s = 1
    assert (low, high) == pytest.approx((2 - reach, 2 + reach))


def test_it_covers_one_more_draw_in_19_of_20_cases():
    rng = np.random.default_rng(0)
    draws = rng.normal(size=(4000, 6))
    inside = [
        low <= x <= high for *v, x in draws for low, high in [prediction_interval(v)]
    ]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.012)


def test_epochs_are_taken_as_logs_and_never_negative():
    low, high = epochs_interval([5, 10, 40])
    logs = prediction_interval(np.log([5, 10, 40]))
    assert low == pytest.approx(math.exp(logs[0]) - 0.5) and low > -0.5
    assert high == pytest.approx(math.exp(logs[1]) + 0.5)


def test_accuracies_are_taken_as_logits_and_stay_between_0_and_1():
    low, high = accuracy_interval([0.999, 1.0, 1.0], 1000, 0.00005)
    assert 0.9 < low < 0.999 and high == 1.0
    same = accuracy_interval([0.9, 0.9, 0.9], 1000, 0.0)
    assert same == pytest.approx((0.9, 0.9))
    wider = accuracy_interval([0.9, 0.9, 0.9], 1000, 0.005)
    assert wider == pytest.approx((0.895, 0.905))


def test_the_interval_of_a_share_is_wilsons():
    z = stats.norm.ppf(0.975)
    share, n = 0.3, 10
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(share * 0.7 / n + z * z / (4 * n * n)) / (1 + z * z / n)
    assert share_interval(3, 10) == pytest.approx((middle - reach, middle + reach))


def test_the_chance_of_misses_is_binomial():
    assert chance_of_misses(0, 33) == 1.0
    assert chance_of_misses(2, 2) == pytest.approx(0.05**2)
    assert chance_of_misses(1, 33) == pytest.approx(1 - 0.95**33)


def enumerated(differences):
    """(two-sided p, one-sided p above) over every pattern of signs."""
    sizes = np.abs(differences)
    sums = [np.dot(s, sizes) for s in itertools.product((-1, 1), repeat=len(sizes))]
    total = np.sum(differences)
    return (
        np.mean(np.abs(sums) >= abs(total) - 1e-12),
        np.mean(np.array(sums) >= total - 1e-12),
    )


@pytest.mark.parametrize("seed", range(6))
def test_sign_flips_are_counted_exactly(seed):
    differences = np.random.default_rng(seed).integers(-5, 9, 9).astype(float)
    p, above = enumerated(differences)
    found = sign_flip(differences)
    assert (found.p, found.above) == pytest.approx((p, above))
    assert found.pairs == 9


def test_five_pairs_of_one_sign_can_reach_no_less_than_a_sixteenth():
    assert sign_flip([1, 2, 3, 4, 5]).p == sign_flip([1, 2, 3, 4, 5]).smallest == 1 / 16
    assert sign_flip([0.0, 0.0]) == subject.SignFlip(2, 1.0, 1.0, 1.0)
    assert sign_flip([0, 1, 2]).smallest == 0.5


def test_infinite_differences_count_by_their_ranks():
    # |1| < |2| < |inf|: ranks 1, 2, 3; only +++ and --- are as extreme.
    assert sign_flip([1, 2, INF]).p == 0.25
    assert sign_flip([-1, 2, INF]).p == enumerated([-1, 2, 3])[0]
    assert sign_flip([INF, -INF]).p == 1.0


def test_many_pairs_are_taken_as_normal_to_within_a_thousandth(monkeypatch):
    rng = np.random.default_rng(1)
    for shift in (0.0, 0.1, 0.2, 0.3):
        differences = rng.normal(shift, 1, 80)
        quick = sign_flip(differences)
        monkeypatch.setattr(subject, "MOST_EXACT", 10**6)
        exact = sign_flip(differences)
        monkeypatch.undo()
        assert quick.p == pytest.approx(exact.p, abs=1e-3)
        assert quick.above == pytest.approx(exact.above, abs=1e-3)


def test_holm_multiplies_the_smallest_most_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0])
    assert holm([]) == []


def test_equivalence_needs_both_sides():
    near, margin = [0.001, -0.001, 0.002, 0.0, 0.001, -0.002], 0.01
    assert equivalence(near, margin) == 1 / 64
    assert equivalence([0.02, 0.03, 0.02, 0.02, 0.03, 0.02], margin) == 1.0
    assert equivalence([x + 0.01 for x in near], margin) > 0.05


def test_a_median_between_the_infinities_is_zero():
    assert median_difference([-INF, INF]) == 0.0
    assert median_difference([1.0, 2.0, INF]) == 2.0


def test_the_chance_to_win_counts_ties_half_and_misses_as_last():
    assert chance_to_win([1, 2], [3, 4]) == 1.0
    assert chance_to_win([1, 3], [2, INF]) == 0.75
    assert chance_to_win([INF], [INF]) == 0.5
