"""Every epoch of every record as one tidy CSV file."""

import pandas as pd

from reproduce.files import write_atomically

from .recorded import records


def write(source, target):
    """See `export`."""
    frame = history_frame(records(source))
    write_atomically(target, frame.to_csv(index=False, lineterminator="\n").encode())
    return [f"{target}: {len(frame):,} rows, one an epoch of a run"]


def history_frame(records):
    """One row an epoch: whose it is, and every quantity recorded of it.

    Columns: `architecture`, `method`, `seed`, `epoch` (from 1), then the records'
    quantities, `loss` and `accuracy` first; what a record lacks is missing.
    """
    return pd.concat([_epochs(record) for record in records], ignore_index=True)


def _epochs(record):
    history = record.to_frame().reset_index()
    for place, (name, value) in enumerate(vars(record.cell).items()):
        history.insert(place, name, value)
    return history
