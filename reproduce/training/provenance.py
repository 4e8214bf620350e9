"""With what a run was made, and what must be the same for it to come out the same."""

import hashlib
import os
import platform
import re
import resource
import subprocess
import sys
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("tensorflow", "keras", "numpy")
ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
MISSING = "missing"
CODE = ("models", "callbacks", "reproduce/optimizers", "reproduce/data")
CODE += (
    "reproduce/experiment",
    "reproduce/training",
)


def provenance(digits):
    """What a record says of where it comes from: no host names, no paths.

    Args:
        digits: the `Digits` trained on.
    """
    return {
        "python": platform.python_version(),
        **dict(versions(PACKAGES)),
        "lock_sha256": lock_sha256(),
        "commit": commit(),
        "cpu": cpu(),
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        "data_sha256": digits.sha256,
    }


def versions(packages):
    """(package, version) pairs of installed packages."""
    return [(package, version(package)) for package in packages]


@cache
def lock_sha256():
    """Hash of `requirements.lock`; None where it is not what is installed."""
    try:
        content = LOCK.read_bytes()
    except OSError:
        return None
    pinned = {}
    for name, number in re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", content.decode()):
        pinned.setdefault(name, {MISSING}).add(number)  # each system has its own
    if any(_version(name) not in numbers for name, numbers in pinned.items()):
        return None
    return hashlib.sha256(content).hexdigest()


@cache
def commit():
    """The project's commit, with a `+` where the code was changed since; or None.

    A package that is installed has none: a repository around it is of something else.
    """
    if not (ROOT / ".git").exists():
        return None
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
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


def fingerprint():
    """Versions of Python, of what trains, and of this project's code and data."""
    return {
        "Python": platform.python_version(),
        **{package: _version(package) for package in (*PACKAGES, "distributed")},
        "the project's code": code_sha256(),
    }


def code_sha256(root=ROOT):
    """The first digits of a hash of all files that a run depends on."""
    digest = hashlib.sha256()
    for folder in CODE:
        for path in sorted(Path(root, folder).rglob("*")):
            if path.suffix in (".py", ".npz"):
                digest.update(f"{path.relative_to(root)}\n".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _version(package):
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING
