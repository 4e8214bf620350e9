"""One architecture: its table to sort, its curves, and the rest folded away."""

from .comparison_table import comparison_table
from .curves import EPOCHS_DRAWN
from .markup import element, join, markdown, scrolling

SHOWN = ("Comparison of the methods", "Error against epoch")  # not folded away


def section(chapter, findings, number, files):
    """The chapter's body."""
    rows = [row for row in findings.rows if row.architecture == number]
    verdicts = {one.key: one for one in findings.verdicts}
    table = comparison_table(number, rows, verdicts, findings.protocol)
    words, _, layers = chapter.head.partition("\n\n")
    folded = [("Layers", layers)] if layers else []
    folded += [(p.title, p.body) for p in chapter.parts if p.title not in SHOWN]
    notes = _notes(rows)
    return join(
        markdown(words, files),
        scrolling(table, f"Comparison table of architecture {number}"),
        element("p", *notes, class_="note") if notes else None,
        _curves(number, any(row.runs for row in rows)),
        *(
            element("details", element("summary", title), markdown(body, files))
            for title, body in folded
        ),
    )


def _notes(rows):
    notes = []
    if max(len(row.runs) for row in rows) > 1:
        notes.append("Bold: median over the seeds; below it the range. ")
    found = dict.fromkeys(row.reported.note for row in rows if row.reported.note)
    return [*notes, *(f"† {note}. " for note in found)]


def _curves(number, any_runs):
    if not any_runs:
        return element("p", "No run yet, so no curves.", class_="note")
    caption = (
        f"Architecture {number}: average training error (cross entropy) against epoch. "
        "Thick: the median run; thin: other seeds. A dot ends a run at the threshold, "
        "an upward triangle one whose error rose, a triangle to the right one cut off "
        "at the limit of epochs, a cross one that diverged. Marks "
        "on the axis: the report's epochs. Of longer runs at most "
        f"{2 * EPOCHS_DRAWN} epochs are drawn, spread evenly on both kinds of axis."
    )
    return element(
        "figure",
        element("figcaption", caption),
        class_="curves",
        data_architecture=number,
    )
