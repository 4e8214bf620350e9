"""The bench's figures show what was measured, and are the same each time."""

import pytest

from reproduce.bench import figure
from reproduce.bench.table import summarize, summarize_larger
from reproduce.experiment.protocol import Cell

ROUND = {"engine": 1e-5, "fit": 1e-3, "tuned": 2e-4, "c": 8e-6, "peak_megabytes": 9}
ROWS = [summarize(Cell(a, m, 0), [ROUND]) for a in (1, 4) for m in ("sgd", "adam")]
LARGER = [summarize_larger(Cell(6, m, 0), [ROUND]) for m in ("sgd", "adam")]
SEEDS = [
    {"where": where, "seeds": number, "seconds": seconds * number}
    for where, seconds in (("1 core", 6.0), ("2 cores", 3.5))
    for number in (1, 2)
]


@pytest.fixture
def drawn(monkeypatch):
    """The figures instead of their bytes."""
    monkeypatch.setattr(figure, "png", lambda drawn: drawn)


def test_they_are_png_files_and_the_same_each_time():
    for make in (
        lambda: figure.updates_figure(ROWS),
        lambda: figure.growth_figure(ROWS, LARGER, SEEDS),
    ):
        first = make()
        assert first.startswith(b"\x89PNG")
        assert make() == first


def test_an_update_is_a_mark_for_each_side(drawn):
    drawn = figure.updates_figure(ROWS)
    marks = sorted(line.get_ydata()[0] for line in drawn.axes[0].lines)
    assert marks == [8, 8, 10, 10, 200, 200, 1000, 1000]
    assert "100× to 100× as fast as default fit" in drawn.get_label()
    assert "20× to 20× as fast as tuned fit, 0.80× to 0.80×" in drawn.get_label()


def test_ideal_is_proportional_to_parameters_and_half_the_time_on_two_cores(drawn):
    updates, clocks = figure.growth_figure(ROWS, LARGER, SEEDS).axes
    measured, ideal = (updates.lines[i].get_xydata() for i in (0, 1))
    assert [y for _, y in measured] == [10, 10, 10]
    assert ideal[-1, 1] == pytest.approx(10 * measured[-1, 0] / measured[0, 0])
    assert list(clocks.lines[1].get_ydata()) == [3.5, 7.0]
    assert list(clocks.lines[2].get_ydata()) == [3.0, 6.0]


def test_what_was_not_measured_is_not_drawn(drawn):
    full_batch = summarize(Cell(1, "batch_gd", 0), [{**ROUND, "matmul_gflops": 1.0}])
    assert figure.updates_figure([full_batch]) is None
    assert figure.growth_figure(ROWS, [], []) is None
    (clocks,) = figure.growth_figure(ROWS, [], SEEDS).axes
    assert clocks.get_xlabel() == "seeds"
