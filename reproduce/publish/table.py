"""A table of values, written as Markdown, as CSV and as HTML."""

import csv
import html
import io
from dataclasses import dataclass

from .rendering import phrase
from .text import KINDS, escaped

MOST_ROWS = 300  # of a table that is shown, not only given as a file


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: of its values in the rows, and in the CSV's header.
        title: its head for readers; empty: the column is in the CSV only.
        kind: key of `text.KINDS`; says how its values are written.
    """

    key: str
    title: str = ""
    kind: str = "text"

    @property
    def is_number(self):
        return self.kind != "text"


@dataclass(frozen=True)
class Cell:
    """A value that is shown otherwise than its column's kind says.

    Attributes:
        value: as the CSV has it.
        shown: as readers see it.
        is_markdown: whether `shown` is Markdown, for tables that are nothing else.
    """

    value: object
    shown: str
    is_markdown: bool = False


BLANK = Cell(None, "")  # where nothing is missing


def say(macro, *values):
    """A phrase of `words.j2`."""
    return phrase("words.j2", macro, *values)


def worded(macro, value, *arguments):
    """A value that is shown as what a macro of `words.j2` says of it."""
    return Cell(value, say(macro, value, *arguments))


def yes(value):
    """`yes` or `no`."""
    return worded("yes", value)


@dataclass(frozen=True)
class Table:
    """One table of the report.

    Attributes:
        name: names its files and its place on the page.
        title: in words.
        columns: `Column`s, in order.
        rows: dictionaries of values by a column's key; a value may also be a `Cell`,
            where what is shown is more than one number.
        notes: paragraphs below it.
    """

    name: str
    title: str
    columns: tuple
    rows: tuple
    notes: tuple = ()

    @classmethod
    def of(cls, name, title, rows, *notes):
        """A table that has the columns that its rows have.

        Args:
            name, title, notes: of the table.
            rows: dictionaries of values by `Column`; a text instead of a `Column` is
                the key of one without a title.
        """
        rows = [
            {c if isinstance(c, Column) else Column(c): row[c] for c in row}
            for row in rows
        ]
        columns = tuple(dict.fromkeys(column for row in rows for column in row))
        by_key = tuple({column.key: row[column] for column in row} for row in rows)
        return cls(name, title, columns, by_key, notes)

    @property
    def shown(self):
        """The columns that readers see."""
        return [column for column in self.columns if column.title]

    @property
    def is_long(self):
        """Whether it is too long to be read."""
        return len(self.rows) > MOST_ROWS

    def cells(self):
        """Rows of text, as readers see them, the same in Markdown and in HTML."""
        return [[_text(row, column) for column in self.shown] for row in self.rows]

    def markdown(self):
        """A Markdown table and the notes, without a title."""
        rules = ["---:" if column.is_number else "---" for column in self.shown]
        head = [escaped(column.title, keep="`") for column in self.shown]
        body = [[_markdown(row, column) for column in self.shown] for row in self.rows]
        lines = [f"| {' | '.join(row)} |" for row in [head, rules, *body]]
        notes = [escaped(note, keep="`") for note in self.notes]
        return "\n\n".join(["\n".join(lines), *notes])

    def csv(self):
        """The CSV file's bytes: every column, in full precision."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.key for column in self.columns])
        for row in self.rows:
            writer.writerow([_value(row.get(column.key)) for column in self.columns])
        return text.getvalue().encode()

    def files(self):
        """Path below the output folder to bytes: CSV, and Markdown if it is shown."""
        files = {f"tables/{self.name}.csv": self.csv()}
        if self.shown:
            text = f"# {self.title}\n\n{self.markdown()}\n"
            files[f"tables/{self.name}.md"] = text.encode()
        return files

    def html(self):
        """A `<table>` with the same cells, and its notes as paragraphs."""
        classes = [" class=number" if column.is_number else "" for column in self.shown]
        head = _html_row(
            [f"th scope=col{number}" for number in classes],
            [column.title for column in self.shown],
        )
        tags = ["th scope=row", *(f"td{number}" for number in classes[1:])]
        body = "".join(_html_row(tags, row) for row in self.cells())
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return (
            f"<table id={html.escape(self.name)}><thead>{head}</thead>"
            f"<tbody>{body}</tbody></table>{notes}"
        )


def _text(row, column):
    value = row.get(column.key)
    return value.shown if isinstance(value, Cell) else KINDS[column.kind](value)


def _markdown(row, column):
    value, text = row.get(column.key), _text(row, column)
    return text if isinstance(value, Cell) and value.is_markdown else escaped(text)


def _value(value):
    return value.value if isinstance(value, Cell) else value


def _html_row(tags, texts):
    cells = [
        f"<{tag}>{html.escape(text)}</{tag[:2]}>"
        for tag, text in zip(tags, texts, strict=False)  # a hidden table has no texts
    ]
    return f"<tr>{''.join(cells)}</tr>"
