"""Ctrl-C, Ctrl-Z, and two commands at once in one folder."""

import os
import signal
import time
from contextlib import suppress

from reproduce.experiment.store import Store

from . import processes
from .scene import finished
from .trial import Trial

INTERRUPTED = 130
AT_ONCE_SECONDS = 10.0  # on a busy machine
SILENCE = 1.5  # times the undisturbed run; no child of it was silent for so long
PAUSE = 1.25  # times that silence


def interrupt_once(scene, rng, tries):
    """Ctrl-C: what runs is finished, nothing else is begun."""
    trial = Trial("Ctrl-C once", tries)
    for _ in range(tries):
        out = scene.fresh("once")
        process = scene.start(out)
        children = _until_a_record(process, out)
        running = len(children)
        before = len(finished(out)) // 2
        process.send_signal(signal.SIGINT)
        errors = process.communicate()[1]
        seen = finished(out)
        trial.expect(process.returncode == INTERRUPTED, f"status {process.returncode}")
        trial.expect("Traceback" not in errors, "a traceback")
        more = len(seen) // 2 - before
        trial.expect(1 <= more <= running + 1, f"{more} of {running} runs finished")
        trial.expect(not processes.survivors(children), "children outlived it")
        scene.finish(out)
        scene.check(trial, out, seen)
    return trial


def interrupt_twice(scene, rng, tries):
    """Ctrl-C again: what runs is ended at once."""
    trial = Trial("Ctrl-C twice", tries)
    for _ in range(tries):
        out = scene.fresh("twice")
        process = scene.start(out)
        children = _until_a_record(process, out)
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        errors = process.communicate()[1]
        took = time.monotonic() - begun
        seen, status = finished(out), process.returncode
        # Where all was done in between, the second one ends Python in its last moment.
        trial.expect(status in (INTERRUPTED, -signal.SIGINT), f"status {status}")
        trial.expect("Traceback" not in errors, "a traceback")
        trial.expect(took < AT_ONCE_SECONDS, f"{took:.0f} s until it ended")
        trial.expect(not processes.survivors(children), "children outlived it")
        scene.finish(out)
        scene.check(trial, out, seen)
    return trial


def pause(scene, rng, tries):
    """A machine that sleeps, or Ctrl-Z, which stops no children."""
    trial = Trial(
        "stopped for longer than children may be silent, and continued", tries
    )
    silence = SILENCE * scene.seconds
    for number in range(tries):
        out = scene.fresh("stopped")
        process = scene.start(out, silence=silence)
        children = processes.children_after(process, rng.uniform(0, scene.seconds / 2))
        groups = [process.pid, *([] if number % 2 else children)]
        if process.poll() is None:
            _signal(groups, signal.SIGSTOP)
            time.sleep(PAUSE * silence)
            _signal(groups, signal.SIGCONT)
        errors = process.communicate()[1].strip()
        trial.expect(process.returncode == 0, f"status {process.returncode}: {errors}")
        scene.check(trial, out)
    return trial


def two_at_once(scene, rng, tries):
    """The command twice at the same time: both end well."""
    trial = Trial("two commands at once in one folder", tries)
    for _ in range(tries):
        out, seen = scene.fresh("two"), {}
        both = [scene.start(out), scene.start(out)]
        while any(process.poll() is None for process in both):
            seen = finished(out) | seen
            time.sleep(0.2)
        for process in both:
            errors = process.communicate()[1].strip()
            trial.expect(
                process.returncode == 0, f"status {process.returncode} {errors}"
            )
        scene.check(trial, out, seen)
    return trial


def two_settings_at_once(scene, rng, tries):
    """Two commands whose settings differ, at the same time: one of them is refused."""
    trial = Trial("two commands with other settings at once in one folder", tries)
    for _ in range(tries):
        out = scene.fresh("settings")
        both = [scene.start(out), scene.start(out, more=("--learning-rate", "0.002"))]
        errors = [process.communicate()[1] for process in both]
        statuses = sorted(process.returncode for process in both)
        trial.expect(statuses == [0, 2], f"statuses {statuses}")
        refused = "".join(errors)
        trial.expect("other settings" in refused, f"not said: {refused.strip()}")
        trial.expect("Traceback" not in refused, "a traceback")
        records = Store(out).load()
        trial.expect(len(records) == len(scene.cells), f"{len(records)} records")
        trial.expect(len({record.protocol for record in records}) == 1, "a mixture")
    return trial


def _signal(groups, number):
    for group in groups:
        with suppress(ProcessLookupError):  # it has ended meanwhile
            os.killpg(group, number)


def _until_a_record(process, out):
    """Wait for the first record; return the children that are at work."""
    while process.poll() is None and not any(out.glob("runs/*/*/*.json")):
        time.sleep(0.02)
    return processes.children(process.pid)
