"""Intervals, adjusted p-values and chances are those that pencil and scipy give."""

import math

import numpy as np
import pytest
from scipy import stats

from reproduce.analysis.tests import (
    accuracy_interval,
    chance_of_misses,
    chance_to_win,
    epochs_interval,
    holm,
    mean_interval,
    prediction_interval,
    share_interval,
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
    interval = accuracy_interval([0.9, 0.9, 0.9], 1000, 0.0)
    assert interval == pytest.approx((0.9, 0.9))
    wider = accuracy_interval([0.9, 0.9, 0.9], 1000, 0.005)
    assert wider == pytest.approx((0.895, 0.905))
    assert accuracy_interval([0.001, 0.0, 0.0], 1000, 0.00005)[0] == 0.0


def test_an_interval_is_of_the_level_that_is_asked_for():
    counts, accuracies = [5, 10, 40], [0.9, 0.91, 0.93]
    logs = prediction_interval(np.log(counts), 0.5)
    assert epochs_interval(counts, 0.5) == pytest.approx(
        (math.exp(logs[0]) - 0.5, math.exp(logs[1]) + 0.5)
    )
    shares = (np.array(accuracies) * 1000 + 0.5) / 1001
    low, high = prediction_interval(np.log(shares / (1 - shares)), 0.5)
    assert accuracy_interval(accuracies, 1000, 0.0, 0.5) == pytest.approx(
        [(1001 / (1 + math.exp(-logit)) - 0.5) / 1000 for logit in (low, high)]
    )
    narrow = share_interval(3, 10, 0.5)
    assert 0.2 < narrow[0] < 0.3 < narrow[1] < 0.41
    assert chance_of_misses(2, 2, 0.5) == 0.25


def test_the_interval_of_a_mean_is_students():
    values = [1.0, 2.0, 6.0]
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    assert mean_interval(values) == pytest.approx((low, high))
    assert mean_interval(values, 0.5)[0] > low


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


def test_holm_multiplies_the_smallest_most_and_keeps_the_order():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([0.02, 0.6, 0.9]) == pytest.approx([0.06, 1.0, 1.0])
    assert holm([0.0, 0.3]) == [0.0, 0.3]
    assert holm([]) == []


def test_the_chance_to_win_counts_ties_half_and_misses_as_last():
    assert chance_to_win([1, 2], [3, 4]) == 1.0
    assert chance_to_win([1, 3], [2, INF]) == 0.75
    assert chance_to_win([INF], [INF]) == 0.5
    values = [INF, 1, 2, 2]
    halves = [(v < w) + (v == w) / 2 for v in values for w in (INF, 2, 3, 0.5, 2)]
    assert chance_to_win(values, [INF, 2, 3, 0.5, 2]) == sum(halves) / 20
