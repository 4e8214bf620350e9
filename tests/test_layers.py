"""Imports run one way, and only training needs TensorFlow."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GROUND = ("models", "callbacks", "reproduce/optimizers", "reproduce/data")
GROUND += ("reproduce/reported",)
LIGHT = "reproduce.experiment."  # what the report may use of the experiment
CELLAR = "reproduce.errors"  # below the ground floor
LIGHT_MODULES = ("candidates", "cells", "costs", "methods", "protocol", "record")
LIGHT_MODULES += ("records", "sweep")


def imports(folder):
    """(file, absolute module) pairs of all imports below `folder`."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        package = path.relative_to(ROOT).with_suffix("").parts[:-1]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = package[: len(package) + 1 - node.level] if node.level else ()
                yield path, ".".join([*base, *filter(None, [node.module])])


def within(module, package):
    return f"{module}.".startswith(f"{package}.")


@pytest.mark.parametrize("folder", GROUND)
def test_the_ground_floor_imports_nothing_of_the_project(folder):
    own = folder.replace("/", ".")
    foreign = [
        (path.name, module)
        for path, module in imports(folder)
        if any(within(module, top) for top in ("models", "callbacks", "reproduce"))
        and not within(module, own)
        and module != CELLAR
    ]
    assert foreign == []


@pytest.mark.parametrize(
    ("folder", "packages"),
    [
        ("report", ("report", "reported", "webpage", "errors")),
        ("webpage", ("report", "reported", "webpage", "errors", "data", "predict")),
    ],
)
def test_what_shows_results_uses_the_light_side_of_the_experiment(folder, packages):
    allowed = [f"reproduce.{package}" for package in packages]
    allowed += [LIGHT + module for module in LIGHT_MODULES]
    foreign = [
        (path.name, module)
        for path, module in imports(f"reproduce/{folder}")
        if within(module, "reproduce")
        and module != "reproduce"
        and not any(within(module, package) for package in allowed)
    ]
    assert foreign == []


def test_the_experiment_knows_nothing_of_the_report():
    assert not [
        (path.name, module)
        for path, module in imports("reproduce/experiment")
        if any(within(module, f"reproduce.{own}") for own in ("report", "cli", "verbs"))
    ]


@pytest.mark.parametrize(
    "module", ["reproduce.cli", "reproduce.report", "reproduce.predict"]
)
def test_importing_it_does_not_import_tensorflow(module):
    code = f"import sys, {module}; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
