"""The Makefile deletes what this project made in a folder, and nothing else."""

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reproduce.bench.run import FILES
from reproduce.errors import OtherProtocol
from reproduce.experiment.protocol import Cell
from reproduce.experiment.store import BEST_MODEL, HELD, Store
from reproduce.exports import FORMATS
from reproduce.training.pool import MARK

ROOT = Path(__file__).parents[1]
EVENTS = "events.out.tfevents.0.reproduce"
MADE = ("REPORT.md", "report.html", "tables/runs.csv", "figures/verdicts.png")
STUDY = "studies/glorot"


@pytest.fixture
def checkout(tmp_path):
    """A folder like the project's, with something in it to lose."""
    folder = tmp_path / "checkout"
    for name in ("results/reference/runs", "results/mine", "reproduce"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "Makefile", folder)
    for name in ("__init__", "errors", "files", "published", "cleaning"):
        shutil.copy(ROOT / f"reproduce/{name}.py", folder / "reproduce")
    (folder / "results/reference/runs/seed-0.json").write_text("{}")
    return folder


def make(folder, *words, **variables):
    return subprocess.run(
        ["make", f"PYTHON={sys.executable}", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", **variables},
    )


def files(folder):
    """The files below a folder, relative to it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in paths}


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def fill(folder):
    """Put everything there that commands make; returns the names of the runs."""
    trained = set()
    for part in ("", STUDY):
        store, cell = Store(folder / part), Cell(1, "keras:Lion", 12)
        path = store.path(cell)
        paths = [path, store.model_path(cell), *store.checkpoint_paths(cell)]
        paths += [path.with_name(f".{path.name}.{'ab' * 8}.tmp"), store.data_path]
        paths += [path.with_suffix(f"{n}.invalid") for n in (".json", ".2.json")]
        paths += [path.with_suffix(".keras.invalid"), store.folder / HELD]
        trained |= {file.relative_to(folder).as_posix() for file in paths}
    trained |= {BEST_MODEL, MARK, "stress/stress.md", "bench/growth.png"}
    trained |= {f"bench/{name}" for name in FILES.values()}
    trained |= {"paths/paths.json", "screenshots/phone.png", "tables/sweep-1.md"}
    trained |= {Path(BEST_MODEL).with_suffix(FORMATS["onnx"].name).name}
    events = Path(FORMATS["tensorboard"].name, cell.path).with_suffix("") / EVENTS
    trained |= {FORMATS["csv"].name, events.as_posix()}
    put(folder, *trained, *MADE)
    manifest = {"records": {}, "made": {name: "0" for name in MADE}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return trained


@pytest.mark.parametrize("target", ["clean", "purge"])
@pytest.mark.parametrize(
    "out",
    ["", ".", "..", "/", "results", "results/reference", "results/reference/runs"],
)
def test_what_is_not_a_folder_of_own_runs_is_never_deleted(checkout, target, out):
    before = sorted(checkout.rglob("*"))
    done = make(checkout, target, f"OUT={out}")
    assert done.returncode == 2
    assert f"OUT={out} is no folder of your own runs" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(checkout.rglob("*")) == before


def test_a_link_to_what_is_published_is_seen_through(checkout):
    (checkout / "link").symlink_to(checkout / "results/reference")
    assert make(checkout, "purge", "OUT=link").returncode == 2
    assert files(checkout / "results/reference")


def test_purge_deletes_all_that_was_made_and_the_folder_with_it(checkout):
    fill(checkout / "results/mine")
    (checkout / "results/mine/runs/arch5/sgd").mkdir(parents=True)
    assert make(checkout, "purge", "OUT=results/mine").returncode == 0
    assert not (checkout / "results/mine").exists()
    assert files(checkout / "results") == {"reference/runs/seed-0.json"}


def test_clean_deletes_the_report_and_leaves_what_takes_long(checkout):
    trained = fill(checkout / "results/mine")
    assert make(checkout, "clean", "OUT=results/mine").returncode == 0
    assert files(checkout / "results/mine") == trained
    assert not (checkout / "results/mine/figures").exists()


THEIRS = (
    "notes.md",
    "tables/mine.csv",
    "figures/mine.png",
    "runs/diary.txt",
    "runs/arch1/keras.Lion/seed-12 (copy).json",
    "runs/arch1.bak/sgd/seed-0.json",
    "runs/arch1/my notes/seed-0.json",
    "runs/arch1/sgd/seed-00.json",
    "runs/arch1/sgd/seed-٣.json",
    "runs/arch١/sgd/seed-0.json",
    "studies/my notes/runs/arch1/sgd/seed-0.json",
    "bench/old.csv",
)


@pytest.mark.parametrize("target", ["clean", "purge"])
def test_what_others_put_there_stays(checkout, target):
    trained = fill(checkout / "results/mine")
    put(checkout / "results/mine", *THEIRS)
    assert make(checkout, target, "OUT=results/mine").returncode == 0
    left = files(checkout / "results/mine")
    assert left == {*THEIRS, *(trained if target == "clean" else ())}


FOLDERS = ("runs/my notes", "runs/arch1/my notes", "runs/arch1.bak", "runs/arch1/a/b")


@pytest.mark.parametrize("target", ["clean", "purge"])
def test_folders_of_others_stay_though_they_are_empty(checkout, target):
    mine = checkout / "results/mine"
    fill(mine)
    for name in FOLDERS:
        (mine / name).mkdir(parents=True)
    assert make(checkout, target, "OUT=results/mine").returncode == 0
    assert all((mine / name).is_dir() for name in FOLDERS)


@pytest.mark.parametrize("terminal", ["ascii", "utf-8"])
@pytest.mark.parametrize("name", ["雪", "caf\udce9", "a\x1b[2J"])
def test_a_name_that_a_terminal_does_not_take_is_cleaned_all_the_same(
    checkout, name, terminal
):
    fill(checkout / name)
    done = make(checkout, "purge", f"OUT={name}", PYTHONIOENCODING=terminal)
    assert (done.returncode, done.stderr) == (0, "")
    assert "files deleted" in done.stdout and "\x1b" not in done.stdout
    assert not (checkout / name).exists()


@pytest.mark.parametrize("target", ["clean", "purge"])
def test_of_a_folder_that_is_none_of_ours_nothing_is_deleted(checkout, target):
    """Somebody's paper, say, whose files have the names of ours."""
    paper = checkout / "paper"
    put(paper, *MADE, "data.npz", "manifest.json", "history.csv", "paths/paths.json")
    (paper / "runs").mkdir()
    before = sorted(paper.rglob("*"))
    done = make(checkout, target, "OUT=paper")
    assert done.returncode == 0
    assert "paper: none of ours" in done.stdout
    assert sorted(paper.rglob("*")) == before


def test_a_manifest_does_not_lead_out_of_its_folder(checkout):
    mine, bystanders = (
        checkout / "results/mine",
        ("results/a.md", "results/reference/b"),
    )
    put(checkout, *bystanders)
    listing = {"../a.md": "", "../reference/b": "", str(checkout / "results/a.md"): ""}
    (mine / "manifest.json").write_text(json.dumps({"records": {}, "made": listing}))
    assert make(checkout, "purge", "OUT=results/mine").returncode == 0
    assert set(bystanders) <= files(checkout)


BYSTANDERS = [f"{name}/runs/arch1/sgd/seed-0.json" for name in ("my", "a", "b", "x")]
NAMES = (
    "my results",
    "results/it's",
    'results/"x"',
    "a;rm -rf b",
    "-rf",
    "a$b",
    " x",
)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_that_an_error_proposes_deletes_that_folder_alone(checkout, name):
    put(checkout, *BYSTANDERS, "results/runs/arch1/sgd/seed-0.json")
    before = files(checkout)
    fill(checkout / name)
    program, *words = shlex.split(str(OtherProtocol.at("x", "y", name)).split("`")[1])
    assert program == "make"
    assert make(checkout, *words).returncode == 0
    assert not (checkout / name).exists()
    assert files(checkout) == before


def test_a_name_that_cannot_be_shown_is_no_part_of_a_proposed_command(checkout):
    put(checkout, *BYSTANDERS)
    before = files(checkout)
    fill(checkout / "a\nb")
    assert "make purge" not in str(OtherProtocol.at("x", "y", "a\nb"))
    assert make(checkout, "purge", "OUT=a\nb").returncode == 0
    assert files(checkout) == before


def test_clean_deletes_what_make_smoke_has_left(checkout):
    fill(checkout / "results/smoke")
    assert make(checkout, "clean", "OUT=results/mine").returncode == 0
    assert not (checkout / "results/smoke").exists()
