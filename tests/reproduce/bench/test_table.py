"""The bench's rows are medians of what was measured, with their range."""

import pytest

from reproduce.bench.table import LARGER, flops, summarize, summarize_larger
from reproduce.experiment.protocol import Cell

ROUNDS = [
    {"engine": 1e-5, "fit": 9e-4, "tuned": 2e-4, "peak_megabytes": 900.4},
    {"engine": 2e-5, "fit": 8e-4, "tuned": 1e-4, "peak_megabytes": 901.6},
    {"engine": 4e-5, "fit": 4e-4, "tuned": 3e-4, "peak_megabytes": 901.6},
]


def test_times_are_medians_with_their_range():
    row = summarize(Cell(1, "sgd", 0), ROUNDS)
    names = ("engine_us", "engine_us_min", "engine_us_max")
    assert [row[name] for name in names] == [20, 10, 40]
    names = ("tuned_us", "tuned_us_min", "tuned_us_max")
    assert [row[name] for name in names] == [200, 100, 300]
    assert row["ratio"] == 40.0
    assert row["peak_megabytes"] == 902


def test_a_side_that_is_not_there_has_no_number():
    row = summarize(Cell(1, "sgd", 0), ROUNDS)
    assert row["c_us"] is row["c_us_max"] is row["jax_us"] is None
    assert row["gflops"] is row["matmul_gflops"] is None


def test_operations_are_counted_without_the_images_own_gradient():
    inner = 128 * 64 + 64 * 128 + 128 * 10
    assert flops(1) == 11_385 * (4 * 784 * 128 + 6 * inner)


def test_full_batches_are_rated_beside_a_matrix_product():
    rates = [dict(ROUNDS[0], engine=0.05, matmul_gflops=rate) for rate in (1, 3, 8)]
    row = summarize(Cell(1, "batch_gd", 0), rates)
    assert row["gflops"] == pytest.approx(flops(1) / 0.05e9, abs=0.1)
    assert row["matmul_gflops"] == 3


def test_a_larger_network_says_how_large_it_is():
    row = summarize_larger(Cell(6, "sgd", 0), ROUNDS)
    assert LARGER[6] == (1024, 512, 256, 128)
    layers = (784 + 1) * 1024 + (1024 + 1) * 512 + (512 + 1) * 256 + (256 + 1) * 128
    assert row["parameters"] == layers + (128 + 1) * 10
    assert (row["hidden_units"], row["engine_us"]) == ("1024-512-256-128", 20)
