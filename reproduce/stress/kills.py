"""`kill -9`, at random times, until the runs are done all the same."""

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
            seconds = turn and rng.uniform(0, scene.seconds)
            children = processes.children_after(process, seconds)
            if process.poll() is not None:
                process.communicate()
                break
            process.kill()
            trial.kills += 1
            orphans = processes.survivors(children)
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
        children = processes.children_after(process, killed and rng.uniform(0, seconds))
        if children and process.poll() is None:
            killed += processes.kill(rng.choice(children))
    return killed
