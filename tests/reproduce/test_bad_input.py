"""Whatever is wrong is said in one line, with status 2, and nothing is written.

A row is a command and what its answer must contain: the flag or file that is
wrong, and what is expected or would help. `@name` is a file of `bad_files`.
"""

import os
import re

import pytest

from reproduce.cli import main

from . import bad_files

WHOLE = "a whole number of at least 1"
NONE_OR_MORE = "a whole number of at least 0"
NAMES = {
    "an unknown verb": ("train", "'train'", "run"),
    "an unknown flag": ("run --epochs 3", "--epochs", "--help"),
    "a flag without its value": ("run --out", "--out", "expected one argument"),
    "an unknown method": ("run --methods sdg", "--methods", "did you mean sgd?"),
    "a method in capitals": ("list --methods ADAM", "'ADAM'", "did you mean adam?"),
    "no method": ("run --methods", "--methods", "expected at least one argument"),
    "an unknown architecture": ("run --architectures 6", "'6'", "1, 2, 3, 4, 5"),
    "architecture zero": ("list --architectures 0", "'0'", "1, 2, 3, 4, 5"),
    "an architecture in words": ("run --architectures one", "'one'", "1, 2, 3, 4, 5"),
    "an unknown protocol": (
        "run --protocol reprot",
        "--protocol",
        "did you mean report?",
    ),
    "an unknown study": ("run --study he-norm", "--study", "did you mean he-normal?"),
    "no cell of a study": (
        "run --study accumulator-0.1 --methods sgd",
        "accumulator-0.1",
        "leave one of them out",
    ),
    "a name left out of a list": ("run --methods sgd,,nag", "unknown method ''", "nag"),
    "a comma at the end": ("run --architectures 1,", "unknown architecture ''", "5"),
    "no study": ("run --study", "--study", "expected at least one argument"),
    "negative patience": ("run --patience -1", "--patience", "at least 0"),
    "an unknown method to bench": ("bench --methods x", "--methods", "choose from sgd"),
}
CLUSTERS = {
    "a scheduler without its kind": ("run --cluster host", "--cluster", "tcp://"),
    "a scheduler of another kind": ("run --cluster http://h:1", "--cluster", "tcp://"),
    "no scheduler file": ("run --cluster file:@gone", "", "`"),
}
NUMBERS = {
    "no jobs": ("run --jobs 0", "--jobs", WHOLE),
    "fewer than no jobs": ("run --jobs -1", "--jobs", WHOLE),
    "jobs in words": ("run --study glorot --jobs two", "--jobs", WHOLE),
    "jobs that are no number": ("run --jobs nan", "'nan'", WHOLE),
    "no epochs": ("run --max-epochs 0", "--max-epochs", WHOLE),
    "negative epochs": ("run --max-epochs -1", "--max-epochs", WHOLE),
    "a fraction of an epoch": ("run --max-epochs 1.5", "'1.5'", WHOLE),
    "epochs with an exponent": ("run --max-epochs 1e3", "'1e3'", WHOLE),
    "endless epochs": ("run --max-epochs inf", "'inf'", WHOLE),
    "too many digits": ("run --max-epochs " + "9" * 30, "--max-epochs", WHOLE),
    "digits of another script": ("run --max-epochs ²", "'²'", WHOLE),
    "no examples": ("run --subset 0", "--subset", WHOLE),
    "examples that are no number": ("run --subset nan", "'nan'", WHOLE),
    "no measurements": ("bench --repeats 0", "--repeats", WHOLE),
    "fewer than no cells again": ("verify --retrain -1", "--retrain", NONE_OR_MORE),
    "cells again in words": ("verify --retrain all", "'all'", NONE_OR_MORE),
    "no tries": ("stress --tries 0", "--tries", WHOLE),
    "a negative seed to stress": ("stress --seed -1", "--seed", NONE_OR_MORE),
    "no seeds": ("run --seeds 0", "'0' names no seed", "0-0 for seed 0 alone"),
    "no seeds of a study": ("run --study glorot --seeds 0", "'0'", "names no seed"),
    "a digit too many": ("run --seeds 100001", "100,001 seeds", "--many-seeds"),
    "many seeds to list": ("list --seeds 0-999999", "1,000,000", "--many-seeds"),
    "many seeds of a study": (
        "run --study glorot --seeds 2000",
        "2,000 seeds",
        "--many-seeds",
    ),
    "a rate that is none in a list": ("sweep --rates 0.1,fast", "'fast'", "above 0"),
    "a seed twice": ("run --seeds 1,1", "'1,1'", "twice"),
    "a seed in two ranges": ("run --seeds 0-2,1", "'0-2,1'", "twice"),
    "seeds backwards": ("run --seeds 5-3", "'5-3'", "names no seed"),
    "a negative seed": ("run --seeds -1", "'-1'", "a range (3-5)"),
    "a seed that is no number": ("run --seeds nan", "'nan'", "a list (0,4)"),
    "a seed left out": ("run --seeds 1,,2", "'1,,2'", "a list (0,4)"),
}
EMPTY = {
    f"{command} {flag} without a path": (f"{command} {flag} ", flag, "is empty")
    for command, flag in (
        ("run", "--out"),
        ("run", "--data"),
        ("run", "--tensorboard"),
        ("list", "--out"),
        ("report", "--out"),
        ("report", "--readme"),
        ("verify", "--against"),
        ("export", "--to"),
        ("predict x.png", "--model"),
        ("predict", ""),
    )
}
OUTPUT = {
    "output is a file": ("run --out @file", "@file", "choose another"),
    "output below a file": ("run --out @file/here", "@file", "choose another"),
    "list of a file": ("list --out @file", "@file", "choose another"),
    "a study into a file": (
        "run --study glorot --out @file",
        "@file",
        "choose another",
    ),
    "report of a file": ("report --out @file", "@file", "Run some cells first"),
    "report of nothing": ("report --out @gone", "@gone", "Run some cells first"),
    "report of an empty folder": ("report --out @void", "@void", "Run some cells"),
    "report of damaged records": (
        "report --out @damaged-records",
        "@damaged-records",
        "Run some cells first",
    ),
    "report of two protocols": (
        "report --out @two-protocols",
        "@two-protocols",
        "Move the others",
    ),
    "report of a later version's record": (
        "report --out @newer-record",
        "@newer-record",
        "Update the project",
    ),
    "run over a later version's record": (
        "run --out @newer-record",
        "@newer-record",
        "Update the project",
    ),
    "list of a later version's record": (
        "list --out @newer-record",
        "seed-0.json",
        "Update the project",
    ),
    "labels in a column": (
        "run --data @column.npz --out @gone",
        "@column.npz",
        "ravel()",
    ),
    "records under other settings": (
        "run --out @records --subset 9",
        "@records",
        "Choose another --out",
    ),
    "a folder in a record's place": (
        "run --out @folder-for-a-record",
        "@folder-for-a-record",
        "a folder stands where a file is needed",
    ),
    "no permission": ("run --out @forbidden", "@forbidden", "permissions"),
    "no README": ("report --out @records --readme @gone", "@gone", "check the path"),
    "README in another encoding": (
        "report --out @records --readme @latin.md",
        "@latin.md",
        "UTF-8",
    ),
    "README with an unknown block": (
        "report --out @records --readme @unknown-block.md",
        "'poem'",
        "expected one of findings, results",
    ),
}
PUBLISHED = {
    "nothing published": (
        "verify --retrain 0 --out @records --against @gone",
        "@gone",
        "no records found",
    ),
    "nothing published to train again": (
        "verify --out @gone --against @void",
        "@void",
        "no records found",
    ),
    "no records to verify": (
        "verify --retrain 0 --out @void --against {reference}",
        "@void",
        "Run some cells first",
    ),
}
IMAGES = {
    "no image": ("predict", "IMAGE", "required"),
    "an image that is not there": ("predict @gone", "@gone", "check the path"),
    "an empty image": ("predict @empty.png", "@empty.png", "give an image"),
    "text for an image": ("predict @text.png", "@text.png", "give a PNG"),
    "a page for an image": ("predict @page.png", "@page.png", "give a PNG"),
    "a cut image": ("predict @cut.png", "@cut.png", "save or download it again"),
    "a damaged image": ("predict @flipped.png", "@flipped.png", "again"),
    "a huge image": ("predict @huge.png", "@huge.png", "scale it down"),
    "a blank image": ("predict @blank.png", "@blank.png", "more contrast"),
    "a folder without images": ("predict @void", "@void", "with images in it"),
}
MODELS = {
    f"a model: {kind}": (f"predict @good.png --model {name}", name, remedy)
    for kind, name, remedy in (
        ("not there", "@gone", "--model"),
        ("a folder", "@void", "give a .keras file"),
        ("empty", "@empty.keras", "train it again"),
        ("a page", "@page.keras", "give one"),
        ("cut", "@cut.keras", "copy it again"),
        ("HDF5 by name", "@model.h5", "give a .keras file"),
        ("HDF5 by content", "@hdf5.keras", ".keras format"),
        ("a Lambda layer", "@lambda.keras", "could run code"),
        ("a path that leaves the archive", "@escape.keras", "do not trust"),
        ("a zip bomb", "@bomb.keras", "do not trust"),
        ("no JSON", "@no-json.keras", "copy or train it again"),
        ("no weights", "@no-weights.keras", "copy it again"),
        ("not that of its card", "@other-model/best_model.keras", "restore both"),
    )
}
CASES = {
    **NAMES,
    **CLUSTERS,
    **NUMBERS,
    **EMPTY,
    **OUTPUT,
    **PUBLISHED,
    **IMAGES,
    **MODELS,
}
FILE = re.compile(r"@([\w.-]+)")


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    """An empty working folder, in which no training may begin."""

    def train(*_):
        pytest.fail("training began")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("reproduce.training.schedule.Runner", train)


def contents(folder):
    return {
        path: path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_there_are_at_least_40_cases():
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", CASES)
def test_it_is_said_in_one_line(case, tmp_path, capsys, pytestconfig):
    command, wrong, remedy = CASES[case]
    if "forbidden" in command and os.geteuid() == 0:
        pytest.skip("nothing is forbidden to root")
    for name in set(FILE.findall(command)):
        bad_files.make(name, tmp_path / name)
    listing = contents(tmp_path)
    reference = pytestconfig.rootpath / "results" / "reference"
    arguments = FILE.sub(rf"{tmp_path}/\1", command.format(reference=reference))
    try:
        status = main(arguments.split(" ") if arguments else [])
    except SystemExit as exit_:
        status = exit_.code
    message = capsys.readouterr().err
    assert status == 2
    assert message.startswith("python -m reproduce") and message.count("\n") == 1
    assert FILE.sub(rf"{tmp_path}/\1", wrong) in message
    assert remedy in message
    assert contents(tmp_path) == listing


def test_a_bug_is_not_mistaken_for_bad_input(monkeypatch, tmp_path):
    def bug(*_):
        raise ValueError("not what anybody typed")

    monkeypatch.setattr("reproduce.experiment.store.Store.read", bug)
    with pytest.raises(ValueError, match="not what anybody typed"):
        main(["list", "--out", str(tmp_path)])
