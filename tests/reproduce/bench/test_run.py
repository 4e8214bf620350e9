"""`make bench` asks all sides in turn, and measures what can be measured here."""

import pytest

from reproduce.bench import run
from reproduce.errors import UserError

SECONDS = {
    "engine_side": {"engine": 1e-5, "peak_megabytes": 900},
    "fit_side": {"fit": 1e-3, "tuned": 1e-4},
    "c_side": {"c": 8e-6},
    "jax_side": {"jax": 3e-5},
    "torch_side": {"torch": 5e-4},
}


@pytest.fixture
def asked(monkeypatch):
    """The sides that were asked, each of which takes a known time."""
    asked = []

    class Side:
        def __init__(self, module, core):
            self.module = module

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def measure(self, cell):
            asked.append((self.module, str(cell)))
            rates = {"matmul_gflops": 100.0} if cell.method == "batch_gd" else {}
            return SECONDS[self.module] | rates

    monkeypatch.setattr(run, "Side", Side)
    return asked


def equip(monkeypatch, compiler, *packages):
    monkeypatch.setattr(run, "compiler", lambda: compiler)
    monkeypatch.setattr(run, "find_spec", lambda name: name in packages or None)


def test_a_round_asks_each_side_once_and_the_first_does_not_count(
    asked, monkeypatch, tmp_path
):
    equip(monkeypatch, "/usr/bin/cc", "jax", "torch")
    lines = []
    (row,) = run.bench(tmp_path, [1], ["sgd"], 2, ["updates"], lines.append)["updates"]
    assert [module for module, _ in asked] == [*SECONDS] * 3
    assert (row["engine_us"], row["tuned_us"], row["c_us"]) == (10, 100, 8)
    assert lines == [
        "arch1 sgd       µs: engine 10.0, fit 1,000.0, tuned 100.0, c 8.0, "
        "jax 30.0, torch 500.0"
    ]


def test_what_is_not_there_is_left_out_in_so_many_words(asked, monkeypatch, tmp_path):
    equip(monkeypatch, None)
    lines = []
    (row,) = run.bench(tmp_path, [1], ["sgd"], 1, ["updates"], lines.append)["updates"]
    assert row["c_us"] is row["jax_us"] is row["torch_us"] is None
    assert {module for module, _ in asked} == {"engine_side", "fit_side"}
    assert "no compiler" in lines[0] and "jax" in lines[1] and "torch" in lines[2]
    assert "hand-written C\n" not in (tmp_path / "bench.md").read_text()


def test_full_batches_are_held_against_stock_fit_alone(asked, monkeypatch, tmp_path):
    equip(monkeypatch, "/usr/bin/cc", "jax", "torch")
    run.bench(tmp_path, [1], ["batch_gd"], 1, ["updates"], lambda line: None)
    assert {module for module, _ in asked} == {"engine_side", "fit_side"}


def test_a_part_measured_alone_leaves_the_others_as_they_were(
    asked, monkeypatch, tmp_path
):
    equip(monkeypatch, None)
    run.bench(tmp_path, [1], ["sgd"], 1, ["updates"], lambda line: None)
    before = (tmp_path / "bench.csv").read_bytes()
    run.bench(tmp_path, [1], ["sgd", "nag"], 1, ["growth"], lambda line: None)
    assert (tmp_path / "bench.csv").read_bytes() == before
    rows = (tmp_path / "larger.csv").read_text().splitlines()
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["6", "1024-512-256-128"],
        ["7", "2048-1024-512-256"],
    ]
    assert (
        "| SGD | 118,346 | 10.0 (10.0–10.0) | 84.5 |"
        in (tmp_path / "bench.md").read_text()
    )
    larger = (tmp_path / "larger.csv").read_bytes()
    run.bench(tmp_path, [1], ["sgd"], 1, ["updates"], lambda line: None)
    assert (tmp_path / "larger.csv").read_bytes() == larger


def test_a_page_needs_updates(tmp_path):
    with pytest.raises(UserError, match="measure updates as well"):
        run.bench(tmp_path, [1], [], 1, ["growth"], lambda line: None)
