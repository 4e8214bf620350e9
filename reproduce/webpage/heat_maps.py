"""Confusion matrices as heat maps, rerun beside report; a cell opens its images."""

from reproduce import original
from reproduce.experiment.record import SPLITS
from reproduce.report.best import name
from reproduce.report.confusion import measures, outside, reported_matrix, reported_name
from reproduce.report.heatmaps import NAMES

from .markup import element, join

LEVELS = 10  # of the scale, in CSS
POWER = 0.4  # so that a few errors are seen beside hundreds
DIGITS = original.DIGITS


def section(model):
    """All splits, one at a time."""
    tabs = [
        element("button", NAMES[split], type="button", data_split=split)
        for split in reversed(SPLITS)
    ]
    words = (
        "Rows: the true digit; columns: the predicted one. "
        + ("Press a number off the diagonal to see its images." * (not model.missing))
        + model.missing
    )
    return join(
        element("h3", "Confusion matrices"),
        element("p", words),
        element("div", *tabs, class_="choice", role="group", aria_label="Examples"),
        *(_split(split, model) for split in reversed(SPLITS)),
    )


def _split(split, model):
    ours, printed = model.record.splits[split], original.CONFUSION["splits"][split]
    pairs = [
        (f"Rerun: {name(model.record)}", ours["confusion"], ours, model),
        (f"Report: {reported_name()}", reported_matrix(split), printed, None),
    ]
    others = outside(ours["confusion"])
    note = f"{others:,} more were taken for one of the other digits (not shown)."
    return element(
        "div",
        element("h4", f"{NAMES[split]} examples"),
        element("div", *(_matrix(split, *pair) for pair in pairs), class_="pair"),
        element("p", note, class_="note") if others else None,
        element("div", class_="images", aria_live="polite"),
        class_="split",
        data_split=split,
    )


def _matrix(split, title, matrix, values, model):
    head = [element("th", str(digit), scope="col") for digit in DIGITS]
    lines = [
        element(
            "tr",
            element("th", str(true), scope="row"),
            *(_cell(split, matrix, true, predicted, model) for predicted in DIGITS),
        )
        for true in DIGITS
    ]
    caption = element("caption", element("b", title), measures(values))
    return element(
        "table",
        caption,
        element("thead", element("tr", element("td", "true \\ predicted"), *head)),
        element("tbody", *lines),
        class_="heat",
    )


def _cell(split, matrix, true, predicted, model):
    number = matrix[true][predicted]
    share = number / max(1, sum(matrix[true]))
    level = 0 if not number else max(1, round(LEVELS * share**POWER))
    words = f"{number:,}"
    indices = model and model.mistaken.get(split, {}).get((true, predicted))
    if indices:
        label = f"{number:,} images of {true} taken for {predicted}: show them"
        words = element(
            "button",
            words,
            type="button",
            data_cell=f"{true}-{predicted}",
            data_count=len(indices),
            aria_label=label,
            aria_expanded="false",
        )
    kind = "right" if true == predicted else "wrong"
    return element("td", words, class_=f"{kind} level-{level}")
