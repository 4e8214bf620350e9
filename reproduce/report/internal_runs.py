"""What our own runs add to the report's internal checks."""

from statistics import median

from reproduce import original

from .markdown import listed, plural


def own_batch_gd(records):
    """Batch GD after as many epochs as its odd rows print, and SGD at its end.

    Args:
        records: of one protocol.

    Returns:
        A sentence or more, or an empty text without such runs.
    """
    odd = [row for row in original.RESULTS.values() if row.note and row.epochs]
    places = {r.cell.architecture for r in records if r.cell.method == "batch_gd"}
    own = [row for row in odd if row.architecture in places] or odd[:1]
    sentences = [_batch(records, row) for row in own]
    sentences += [_sgd(records, row.architecture) for row in odd]
    return " ".join(filter(None, sentences))


def _batch(records, row):
    """Our batch GD after the row's epochs: on its architecture, else on any."""
    runs = [
        record
        for record in records
        if record.cell.method == row.method
        and len(record.history.get("accuracy", [])) >= row.epochs
    ]
    same = [run for run in runs if run.cell.architecture == row.architecture]
    chosen, at = same or runs, row.epochs - 1
    if not chosen:
        return ""
    error = median(run.history["loss"][at] for run in chosen)
    right = median(run.history["accuracy"][at] for run in chosen)
    where = listed([str(n) for n in sorted({r.cell.architecture for r in chosen})])
    return (
        f"Our batch GD on architecture {where} ({plural(len(chosen), 'run')}) has "
        f"after {row.epochs:,} epochs an error of {error:.2f} and {right:.1%} in "
        f"training, where the report prints {row.train_accuracy:.2%}."
    )


def _sgd(records, architecture):
    runs = [
        record
        for record in records
        if (record.cell.architecture, record.cell.method) == (architecture, "sgd")
        and record.splits
    ]
    if not runs:
        return ""
    epochs = median(run.epochs for run in runs)
    right = median(run.splits["train"]["accuracy"] for run in runs)
    return (
        f"Our SGD on architecture {architecture} ({plural(len(runs), 'run')}) ends "
        f"after {epochs:g} epochs with {right:.2%}."
    )
