"""Whether runs can be held against the report's: on all examples, and to the end."""

from reproduce import original
from reproduce.experiment.protocol import Protocol

from .markdown import plural

REPORT = Protocol()
UNSAID = ("mode", "num_classes")  # stated in so many words, and open to readings


def part_of(protocol):
    """Which part of the examples was used, in words; empty: all."""
    if protocol.subset is None:
        return ""
    return f"made on the first {plural(protocol.subset, 'example')} of each split only"


def unlike(protocol):
    """In what the runs are not the report's: data or stated settings; empty: nothing.

    What the report leaves unsaid may differ.
    """
    if protocol.data_sha256 is not None:
        return "made on other data than the report's"
    stated = [row.setting for row in original.HYPERPARAMETERS]
    stated = [name for name in stated if hasattr(REPORT, name) and name not in UNSAID]
    changed = [
        f"{name} {getattr(protocol, name)}"
        for name in (*stated, "batch_size")
        if getattr(protocol, name) != getattr(REPORT, name)
    ]
    if not changed:
        return ""
    return f"made with other settings than the report's ({', '.join(changed)})"


def cut_short(protocol, epochs):
    """That the limit of epochs is below the report's, in words; empty: it is not.

    Args:
        epochs: the report's, or None.
    """
    if epochs is None or protocol.max_epochs >= epochs:
        return ""
    return (
        f"limited to {plural(protocol.max_epochs, 'epoch')}, where the report's take "
        f"up to {epochs:,}"
    )


def limits(records):
    """Why records of one protocol are no rerun of the report; empty: they are."""
    if not records:
        return ""
    printed = [
        original.RESULTS.get((r.cell.architecture, r.cell.method), original.NOTHING)
        for r in records
    ]
    most = max((row.epochs for row in printed if row.epochs), default=None)
    protocol = records[0].protocol
    return unlike(protocol) or part_of(protocol) or cut_short(protocol, most)
