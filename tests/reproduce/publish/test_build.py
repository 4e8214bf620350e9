"""A report replaces the last one in its folder, and nothing else."""

import json
import shutil

import pytest

from reproduce.analysis.findings import find
from reproduce.experiment import store
from reproduce.experiment.history import History
from reproduce.publish.build import build
from reproduce.publish.files import report_files
from reproduce.publish.page import page
from reproduce.publish.tables import tables

from ..analysis.runs import run
from .test_tables import save

RECORD = "runs/arch1/sgd/seed-0.json"
OTHERS = ("tables/mine.csv", "figures/mine.png")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """A report of two runs, then of one, with all in the folder that must not count."""
    folder = save(tmp_path_factory.mktemp("built"), [run(1, "sgd"), run(2, "adam")])
    build(folder, published=None)
    assert (folder / "figures/architecture-2-adam.png").is_file()
    (folder / "runs/arch2/adam/seed-0.json").unlink()
    shutil.copy(folder / RECORD, (folder / RECORD).with_name("seed-0 (copy).json"))
    for name in OTHERS:
        (folder / name).write_text("mine")
    manifest = folder / "manifest.json"
    values = json.loads(manifest.read_bytes())
    values["made"][RECORD] = ""
    manifest.write_text(json.dumps(values))
    build(folder, published=None)
    return folder


def test_what_the_last_report_had_and_this_one_has_not_goes(rebuilt):
    assert not (rebuilt / "figures/architecture-2-adam.png").exists()
    assert (rebuilt / "figures/architecture-1-sgd.png").is_file()


def test_files_of_others_stay_also_beside_tables_and_figures(rebuilt):
    assert [(rebuilt / name).read_text() for name in OTHERS] == ["mine", "mine"]


def test_a_manifest_of_others_deletes_no_runs(rebuilt):
    assert (rebuilt / RECORD).is_file()


def test_the_manifest_lists_the_records_that_count(rebuilt):
    values = json.loads((rebuilt / "manifest.json").read_bytes())
    assert list(values["records"]) == [RECORD]


def test_work_grows_as_the_number_of_records(tmp_path, monkeypatch):
    """Each is parsed once, and its history is looked at as often in any company."""
    looks, parsed, seen = [], [], History.__getitem__
    parse = store.parse
    monkeypatch.setattr(store, "parse", lambda x: parsed.append(x) or parse(x))
    monkeypatch.setattr(
        History,
        "__getitem__",
        lambda history, key: looks.append(key) or seen(history, key),
    )
    counts = []
    for number in (60, 120, 180):
        folder, first = tmp_path / str(number), 1000 * number
        cells = [(1, "sgd"), (1, "adam"), (4, "batch_gd")]
        runs = [
            run(*cell, first + seed, epochs=20 + seed % 9)
            for cell in cells
            for seed in range(number)
        ]
        save(folder, runs)
        looks.clear(), parsed.clear()
        findings = find(folder)
        report_files(findings, folder)
        page(findings, tables(findings), folder)
        assert len(parsed) == len(runs)
        counts.append(len(looks))
    assert counts[2] - counts[1] == counts[1] - counts[0] > 0


def test_a_long_table_of_ones_own_runs_is_a_link(tmp_path):
    for name, number in (("few", 2), ("many", 301)):
        save(tmp_path / name, [run(1, "sgd", s, epochs=9) for s in range(number)])
        findings = find(tmp_path / name, save(tmp_path / "published", [run()]))
        text = report_files(findings, tmp_path)["REPORT.md"].decode()
        link = "[301 runs, each beside the published seeds of its cell]"
        assert (f"{link}(tables/standings.md)" in text) == (name == "many")
        assert ("| not equal |" in text) == (name == "few")
