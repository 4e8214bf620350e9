"""The bench's rows are medians of what was measured, its ratios pair by pair."""

import pytest

from reproduce.bench.figure import draw
from reproduce.bench.table import flops, markdown, summarize
from reproduce.experiment.protocol import Cell

TIMES = {
    "engine": [1e-5, 2e-5, 4e-5],
    "stock": [9e-4, 8e-4, 4e-4],
    "jax": [5e-5],
    "peak_megabytes": 900.4,
}


@pytest.fixture
def row():
    return summarize(Cell(1, "sgd", 0), TIMES)


def test_times_are_medians_with_their_range(row):
    assert (row["engine_us"], row["engine_us_min"], row["engine_us_max"]) == (
        20,
        10,
        40,
    )


def test_the_ratio_is_the_median_of_pairs_not_the_ratio_of_medians(row):
    assert row["ratio"] == 40.0  # of 90, 40 and 10


def test_a_peer_that_is_not_installed_has_no_number(row):
    assert row["torch_us"] is None
    assert "| – |" in markdown([row])


def test_operations_are_counted_without_the_images_own_gradient():
    inner = 128 * 64 + 64 * 128 + 128 * 10
    assert flops(1) == 11_385 * (4 * 784 * 128 + 6 * inner)


def test_full_batches_are_rated_against_a_matrix_product():
    times = {**TIMES, "engine": [0.05], "stock": [0.1], "matmul_gflops": [200.0]}
    row = summarize(Cell(1, "batch_gd", 0), times)
    assert row["gflops"] == pytest.approx(flops(1) / 0.05e9, abs=0.1)
    assert f"| {row['gflops'] / 200:.0%} |" in markdown([row])


def test_the_figure_is_a_png_and_the_same_each_time(row):
    assert draw([row]).startswith(b"\x89PNG")
    assert draw([row]) == draw([row])
