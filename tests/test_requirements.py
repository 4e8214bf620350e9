"""What is installed is pinned by hash: all that the requirements bring along."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
PIN = re.compile(
    r"(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<where>[^\\\n]+))? \\\n"
    r"(?P<hashes>(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)"
)
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def test_the_lock_is_nothing_but_pins_with_hashes():
    assert PIN.sub("", LOCK) == ""
    assert len(PIN.findall(LOCK)) > 40


def test_the_lock_has_every_requirement_at_its_version():
    """Else `make lock` is due."""
    pinned = {(pin["name"], pin["version"]) for pin in PIN.finditer(LOCK)}
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    required = re.findall(r"^([\w-]+)==(\S+)", text, re.MULTILINE)
    assert len(required) == len(text.splitlines())
    assert set(required) <= pinned


def test_set_up_installs_nothing_that_is_not_in_the_lock():
    done = subprocess.run(
        ["make", "--dry-run", "--always-make", ".venv/installed"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    (line,) = [line for line in done.stdout.splitlines() if "pip install" in line]
    assert "--require-hashes --requirement requirements.lock" in line
