"""`list`: the cells, and what became of them."""

from collections import Counter

from reproduce.experiment.cells import grid
from reproduce.experiment.protocol import METHODS
from reproduce.flags import add_grid
from reproduce.verbs.status import OK

WHAT = "show the cells and which are done"
EXAMPLE = "list"


def add_flags(parser):
    """Which cells, in which folder."""
    add_grid(parser)


def main(arguments):
    """One line a cell, then how many of each kind."""
    from reproduce.experiment.records import Store

    store, counts = Store(arguments.out), Counter()
    cells = grid(arguments.architectures, arguments.methods, arguments.seeds)
    for cell in [*cells, *_others(store, arguments)]:
        state, epochs = _state(store, cell)
        counts[state] += 1
        print(f"{str(cell):28} {state:12} {epochs}".rstrip())
    print(", ".join(f"{number} {state}" for state, number in counts.items()))
    return OK


def _state(store, cell):
    from reproduce.experiment.records import InvalidRecord

    try:
        record = store.read(cell)
    except InvalidRecord:
        return "invalid", ""
    if record is None:
        return "to do", ""
    return record.ending, f"{record.epochs:6} epochs"


def _others(store, arguments):
    """Cells with other optimizers than the report's that have records there."""
    cells = [record.cell for record in store.load()]
    return [
        cell
        for cell in cells
        if cell.method not in METHODS
        and cell.architecture in arguments.architectures
        and cell.seed in arguments.seeds
    ]
