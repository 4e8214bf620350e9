"""What stands below a comparison table."""

from statistics import median

from reproduce import original

from .distributions import accuracy_interval
from .limits import part_of


def footnotes(rows):
    """{note: mark} of the notes on rows of the report that can be read."""
    notes = {
        row.reported.note: None
        for row in rows
        if row.reported.note and row.reported.epochs is not None
    }
    return {note: "†" * number for number, note in enumerate(notes, start=1)}


def reading(rows):
    """How the cells are to be read."""
    runs = [run for row in rows for run in row.runs]
    part = part_of(runs[0].protocol) if runs else ""
    notes = [f"**These runs were {part}.**"] if part else []
    if max(len(row.runs) for row in rows) > 1:
        notes.append(
            "Several seeds: median (minimum–maximum). A run that did not converge "
            "counts as infinitely many epochs."
        )
    known = [row.accuracy("validation") for row in rows]
    known = [accuracy for accuracy in known if accuracy is not None]
    if known and not part:
        notes.append(_doubt(median(known)))
    return notes


def _doubt(accuracy):
    images = original.EXAMPLES["validation"]
    low, high = accuracy_interval(accuracy, images)
    return (
        f"On {images:,} images a validation accuracy of {accuracy:.4f} is known to "
        f"{low:.4f}–{high:.4f} (Wilson's 95% interval); the CSV has that of each row. "
        "The report may have drawn other images: its numbers carry as much doubt again."
    )
