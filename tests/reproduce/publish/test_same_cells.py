"""REPORT.md and report.html, read as their readers do, have the same cells."""

import re
from html.parser import HTMLParser

import pytest

from reproduce.analysis.findings import find
from reproduce.publish.files import report_files
from reproduce.publish.page import page
from reproduce.publish.table import MOST_ROWS
from reproduce.publish.tables import tables

from .test_page import fill
from .test_tables import WORLDS


class Reader(HTMLParser):
    """Rows of text, by table; a table is named by its id."""

    def __init__(self, content):
        super().__init__()
        self.tables, self.rows, self.cell = {}, None, None
        self.feed(content)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows = self.tables.setdefault(dict(attributes).get("id"), [])
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = []

    def handle_endtag(self, tag):
        if tag in ("td", "th") and self.cell is not None:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        elif tag == "table":
            self.rows = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


def markdown_tables(text):
    """Tables as rows of cells, without the rules below their heads."""
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in block.splitlines()]
        yield [[plain(cell) for cell in row] for row in [rows[0], *rows[2:]]]


def plain(cell):
    return re.sub(r"\\(.)", r"\1", cell).replace("&lt;", "<").strip()


@pytest.fixture(scope="module", params=["everything", *WORLDS])
def both(request, tmp_path_factory):
    """REPORT.md, and the page's tables by name."""
    folder = tmp_path_factory.mktemp("world")
    if request.param == "everything":
        findings = fill(folder)
    else:
        findings = find(WORLDS[request.param](folder))
    text = report_files(findings, folder)["REPORT.md"].decode()
    return text, Reader(page(findings, tables(findings), folder).decode()).tables


def test_every_table_of_the_report_is_on_the_page_cell_by_cell(both):
    text, on_page = both
    compared = 0
    for rows in markdown_tables(text):
        if len(rows) - 1 <= MOST_ROWS:
            assert rows in on_page.values(), rows[0]
            compared += 1
    assert compared >= 2


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    findings = fill(tmp_path_factory.mktemp("everything"))
    return Reader(page(findings, tables(findings)).decode()).tables


def column(table, title):
    head, *rows = table
    return [row[head.index(title)] for row in rows]


@pytest.mark.parametrize(
    ("architecture", "method", "title", "shown"),
    [
        (1, "MyLion (η=0.0003)", "Epochs", "4"),
        (1, "SGD", "Epochs", "120"),
        (2, "Keras Lion", "Validation accuracy", "diverged"),
    ],
)
def test_the_grid_says_of_a_cell_what_its_table_says(
    everything, architecture, method, title, shown
):
    table = everything[f"architecture-{architecture}"]
    row = column(table, "Method").index(method)
    assert column(table, title)[row].split(" (")[0] == shown
    grid = next(row for row in everything["grid"] if row[0] == method)
    assert grid[architecture].split(" / ")[0] == shown
