"""A table twice over: a CSV in full precision and Markdown rounded for readers."""

import csv
import io
import math
from dataclasses import dataclass, field

NOT_RUN = "not run"
NOT_LEGIBLE = "not legible"
NOT_PRINTED = "not printed"
NOT_STATED = "not stated"
NOT_IN_REPORT = "not in the report"
DIVERGED = "diverged"
WORDS = (
    "",
    "–",
    NOT_RUN,
    NOT_LEGIBLE,
    NOT_IN_REPORT,
    DIVERGED,
)  # in columns of numbers


@dataclass(frozen=True)
class Table:
    """One table of the report.

    Attributes:
        name: file stem below `tables/`.
        title: heading of the Markdown file.
        data: rows of the CSV, as dictionaries of one set of keys.
        header, rows: cells of the Markdown table, as text; empty: CSV only.
        notes: paragraphs below it.
    """

    name: str
    title: str
    data: list
    header: list
    rows: list
    notes: list = field(default_factory=list)

    def csv(self):
        """The CSV file's bytes; None becomes an empty cell."""
        text = io.StringIO()
        writer = csv.DictWriter(text, list(self.data[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.data)
        return text.getvalue().encode()

    def body(self):
        """Table and notes, without the title."""
        return "\n\n".join([grid(self.header, self.rows), *self.notes])

    def markdown(self):
        """The Markdown file's bytes."""
        return f"# {self.title}\n\n{self.body()}\n".encode()


def grid(header, rows):
    """A Markdown table: first column to the left, numbers to the right."""
    columns = list(zip(header, *rows, strict=True))
    rule = [_rule(cells[1:]) for cells in columns]
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rule, *rows])


def _rule(cells):
    numbers = [cell for cell in cells if cell not in WORDS]
    starts = [cell.lstrip(">+−*–( ")[:1] for cell in numbers]
    is_number = starts and all(one.isdigit() or one == "∞" for one in starts)
    return "---:" if is_number else "---"


def count(number):
    """An integer or half-integer with thousands separated: 5,005 or 41.5."""
    return f"{number:,.0f}" if number == int(number) else f"{number:,.1f}"


def fraction(number, decimals=4):
    """A fraction as the report prints it."""
    return f"{number:.{decimals}f}"


def signed(number, digits):
    """A difference with its sign: +1.25, −0.50, 0; ∞ beyond all bounds."""
    if math.isinf(number):
        return f"{'+' if number > 0 else '−'}∞"
    text = f"{number:+,.{digits}f}".replace("-", "−")
    return text if any(c in "123456789" for c in text) else text.lstrip("+−")


def plural(number, noun):
    """`1 run`, `2 runs`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def listed(words):
    """`a, b and c`."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def spread(values, write):
    """The values' range, in brackets, where there is more than one."""
    if len(values) < 2:
        return ""
    low, high = write(min(values)), write(max(values))
    return f" ({low}–{high})"


def epochs(number, max_epochs, any_at_limit=True):
    """Epochs to convergence; those of a run that never did are `math.inf`."""
    if math.isinf(number):
        return f">{max_epochs:,}" if any_at_limit else DIVERGED
    return count(number)
