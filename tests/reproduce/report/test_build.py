"""A folder of records becomes a folder of files, the same each time."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

from reproduce.experiment.protocol import Protocol
from reproduce.experiment.store import Store
from reproduce.experiment.studies import STUDIES
from reproduce.report import build

METHODS_RUN = ("sgd", "adam")


@pytest.fixture(scope="module")
def few(record):
    """Two seeds of two methods on one architecture, and one run at the limit."""
    runs = [record(1, method, seed) for method in METHODS_RUN for seed in (0, 1)]
    return [*runs, replace(record(2, "nag"), ending="epoch_limit", epochs=20_000)]


@pytest.fixture(scope="module")
def built(few, tmp_path_factory):
    """Their report, built once; tests that use it only read."""
    folder = tmp_path_factory.mktemp("built")
    for run in few:
        Store(folder).write(run)
    return folder, build(folder)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "runs" not in path.parts
    }


def with_model(folder, run, content):
    """Give the run a model of these bytes."""
    run = replace(run, model_sha256=hashlib.sha256(content).hexdigest())
    Store(folder).write(run)
    Store(folder).model_path(run.cell).write_bytes(content)


def test_the_same_records_give_the_same_bytes(few, built, output_folder):
    other = output_folder(few[::-1])
    for _ in range(2):  # into an empty folder, then over the first
        build(other)
        assert contents(other) == contents(built[0])


def test_all_files_are_returned_and_no_others_written(built):
    folder, written = built
    assert {p.relative_to(folder).as_posix() for p in written} == set(contents(folder))
    assert written == sorted(written)


def test_every_link_of_the_page_leads_to_a_file(built):
    folder, _ = built
    page = (folder / "REPORT.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)]+)\)", page)
    assert len(links) > 20
    assert [link for link in links if not (folder / link).is_file()] == []


def test_figures_exist_where_there_are_runs_and_are_small(built):
    folder, _ = built
    figures = {path.name: path.stat().st_size for path in folder.glob("figures/*")}
    curves = {name for name in figures if name.startswith("architecture")}
    assert curves == {
        "architecture-1-adam.png",
        "architecture-1-all.png",
        "architecture-1-sgd.png",
        "architecture-2-all.png",
        "architecture-2-nag.png",
    }
    assert max(figures.values()) < 60_000


def test_the_page_opens_with_what_ran_and_how_near_it_came(built):
    folder, _ = built
    opening = (folder / "REPORT.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert "3 of the report's 35 combinations" in opening
    assert (
        "5 runs, of which 4 ended because the decrease of the error fell to the "
        "threshold and 1 ended because the limit of epochs was reached" in opening
    )
    assert "Of the 99 numbers that are legible" in opening
    assert "93 await runs (84 not run, 9 with fewer than 3 seeds)" in opening
    assert "6 cannot be compared" in opening
    assert "Of its 28 claims" in opening
    assert "Mistakes in the report itself" in opening
    assert "No candidate settings were compared yet" in opening


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subset": 300}, "made on the first 300 examples of each split only"),
        ({"max_epochs": 3}, "limited to 3 epochs, where the report's take up to 5,005"),
    ],
)
def test_runs_on_a_part_say_so_and_judge_nothing(record, output_folder, changes, words):
    protocol = replace(Protocol(), **changes)
    runs = [record(1, m, s) for m in ("sgd", "batch_gd") for s in range(3)]
    folder = output_folder([replace(run, protocol=protocol) for run in runs])
    build(folder)
    opening = (folder / "REPORT.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert f"**These runs were {words}." in opening
    assert "neither bear out nor contradict the report" in opening
    assert "0 agree with the rerun, 0 are near, 0 differ, 12 cannot" in opening
    assert "28 cannot be judged" in opening
    assert "Claims that" not in opening and "candidate settings" not in opening
    pairs = (folder / "tables" / "method-pairs.md").read_text(encoding="utf-8")
    assert words in pairs


def test_extra_runs_of_other_settings_are_left_out_and_counted(record, output_folder):
    own = STUDIES["mini-batch"]
    short = replace(own.protocol, max_epochs=3)
    folder = output_folder([record(1, "adagrad")])
    output_folder([replace(record(1, "adagrad"), protocol=short)], f"out/{own.folder}")
    build(folder)
    page = (folder / "REPORT.md").read_text(encoding="utf-8")
    assert "Left out: 1 record in studies/mini-batch/, run under other settings" in page
    assert "Needs mini-batch runs of AdaGrad" in page


def test_nothing_tells_whose_machine_or_folder_it_was(built):
    folder, _ = built
    for name, content in contents(folder).items():
        assert b"a-machine" not in content, name
        assert str(folder).encode() not in content, name


def test_no_records_is_one_line_that_says_what_to_do(tmp_path):
    with pytest.raises(ValueError, match="no records found") as error:
        build(tmp_path / "nowhere")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "nowhere").exists()


def test_two_protocols_in_one_folder_are_refused(record, output_folder):
    other = replace(Protocol(), name="other", threshold=5e-5)
    folder = output_folder([record(), replace(record(2), protocol=other)])
    with pytest.raises(ValueError, match="2 different protocols") as error:
        build(folder)
    assert "\n" not in str(error.value)
    assert not (folder / "REPORT.md").exists()


def test_an_invalid_record_is_left_out_and_counted(record, output_folder):
    folder = output_folder([record(), record(1, "adam")])
    Store(folder).path(record(1, "adam").cell).write_text("{}")
    build(folder)
    page = (folder / "REPORT.md").read_text(encoding="utf-8")
    assert "Left out: 1 file not holding a valid record" in page
    assert "1 run, of which 1 ended because" in page


def test_files_of_an_earlier_build_go_and_others_stay(record, output_folder):
    folder = output_folder([record(1, "sgd"), record(1, "adam")])
    build(folder)
    (folder / "figures" / "mine.png").write_bytes(b"mine")
    Store(folder).path(record(1, "sgd").cell).unlink()
    build(folder)
    assert not (folder / "figures" / "architecture-1-sgd.png").exists()
    assert (folder / "figures" / "mine.png").exists()


def test_the_best_model_is_copied_beside_its_card(record, output_folder):
    folder = output_folder([record()])
    with_model(folder, record(), b"weights")
    written = build(folder)
    assert folder / "best_model.keras" in written
    assert (folder / "best_model.keras").read_bytes() == b"weights"
    card = json.loads((folder / "best_model.json").read_text())
    assert card["sha256"] == hashlib.sha256(b"weights").hexdigest()
    assert card["digits"] == [1, 2, 3, 6, 9]
    assert card["expected"]["validation"] == {
        name: record().splits["validation"][name] for name in ("loss", "accuracy")
    }


def test_a_copied_model_stays_when_the_runs_own_is_gone(record, output_folder):
    folder = output_folder([record()])
    with_model(folder, record(), b"weights")
    build(folder)
    before = contents(folder)
    Store(folder).model_path(record().cell).unlink()
    build(folder)
    assert contents(folder) == before


def test_a_model_that_is_not_the_best_runs_is_not_passed_off_as_it(
    record, output_folder
):
    folder = output_folder([record()])
    Store(folder).model_path(record().cell).write_bytes(b"another model")
    (folder / "best_model.keras").write_bytes(b"a third")
    assert folder / "best_model.keras" not in build(folder)
    page = (folder / "REPORT.md").read_text(encoding="utf-8")
    assert "The trained model is not in this folder" in page
    assert (folder / "best_model.keras").read_bytes() == b"a third"


def test_runs_that_the_criterion_never_ended_still_make_a_report(record, output_folder):
    run = replace(record(), ending="diverged", splits={}, model_sha256=None)
    empty = replace(run, history={"loss": [], "accuracy": []}, epochs=1)
    folder = output_folder([empty])
    build(folder)
    page = (folder / "REPORT.md").read_text(encoding="utf-8")
    assert "The criterion ended no run, so there is no best model." in page
    assert not (folder / "best_model.json").exists()


def test_building_loads_neither_tensorflow_nor_keras(record, output_folder):
    folder = output_folder([record()])
    code = (
        "import sys; from reproduce.report import build; build(sys.argv[1]); "
        "print([m for m in ('tensorflow', 'keras', 'models') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
