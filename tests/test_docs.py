"""The tutorial works exactly as printed; pages name files that are there."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from reproduce.cli import parser

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "own-optimizer.md").read_text(encoding="utf-8")
SOURCE = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)[1]
BLOCKS = re.findall(r"```\n(python .*?)```", PAGE, re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
TRY = BLOCKS[0].splitlines()
DOCS = sorted((ROOT / "docs").glob("*.md"))


def test_the_printed_file_is_the_example():
    example = ROOT / "examples" / "sign_momentum.py"
    assert example.read_text(encoding="utf-8") == SOURCE


@pytest.mark.parametrize("command", COMMANDS)
def test_every_printed_command_is_understood(command):
    words = shlex.split(command)
    assert words[:3] == ["python", "-m", "reproduce"]
    parser().parse_args(words[3:])


def test_trying_it_out_goes_as_printed(tmp_path):
    (tmp_path / "sign_momentum.py").write_text(SOURCE, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for command in TRY:
        words = [sys.executable, *shlex.split(command)[1:]]
        done = subprocess.run(
            words, cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    page = (tmp_path / "results/look/REPORT.md").read_text(encoding="utf-8")
    assert "**SignMomentum.** Architecture 1: stops after " in page
    assert "They say nothing for or against" in page


@pytest.mark.parametrize("page", DOCS, ids=lambda path: path.name)
def test_every_link_of_a_page_leads_to_something(page):
    links = re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_putting_another_original_in_tells_of_every_file_of_this_one():
    page = (ROOT / "docs" / "another-original.md").read_text(encoding="utf-8")
    folder = ROOT / "reproduce" / "original"
    data = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".json")}
    assert data == set(re.findall(r"`(\w+\.(?:csv|json))`", page))
