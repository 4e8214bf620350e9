"""A child process that trains one cell after another: `python -m …worker PARENT`.

Reads one JSON task a line from standard input (`out`, `cell`, `protocol`) and
answers in JSON lines: `epoch` now and then, and `done` or `failed` at the end;
`done` tells the most memory that the process has had, too. The record is in its
place before `done` is said. It ends with its parent, whose process id is PARENT.
"""

import json
import os
import sys
import threading
import time

from reproduce.errors import InvalidRecord, described

EVERY_SECONDS = 0.5
LOOK_SECONDS = 1.0


def main(parent=None):
    """Serve tasks until standard input, or the parent process, ends."""
    end_with(parent or os.getppid())
    say = _own_standard_output()
    for line in sys.stdin:
        try:
            _run(json.loads(line), say)
        except Exception as error:  # the parent must hear of whatever it was
            say({"event": "failed", **described(error)})


def end_with(parent):
    """End this process, in the midst of whatever it does, when its parent has."""

    def watch():
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _run(task, say):
    from .cells import Cell
    from .protocol import Protocol
    from .provenance import peak_megabytes
    from .records import Store

    cell, protocol = Cell(**task["cell"]), Protocol.from_dict(task["protocol"])
    store = Store(task["out"])
    # Another run in the same folder may have been here first.
    record = _finished(store, cell, protocol)
    if record is None:
        record = _train(store, cell, protocol, task.get("checkpoint_seconds"), say)
    say({"event": "done", **record.summary(), "megabytes": peak_megabytes()})


def _train(store, cell, protocol, checkpoint_seconds, say):
    """Train the cell and write its model and its record, unless they are there."""
    from .checkpoints import EVERY_SECONDS as USUAL
    from .checkpoints import Checkpoints
    from .records import write_atomically
    from .training import train

    every = USUAL if checkpoint_seconds is None else checkpoint_seconds
    checkpoints = Checkpoints(store.checkpoint_paths(cell), every)
    data = store.data_path
    record, model = train(cell, protocol, _epoch_events(say), checkpoints, data)
    finished = _finished(store, cell, protocol)
    if finished is None:
        if model is not None:
            write_atomically(store.model_path(cell), model)
        store.write(record)
    checkpoints.delete()
    return finished or record


def _finished(store, cell, protocol):
    try:
        record = store.read(cell)
    except InvalidRecord:
        return None
    return record if record and record.protocol == protocol else None


def _epoch_events(say):
    """A function to call after each epoch, which says so now and then."""
    last = time.monotonic()

    def on_epoch(epoch, loss):
        nonlocal last
        if time.monotonic() - last >= EVERY_SECONDS:
            last = time.monotonic()
            say({"event": "epoch", "epoch": epoch, "loss": loss})

    return on_epoch


def _own_standard_output():
    """Keep standard output for answers; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(event):
        answers.write(json.dumps(event) + "\n")
        answers.flush()

    return say


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
