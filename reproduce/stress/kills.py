"""`kill -9`, at random times, until the runs are done all the same."""

import time

from . import processes
from .scene import finished
from .trial import Trial

MOST_ROUNDS = 40
MOST_KILLS = 5  # of children, a try


def kill_parents(scene, rng, tries):
    """The command is killed and started again, until it ends by itself."""
    trial = Trial("the command killed at random times", tries)
    for _ in range(tries):
        out, seen = scene.fresh("parents"), {}
        for turn in range(MOST_ROUNDS):
            process = scene.start(out)
            own = _wait(process, turn and rng.uniform(0, scene.seconds))
            if process.poll() is not None:
                process.communicate()
                break
            process.kill()
            trial.kills += 1
            orphans = processes.survivors(own)
            trial.expect(not orphans, f"{len(orphans)} children outlived it")
            process.communicate()
            seen = finished(out) | seen
        else:
            scene.finish(out)
        scene.check(trial, out, seen)
    return trial


def kill_children(scene, rng, tries):
    """Its children are killed while it runs; it goes on, and fails only their runs."""
    trial = Trial("its children killed at random times", tries)
    for _ in range(tries):
        out, seen, left = scene.fresh("children"), {}, rng.randint(2, MOST_KILLS)
        for _ in range(MOST_ROUNDS):
            process = scene.start(out)
            killed = _kill_some(process, rng, scene.seconds / 2, left)
            left -= killed
            process.communicate()
            trial.kills += killed
            trial.expect(process.returncode in (0, 1), f"status {process.returncode}")
            seen = finished(out) | seen
            if process.returncode == 0:
                break
        else:
            scene.finish(out)
        scene.check(trial, out, seen)
    return trial


def _kill_some(process, rng, seconds, most):
    """Kill a child now and then until the process ends; return how many."""
    killed = 0
    while process.poll() is None and killed < most:
        own = _wait(process, killed and rng.uniform(0, seconds))
        if own and process.poll() is None:
            killed += processes.kill(rng.choice(own))
    return killed


def _wait(process, seconds):
    """Wait so long (0: for its first child), or until it ends; return its children.

    The first kill of a try waits for a child because a time could come too late: the
    machine may have been slower when the undisturbed run was timed.
    """
    until, own = time.monotonic() + seconds, []
    while process.poll() is None:
        time.sleep(0.02)
        own = processes.children(process.pid)
        if time.monotonic() >= until and (seconds or own):
            break
    return own
