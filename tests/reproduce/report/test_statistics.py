"""Exact tests: equal to scipy's, finding planted effects and no planted nulls."""

import math

import numpy as np
import pytest
from scipy import stats

from reproduce.report.distributions import (
    at_least,
    prediction_interval,
    t_quantile,
    t_within,
    wilson,
)
from reproduce.report.paired import equivalence, holm, sign_flip

RNG = np.random.default_rng(20)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 9, 10, 24])
def test_student_t_is_scipys(freedom):
    assert t_quantile(0.95, freedom) == pytest.approx(stats.t.ppf(0.975, freedom))
    within = stats.t.cdf(0.7, freedom) - stats.t.cdf(-0.7, freedom)
    assert t_within(0.7, freedom) == pytest.approx(within)


@pytest.mark.parametrize(
    ("n", "factor"), [(3, 4.97), (5, 3.04), (10, 2.37), (20, 2.14)]
)
def test_the_prediction_interval_has_the_known_factors(n, factor):
    values = RNG.normal(size=n)
    low, high = prediction_interval(values.tolist(), 0.5)
    reach = (high - low) / 2 - 0.5
    assert reach / values.std(ddof=1) == pytest.approx(factor, abs=0.01)


def test_the_prediction_interval_covers_one_more_value_as_often_as_it_says():
    draws = np.random.default_rng(1).normal(size=(2000, 6))
    intervals = (prediction_interval(row[:5].tolist()) for row in draws)
    hits = [
        low <= row[5] <= high for row, (low, high) in zip(draws, intervals, strict=True)
    ]
    assert np.mean(hits) == pytest.approx(0.95, abs=0.015)


@pytest.mark.parametrize(("successes", "trials"), [(0, 20), (7, 20), (20, 20)])
def test_wilson_and_binomial_tail_are_scipys(successes, trials):
    test = stats.binomtest(successes, trials, 0.3, alternative="greater")
    two_sided = stats.binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx(tuple(two_sided), abs=1e-12)
    assert at_least(successes, trials, 0.3) == pytest.approx(test.pvalue)


@pytest.mark.parametrize("n", [3, 6, 9])
def test_sign_flips_are_scipys_permutation_test(n):
    differences = np.random.default_rng(n).integers(-9, 15, n).astype(float)
    theirs = stats.permutation_test(
        (differences,),
        lambda x, axis: x.sum(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=math.inf,
    )
    assert sign_flip(differences).p == pytest.approx(theirs.pvalue)


@pytest.mark.parametrize(("n", "smallest"), [(5, 0.0625), (6, 0.03125), (10, 2**-9)])
def test_the_smallest_p_is_reached_when_all_agree(n, smallest):
    test = sign_flip(np.arange(1.0, n + 1))
    assert test.p == test.smallest == smallest


def test_nothing_differs_and_infinity():
    assert sign_flip([0.0, 0.0, 0.0]).p == 1
    assert sign_flip([math.inf, 2.0, 1.0, 3.0]).p == 0.125
    assert sign_flip([math.inf, -math.inf]).p == 1


def test_holm_is_the_textbooks():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([]) == []


def test_planted_nulls_are_found_no_more_often_than_alpha():
    rng = np.random.default_rng(5)
    alarms = [sign_flip(rng.normal(size=10)).p <= 0.05 for _ in range(400)]
    assert np.mean(alarms) <= 0.07


def test_planted_effects_are_found():
    rng = np.random.default_rng(6)
    found = [sign_flip(rng.normal(2.0, 1.0, 10)).p <= 0.05 for _ in range(100)]
    assert np.mean(found) > 0.95


def test_equivalence_takes_more_than_a_missing_difference():
    near, wide = [0.1, -0.1, 0.05, -0.05, 0.0, 0.1], [2.0, -2.0, 1.5, -1.5, 1.0, -1.0]
    assert equivalence(near, 1.0)[0] < 0.05 < equivalence(wide, 1.0)[0]
    assert equivalence([3.0] * 6, 1.0)[0] == 1
