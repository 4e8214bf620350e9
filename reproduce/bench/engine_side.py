"""Time one cell's engine each time a line is read: `… ARCH METHOD`."""

import json
import sys

from reproduce.data import load_digits
from reproduce.experiment.costs import microseconds_of
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training.cell import make_model

from .keras_side import time_engine

SECONDS = 4  # of a measurement


def answer(cell, requests, say):
    """For each request, say the seconds of one update (one epoch, full batches)."""
    split = load_digits().train
    num_examples = len(split.labels)
    updates = 1 if METHODS[cell.method].full_batch else num_examples
    each = 1e-6 * microseconds_of(cell.architecture, cell.method) * updates
    model = make_model(cell, Protocol(), split)
    time_engine(model, cell, num_examples)
    for _ in requests:
        epochs = max(2, round(SECONDS / each))
        say(json.dumps(time_engine(model, cell, num_examples, epochs) / updates))


if __name__ == "__main__":
    answer(
        Cell(int(sys.argv[1]), sys.argv[2], 0),
        sys.stdin,
        lambda line: print(line, flush=True),
    )
