"""What must be the same on two machines for a run to be the same on both."""

import hashlib
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .provenance import PACKAGES

ROOT = Path(__file__).parents[2]
CODE = ("models", "callbacks", "reproduce/optimizers", "reproduce/data")
CODE += ("reproduce/experiment",)


def fingerprint():
    """Versions of Python, of what trains, and of this project's code and data."""
    return {
        "Python": platform.python_version(),
        **{package: _version(package) for package in (*PACKAGES, "distributed")},
        "the project's code": code_sha256(),
    }


def differences(theirs, ours):
    """The entries in which a table differs from ours, in words."""
    return ", ".join(
        f"{name} {theirs.get(name)!r}, not {ours[name]!r}"
        for name in ours
        if theirs.get(name) != ours[name]
    )


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
        return "missing"
