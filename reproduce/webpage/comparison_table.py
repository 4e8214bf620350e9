"""The comparison of one architecture as a table to sort."""

import math
from statistics import median

from reproduce.experiment.methods import METHODS
from reproduce.report import verdicts as v
from reproduce.report.comparison import core_seconds, epochs_cell
from reproduce.report.markdown import NOT_RUN, fraction, spread
from reproduce.report.statistics import updates_per_epoch

from .markup import element, join
from .matrix import anchor
from .verdict_signs import sign, worst

GROUPS = [("", 1), ("Epochs", 2), ("Training accuracy", 2), ("Validation accuracy", 2)]
GROUPS += [("Runs", 1), ("Updates", 1), ("Core", 1)]
COLUMNS = ["Method", *["rerun", "report"] * 3, "ended", "rerun", "seconds"]


def comparison_table(number, rows, verdicts, protocol):
    """A line a method: rerun beside report, in numbers that a script can sort.

    Args:
        number: of the architecture.
        rows: its `Row`s.
        verdicts: key of a reported number to its `Verdict`.
        protocol: of the runs.
    """
    groups = [
        element("th", words, colspan=span, scope="colgroup") if words else element("td")
        for words, span in GROUPS
    ]
    heads = [
        element(
            "th",
            element("button", words, type="button"),
            scope="col",
            class_=None if words == "Method" else "number",
        )
        for words in COLUMNS
    ]
    head = element("tr", *groups, class_="groups"), element("tr", *heads)
    return element(
        "table",
        element("caption", f"Architecture {number}: rerun beside the report"),
        element("thead", *head),
        element("tbody", *(_line(row, verdicts, protocol) for row in rows)),
        class_="sortable comparison",
    )


def _line(row, verdicts, protocol):
    key = row.architecture, row.method
    own = [verdicts[*key, quantity] for quantity in v.QUANTITIES]
    method = METHODS[row.method]
    mark = element("sup", "†") if row.reported.note else None
    head = element(
        "th",
        element("span", class_=f"swatch m-{row.method}"),
        method.label,
        mark,
        scope="row",
        data_sort=list(METHODS).index(row.method),
    )
    return element(
        "tr",
        head,
        *_epochs(row, own[0], protocol),
        *_accuracy(row, own[1], "train"),
        *_accuracy(row, own[2], "validation"),
        *_efforts(row, protocol),
        id=anchor(*key),
        tabindex=-1,
        data_verdict=worst(own).lower(),
    )


def _epochs(row, verdict, protocol):
    middle = median(row.epochs) if row.runs else None
    shown = epochs_cell(row, protocol)
    printed = row.reported.epochs
    words = row.missing if printed is None else f"{printed:,}"
    return _ours(shown, middle, verdict), _number(words, printed)


def _accuracy(row, verdict, split):
    values = row.measured(split, "accuracy")
    shown = fraction(median(values)) + spread(values, fraction) if values else NOT_RUN
    printed = getattr(row.reported, f"{split}_accuracy")
    decimals = getattr(row.reported, f"{split}_decimals")
    words = row.missing if printed is None else fraction(printed, decimals)
    ours = _ours(shown, median(values) if values else None, verdict)
    return ours, _number(words, printed)


def _ours(shown, value, verdict):
    """The number in bold, its range small below it, and its verdict's sign."""
    middle, _, rest = shown.partition(" (")
    if value is None:
        return _number(NOT_RUN, None)
    why = f"{verdict.verdict.lower()}: {verdict.why}"
    return _number(
        join(
            element("b", middle),
            element("span", sign(verdict.verdict), title=why),
            element("span", f"{verdict.verdict.lower()}", class_="unseen"),
            element("small", rest.rstrip(")")) if rest else None,
        ),
        value,
    )


def _number(words, value):
    sort = None if value is None else ("1e99" if math.isinf(value) else value)
    quiet = " quiet" if value is None else ""
    return element("td", words, class_=f"number{quiet}", data_sort=sort)


def _efforts(row, protocol):
    if not row.runs:
        return [_number("–", None) for _ in range(3)]
    updates = epochs_cell(row, protocol, updates_per_epoch(row.method, protocol), False)
    seconds = core_seconds(row.runs)
    times = median(row.epochs) * updates_per_epoch(row.method, protocol)
    return [
        _number(row.how_ended, row.stopped),
        _number(updates, times),
        _number(f"{seconds:,.1f}", seconds),
    ]
