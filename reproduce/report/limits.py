"""Whether runs can be held against the report's: on all examples, and to the end."""

from reproduce import reported

from .markdown import plural


def part_of(protocol):
    """Which part of the examples was used, in words; empty: all."""
    if protocol.subset is None:
        return ""
    return f"made on the first {plural(protocol.subset, 'example')} of each split only"


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
        reported.RESULTS.get((r.cell.architecture, r.cell.method), reported.NOTHING)
        for r in records
    ]
    most = max((row.epochs for row in printed if row.epochs), default=None)
    protocol = records[0].protocol
    return part_of(protocol) or cut_short(protocol, most)
