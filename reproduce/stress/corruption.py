"""Records and checkpoints, cut short and changed."""

import shutil
import threading
import time
from dataclasses import replace

from reproduce.errors import InvalidRecord
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store
from reproduce.training.pool import Child

from . import processes
from .trial import Trial

CHECKPOINT_SECONDS = 0.2
LONG = replace(
    Protocol(), max_epochs=300, subset=300, mode="absolute", threshold=0.0
)  # epochs enough to be killed in their midst


def damage_records(scene, rng, tries):
    """Cut at every length, and a bit flipped in every byte: seen, or of no effect."""
    trial = Trial("a record cut at every length, and a bit of each byte flipped")
    out = scene.fresh("records")
    cell = scene.cells[0]
    shutil.copytree(scene.expected, out, dirs_exist_ok=True)
    store, content = Store(out), Store(scene.expected).path(cell).read_bytes()
    whole, path = store.read(cell), store.path(cell)
    for damaged in _damages(content, rng):
        path.write_bytes(damaged)
        trial.tries += 1
        trial.corruptions += 1
        try:
            record = store.read(cell)
        except InvalidRecord:
            continue
        same = record == whole or damaged == content[:-1]  # the last line's end
        trial.expect(same, "a damaged record was believed")
    return trial


def _damages(content, rng):
    yield from (content[:length] for length in range(len(content)))
    for place in range(len(content)):
        changed = content[place] ^ (1 << rng.randrange(8))
        yield content[:place] + bytes([changed]) + content[place + 1 :]


def retrain_damaged(scene, rng, tries):
    """Some files of a finished folder are damaged: only those are made again."""
    trial = Trial("finished folders with damaged records and models, run again", tries)
    for _ in range(tries):
        out = scene.fresh("damaged")
        shutil.copytree(scene.expected, out, dirs_exist_ok=True)
        store = Store(out)
        *victims, last = rng.sample(scene.cells, min(3, len(scene.cells)))
        damaged = [store.path(victim) for victim in victims] + [store.model_path(last)]
        for path in damaged:
            content = path.read_bytes()
            path.write_bytes(content[: rng.randrange(len(content) - 1)])
            trial.corruptions += 1
        seen = {
            path: (path.stat().st_mtime_ns, path.read_bytes())
            for cell in scene.cells
            if cell not in victims
            for path in (store.path(cell), store.model_path(cell))
            if path not in damaged
        }
        scene.finish(out)
        scene.check(trial, out, seen)
        set_aside = list(out.glob("runs/*/*/*.invalid"))
        trial.expect(
            len(set_aside) == len(victims), "a damaged record was not kept aside"
        )
    return trial


def damage_checkpoints(scene, rng, tries):
    """Children killed in long runs, their checkpoints damaged: the same bytes."""
    trial = Trial("long runs killed, and their checkpoints damaged", tries)
    for number in range(tries):
        cell = Cell(1, scene.cells[number % len(scene.cells)].method, number)
        whole, broken = (Store(scene.fresh("checkpoints")) for _ in range(2))
        train_long(whole, cell)
        for damage in (_none, _cut_newest, _flip_all, None):
            if damage is None:
                train_long(broken, cell)
            elif train_long(broken, cell, rng):
                trial.kills += 1
                trial.corruptions += damage(broken.checkpoint_paths(cell), rng)
            else:
                break
        check_long(trial, broken, whole, cell, cell)
    return trial


def check_long(trial, store, whole, cell, name):
    """Count as losses all in which a long run is not as the undisturbed one left it."""
    ours, theirs = store.read(cell), whole.read(cell)
    same = ours and ours.to_dict()["sha256"] == theirs.to_dict()["sha256"]
    trial.expect(same, f"{name}: not the same bytes")
    left = [path for path in store.checkpoint_paths(cell) if path.exists()]
    trial.expect(not left, f"{name}: checkpoints left behind")


def train_long(store, cell, rng=None):
    """Train in a child; with `rng`, kill it after a checkpoint: whether it was."""
    child, killed = Child(checkpoint_seconds=CHECKPOINT_SECONDS), []
    before = {path: _stamp(path) for path in store.checkpoint_paths(cell)}

    def kill():
        while not killed:
            time.sleep(0.02)
            if any(_stamp(path) != stamp for path, stamp in before.items()):
                time.sleep(rng.uniform(0, 2 * CHECKPOINT_SECONDS))
                killed.append(processes.kill(child.process.pid))

    thread = threading.Thread(target=kill, daemon=True)
    if rng:
        thread.start()
    event = child.run(cell, LONG, store.folder, lambda event: None)
    killed.append(False)
    child.stop()
    return event["event"] == "failed"


def _stamp(path):
    return path.stat().st_mtime_ns if path.exists() else None


def _none(paths, rng):
    return 0


def _cut_newest(paths, rng):
    newest = max((path for path in paths if path.exists()), key=_stamp)
    content = newest.read_bytes()
    newest.write_bytes(content[: rng.randrange(len(content))])
    return 1


def _flip_all(paths, rng):
    existing = [path for path in paths if path.exists()]
    for path in existing:
        content = bytearray(path.read_bytes())
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        path.write_bytes(content)
    return len(existing)
