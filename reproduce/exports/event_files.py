"""Records as TensorBoard event files, one folder a run; TensorBoard is not needed.

The time of an epoch is taken as its share of the run's, so that TensorBoard's axis
"relative" shows how long training took.
"""

import tempfile
from pathlib import Path

from reproduce.files import write_atomically
from reproduce.predict.quiet import quiet_keras

from .recorded import records

FILE = "events.out.tfevents.0.reproduce"  # one name, so that no run has two files
VERSION = "brain.Event:2"


def write(source, target):
    """See `export`."""
    return write_events(records(source), target)


def write_events(records, target):
    """Write one event file a record, in place of an earlier one of the run.

    Scalars: `epoch/<quantity>` of each epoch that has it, and at the last epoch
    `final/<split>_<loss or accuracy>`.

    Returns:
        Lines that say what was written, and how to look at it.
    """
    quiet_keras()
    for record in records:
        folder = Path(target) / Path(record.cell.path).with_suffix("")
        write_atomically(folder / FILE, _file(record))
    return [
        f"{target}: event files of {len(records)} runs; look at them with "
        f"`tensorboard --logdir {target}` (pip install -r requirements-tensorboard.txt)"
    ]


def _file(record):
    """An event file's bytes."""
    import tensorflow as tf

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        with tf.io.TFRecordWriter(str(path)) as file:
            for event in _events(record, tf.compat.v1.Event, tf.compat.v1.Summary):
                file.write(event.SerializeToString(deterministic=True))
        return path.read_bytes()


def _events(record, event, summary):
    yield event(wall_time=0, file_version=VERSION)
    names, epochs = list(record.history), len(record.history["loss"])
    for epoch, row in enumerate(zip(*record.history.values(), strict=True), start=1):
        known = zip(names, row, strict=True)
        scalars = {f"epoch/{n}": x for n, x in known if x is not None}
        if epoch == epochs:
            scalars |= _final(record)
        yield event(
            wall_time=record.seconds["training"] * epoch / epochs,
            step=epoch,
            summary=summary(
                value=[
                    summary.Value(tag=tag, simple_value=value)
                    for tag, value in scalars.items()
                ]
            ),
        )


def _final(record):
    return {
        f"final/{split}_{quantity}": values[quantity]
        for split, values in record.splits.items()
        for quantity in ("loss", "accuracy")
    }
