"""A child process that trains one cell after another: `python -m …worker`.

Reads one JSON task a line from standard input (`out`, `cell`, `protocol`) and
answers in JSON lines: `epoch` now and then, and `done` or `failed` at the end.
The record is in its place before `done` is said.
"""

import json
import os
import sys
import time
from dataclasses import asdict

EVERY_SECONDS = 0.5


def main():
    """Serve tasks until standard input ends."""
    say = _own_standard_output()
    parent = os.getppid()
    for line in sys.stdin:
        try:
            _run(json.loads(line), say, parent)
        except Exception as error:  # the parent must hear of whatever it was
            message = f"{type(error).__name__}: {error}".splitlines()[0]
            say({"event": "failed", "message": message})


def _run(task, say, parent):
    from .cells import Cell
    from .protocol import Protocol
    from .records import Store, write_atomically
    from .training import train

    cell, protocol = Cell(**task["cell"]), Protocol.from_dict(task["protocol"])
    last = time.monotonic()

    def on_epoch(epoch, loss):
        nonlocal last
        if os.getppid() != parent:
            raise SystemExit("the parent is gone")
        if time.monotonic() - last >= EVERY_SECONDS:
            last = time.monotonic()
            say({"event": "epoch", "epoch": epoch, "loss": loss})

    record, model = train(cell, protocol, on_epoch)
    store = Store(task["out"])
    if model is not None:
        write_atomically(store.model_path(cell), model)
    store.write(record)
    accuracy = record.splits.get("validation", {}).get("accuracy")
    say(
        {
            "event": "done",
            "cell": asdict(cell),
            "status": record.status,
            "epochs": record.epochs,
            "accuracy": accuracy,
            "seconds": record.seconds["setup"] + record.seconds["training"],
        }
    )


def _own_standard_output():
    """Keep standard output for answers; what libraries print goes to stderr."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(event):
        answers.write(json.dumps(event) + "\n")
        answers.flush()

    return say


if __name__ == "__main__":
    main()
