"""Own optimizers: found, hashed, and never mixed with another version's records."""

import json
import sys
from dataclasses import replace
from importlib.machinery import PathFinder
from importlib.util import find_spec
from pathlib import Path

import pytest

from reproduce.errors import MethodError, OtherProtocol
from reproduce.experiment.methods import add_current_folder_to_path, method_key, reason
from reproduce.training.pool import ROOT

SOURCE = "class Mine: ...\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, with a module in it."""
    (tmp_path / "mine_of_test.py").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine_of_test", raising=False)
    return tmp_path


def test_the_key_changes_with_the_file(folder):
    before = method_key("mine_of_test:Mine", {})
    (folder / "mine_of_test.py").write_text(f"{SOURCE}# changed\n")
    assert method_key("mine_of_test:Mine", {}) != before


def test_what_is_asked_for_is_written_out(folder):
    key = method_key("mine_of_test:Mine", {"b": 1, "a": [2, None]})
    assert key.startswith('mine_of_test:Mine {"a": [2, null], "b": 1} sha256:')
    assert method_key("adam", {}) == "adam"


def test_a_file_named_like_a_package_of_ours_does_not_take_its_place(
    folder, monkeypatch
):
    (folder / "models.py").touch()
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    add_current_folder_to_path()
    assert find_spec("mine_of_test").origin == str(folder / "mine_of_test.py")
    assert Path(PathFinder.find_spec("models").origin).parents[1] == ROOT


BAD = {
    "sdg": "did you mean sgd? Expected module:Class, keras:Class or one of sgd",
    "adamm": "did you mean adam?",
    "SGD": "did you mean sgd?",
    "AdamW": "did you mean adam or keras:AdamW?",
    "Quick": "did you mean keras:Quick?",
    "Mine": "did you mean mine_of_test:Mine?",
    "mine_of_test": "did you mean mine_of_test:Mine?",
    "mine_of_test.py:Mine": "did you mean mine_of_test:Mine?",
    "./mine_of_test.py:Mine": "did you mean mine_of_test:Mine?",
    "{here}/mine_of_test.py:Mine": "did you mean mine_of_test:Mine?",
    "deep/mine.py:Mine": "did you mean deep.mine:Mine?",
    "mine_of_test.Mine": "did you mean mine_of_test:Mine?",
    "mine_for_test:Mine": "did you mean mine_of_test:Mine? Expected mine_for_test.py",
    "keras.optimizers.Lion": "did you mean keras:Lion?",
    "tf.keras.optimizers.Lion": "did you mean keras:Lion?",
    "gone/mine.py:Other": "is no optimizer: expected module:Class",
    "": "'' is no optimizer",
    ":": "':' is no optimizer",
    "no_such_module:Nothing": "no such module: expected no_such_module.py",
    "mine_of_test.deeper:Mine": "cannot be found",
    "mine_of_test:": "is no optimizer",
    "math:Mine": "no such module",
    "../mine_of_test:Mine": "is no optimizer",
}
RATES = [-1, 0, 0.0, True, None, "0.1", [0.1], 10**400, -1e-9, float("inf")]


@pytest.mark.parametrize(("spec", "message"), BAD.items())
def test_what_is_not_there_is_said_in_one_line(spec, message, folder):
    (folder / "deep").mkdir()
    (folder / "deep/mine.py").write_text(SOURCE)
    with pytest.raises(MethodError) as error:
        method_key(spec.format(here=folder), {})
    assert message in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("spec", ["adam", "keras:Lion", "mine_of_test:Mine"])
def test_a_learning_rate_is_checked_whoever_takes_it(spec, rate, folder):
    with pytest.raises(MethodError, match="must be a number above 0") as error:
        method_key(spec, {"learning_rate": rate})
    assert json.dumps(rate) in str(error.value)
    for fine in (1, 1e-9, {"class_name": "ExponentialDecay"}):
        method_key(spec, {"learning_rate": fine})


def test_records_of_another_version_are_refused_not_replaced(store, record):
    cells = [
        replace(record.cell, method=f"mine:Mine sha256:{digit * 64}") for digit in "01"
    ]
    store.write(replace(record, cell=cells[0]))
    with pytest.raises(OtherProtocol, match="other code of Mine"):
        store.read(cells[1])
    assert store.read(cells[0]).cell == cells[0]


@pytest.mark.parametrize(
    ("account", "point"),
    [
        ("first\nsecond", "first"),
        (
            "in user code:\n\n  File x\n\n    ValueError: the point\n",
            "ValueError: the point",
        ),
        ("Graph execution error:\n\nthe point\n\t [[{{node x}}]]", "the point"),
        (
            "Graph execution error:\n\nDetected unsupported operations when trying to "
            "compile graph body[] on XLA_CPU_JIT: AsString (No registered 'AsString' "
            "OpKernel for XLA_CPU_JIT devices)\nFile a, line 3",
            "XLA has no AsString",
        ),
        (
            "Shapes are [2] and [3]. for '{{node x}} = y' with input",
            "Shapes are [2] and [3].",
        ),
        ("", "no reason given"),
    ],
)
def test_of_long_accounts_the_point_is_told(account, point):
    assert reason(ValueError(account)) == point
