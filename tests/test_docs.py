"""The tutorial's file and commands work exactly as they are printed."""

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
