"""Disks that are full, or not to be written to."""

import os
import shutil
import subprocess
from contextlib import contextmanager

from .scene import finished
from .trial import Trial, left_out

ROOMY = "64m"


def limited_files(scene, rng, tries):
    """A limit on the size of a file that no model fits in, lifted afterwards."""
    trial = Trial("files limited to less than a model's size", tries)
    for _ in range(tries):
        out = scene.fresh("limited")
        _fail(trial, scene.start(out, limit=scene.model_bytes // 2), 1)
        trial.expect(not finished(out), "a record without its model")
        scene.finish(out)
        scene.check(trial, out)
    return trial


def full_disk(scene, rng, tries):
    """A file system with room for half the models, made larger afterwards."""
    trial = Trial("a full disk", tries)
    room = scene.model_bytes * len(scene.cells) // 2
    for _ in range(tries):
        out = scene.fresh("full")
        with _mounted(out, f"size={room}") as mounted:
            if not mounted:
                return left_out(trial.name, "file systems cannot be mounted here")
            _fail(trial, scene.start(out), 1)
            seen = finished(out)
            _mount(out, f"remount,size={ROOMY}")
            scene.finish(out)
            scene.check(trial, out, seen)
    return trial


def read_only(scene, rng, tries):
    """An output folder that may not be written to: said at once, nothing trained."""
    trial = Trial("a read-only folder", tries)
    for _ in range(tries):
        out = scene.fresh("read-only")
        with _forbidden(out) as forbidden:
            if not forbidden:
                return left_out(trial.name, "root may write everywhere here")
            errors = _fail(trial, scene.start(out), 2)
            trial.expect(errors.count("\n") == 1 and str(out) in errors, "not one line")
            trial.expect(not any(out.iterdir()), "something was written")
    return trial


def _fail(trial, process, status):
    errors = process.communicate()[1]
    trial.expect(process.returncode == status, f"status {process.returncode}")
    trial.expect("Traceback" not in errors, "a traceback")
    return errors


@contextmanager
def _forbidden(out):
    if os.geteuid():
        out.chmod(0o555)
        yield True
        out.chmod(0o755)
        return
    with _mounted(out, "ro") as mounted:
        yield mounted


@contextmanager
def _mounted(out, options):
    """A small file system at `out`; whether it could be had."""
    mounted = _mount(out, options)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", out], check=True)


def _mount(out, options):
    if os.geteuid() or not shutil.which("mount"):
        return False
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", out]
    return subprocess.run(command, capture_output=True).returncode == 0
