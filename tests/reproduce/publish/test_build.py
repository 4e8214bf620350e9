"""A report replaces the last one in its folder, and nothing else."""

import json
import shutil

import pytest

from reproduce.publish.build import build

from ..analysis.runs import run
from .test_tables import save


@pytest.fixture
def folder(tmp_path):
    save(tmp_path, [run(1, "sgd"), run(2, "adam")])
    build(tmp_path, published=None)
    return tmp_path


def test_what_the_last_report_had_and_this_one_has_not_goes(folder):
    gone = folder / "figures/architecture-2-adam.png"
    assert gone.is_file()
    (folder / "runs/arch2/adam/seed-0.json").unlink()
    build(folder, published=None)
    assert not gone.exists()
    assert (folder / "figures/architecture-1-sgd.png").is_file()


def test_files_of_others_stay_also_beside_tables_and_figures(folder):
    others = [folder / name for name in ("tables/mine.csv", "figures/mine.png")]
    for path in others:
        path.write_text("mine")
    (folder / "runs/arch2/adam/seed-0.json").unlink()
    build(folder, published=None)
    assert [path.read_text() for path in others] == ["mine", "mine"]


def test_a_manifest_of_others_deletes_no_runs(folder):
    manifest = folder / "manifest.json"
    values = json.loads(manifest.read_bytes())
    values["made"]["runs/arch1/sgd/seed-0.json"] = ""
    manifest.write_text(json.dumps(values))
    build(folder, published=None)
    assert (folder / "runs/arch1/sgd/seed-0.json").is_file()


def test_the_manifest_lists_the_records_that_count(folder):
    record = folder / "runs/arch1/sgd/seed-0.json"
    shutil.copy(record, record.with_name("seed-0 (copy).json"))
    build(folder, published=None)
    values = json.loads((folder / "manifest.json").read_bytes())
    assert list(values["records"]) == [
        "runs/arch1/sgd/seed-0.json",
        "runs/arch2/adam/seed-0.json",
    ]
