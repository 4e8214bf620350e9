"""Imports run one way, floor by floor, and only training needs TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GROUND = {"experiment", "original", "data", "model_file", "optimizers"}
GROUND |= {"errors", "files", "published"}
MAY_IMPORT = {
    "models": set(),
    "callbacks": {"experiment"},
    "errors": set(),
    "original": set(),
    "optimizers": set(),
    "files": set(),
    "published": set(),
    "cleaning": {"errors", "files", "published"},
    "data": {"errors", "files"},
    "experiment": {"original", "errors", "files", "published"},
    "model_file": {"errors", "files"},
    "training": {*GROUND, "models", "callbacks"},
    "analysis": GROUND,
    "publish": {*GROUND, "analysis", "cleaning"},
}  # room to the rooms below it; `cli` and the tools may import any
SLOW = ("tensorflow", "keras", "pandas", "matplotlib")


def modules(room):
    """The files of a room, which is a folder or a single module."""
    folder = room if room in ("models", "callbacks") else f"reproduce/{room}"
    return sorted((ROOT / folder).rglob("*.py")) or [ROOT / f"{folder}.py"]


def imports(path):
    """Absolute names of the modules that a file imports, wherever in it."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else ()
            name = ".".join([*base, *filter(None, [node.module])])
            yield from (
                [f"{name}.{alias.name}" for alias in node.names]
                if name == "reproduce"
                else [name]
            )


def rooms(path):
    """The rooms of this project that a file imports from."""
    for name in imports(path):
        first, *rest = name.split(".")
        if first in ("models", "callbacks"):
            yield first
        elif first == "reproduce" and rest:
            yield rest[0]


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_from_the_floors_below_it(room):
    above = [
        (path.name, target)
        for path in modules(room)
        for target in rooms(path)
        if target != room and target not in MAY_IMPORT[room]
    ]
    assert above == []


def import_all(room, forbidden):
    """Import every module of a room where some packages cannot be imported."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in modules(room)
    ]
    code = (
        "import sys, importlib\n"
        f"sys.modules.update(dict.fromkeys({forbidden!r}))\n"
        f"for name in {names!r}: importlib.import_module(name)"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True
    )


LIGHT = ("__init__", "experiment", "original", "data", "errors", "cli", "single")


@pytest.mark.parametrize("room", LIGHT)
def test_plain_facts_and_the_command_line_import_nothing_slow(room):
    done = import_all(room, SLOW)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("room", ["analysis", "publish"])
def test_what_shows_results_imports_without_tensorflow(room):
    done = import_all(room, ("tensorflow", "keras"))
    assert done.returncode == 0, done.stderr
