"""With what a run was made: versions, commit, CPU, data; no host names or paths."""

import os
import platform
import resource
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("tensorflow", "keras", "numpy")


def provenance(digits):
    """What a record says of where it comes from.

    Args:
        digits: the `Digits` trained on.
    """
    return {
        "python": platform.python_version(),
        **dict(versions(PACKAGES)),
        "commit": commit(),
        "cpu": cpu(),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        "data_sha256": digits.sha256,
    }


def versions(packages):
    """(package, version) pairs of installed packages."""
    return [(package, version(package)) for package in packages]


@cache
def commit():
    """The project's commit, with a `+` where the code was changed since; or None."""
    try:
        return _git("rev-parse", "--short=12", "HEAD") + (
            "+" if _git("status", "--porcelain", "--", "*.py") else ""
        )
    except (OSError, subprocess.CalledProcessError):
        return None


@cache
def cpu():
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if "model name" in line]
    return names[0] if names else platform.processor() or platform.machine()


def peak_megabytes():
    """Peak resident memory of this process."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1e3)


def _git(*arguments):
    return subprocess.run(
        ["git", *arguments],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
