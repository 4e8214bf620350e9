"""The bench's two-core table says what a second core is worth."""

import pytest

from reproduce.bench import scaling
from reproduce.bench.run import bench
from reproduce.bench.table import markdown, summarize, write
from reproduce.errors import UserError
from reproduce.experiment.protocol import Cell

ROW = {
    "architecture": 1,
    "method": "sgd",
    "alone_us": 5.0,
    "together_us": 10.0,
    "gain": 1.0,
    "gain_min": 0.9,
    "gain_max": 1.1,
}


class Side:
    """A measuring process whose answers are known."""

    def kill(self):
        pass

    def communicate(self):
        pass


@pytest.fixture
def cores(monkeypatch):
    """Two cores that share a bottleneck: side by side each takes twice as long."""
    answers = iter([5e-6, 5e-6, 1e-5, 1e-5])
    monkeypatch.setattr(scaling, "cores", lambda: [0, 1])
    monkeypatch.setattr(scaling, "_start", lambda cell, core: Side())
    monkeypatch.setattr(scaling, "_go", lambda side: None)
    monkeypatch.setattr(scaling, "_answer", lambda side: next(answers))


def test_cores_that_halve_each_other_do_the_work_of_one(cores):
    row = scaling.scaling(Cell(1, "sgd", 0), 1)
    assert (row["alone_us"], row["together_us"]) == (5.0, 10.0)
    assert row["gain"] == 1.0


def test_a_part_measured_alone_leaves_the_other_as_it_was(cores, tmp_path):
    times = {"engine": [1e-5], "stock": [1e-3], "peak_megabytes": 900}
    write(tmp_path, [summarize(Cell(1, "sgd", 0), times)], [ROW])
    before = (tmp_path / "bench.csv").read_bytes()
    rows = bench(tmp_path, [1], ["sgd"], 1, ["scaling"], lambda line: None)
    assert (rows[0]["engine_us"], rows[0]["jax_us"]) == (10.0, None)
    assert (tmp_path / "bench.csv").read_bytes() == before
    assert "1,sgd,5.0,10.0,1.0,1.0,1.0" in (tmp_path / "scaling.csv").read_text()


def test_a_page_needs_updates(tmp_path):
    with pytest.raises(UserError, match="measure updates as well"):
        bench(tmp_path, [1], [], 1, ["scaling"], lambda line: None)


def test_one_core_has_nothing_to_compare(monkeypatch):
    monkeypatch.setattr(scaling, "cores", lambda: [0])
    assert scaling.scaling(Cell(1, "sgd", 0), 1) is None


def test_the_page_shows_what_two_do():
    times = {"engine": [1e-5], "stock": [1e-3], "peak_megabytes": 900}
    text = markdown([summarize(Cell(1, "sgd", 0), times)], [ROW])
    assert "| 1 | SGD | 5.0 | 10.0 | 1.00× (0.90–1.10) |" in text
