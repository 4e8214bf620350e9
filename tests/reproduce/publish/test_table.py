"""A table has the same cells in Markdown and HTML, and full precision in its CSV."""

import csv
import io
import re

import pytest

from reproduce.publish.table import Cell, Column, Table


@pytest.fixture
def table():
    return Table(
        "methods",
        "Methods",
        (
            Column("method", "Method"),
            Column("epochs", "Epochs", "count"),
            Column("right", "Accuracy", "percent"),
            Column("seeds", ""),
        ),
        (
            {"method": "SGD", "epochs": 1530, "right": 0.95684321, "seeds": 3},
            {"method": "a|b <i>\n`c`", "epochs": Cell(41, "41 (36–47)")},
        ),
        ("A note & more.",),
    )


def test_markdown_aligns_numbers_to_the_right_and_hides_what_has_no_title(table):
    assert table.markdown() == (
        "| Method | Epochs | Accuracy |\n"
        "| --- | ---: | ---: |\n"
        "| SGD | 1,530 | 95.68 % |\n"
        "| a\\|b &lt;i> `c` | 41 (36–47) | – |\n\n"
        "A note & more."
    )


def test_the_csv_has_every_column_in_full_precision(table):
    rows = list(csv.DictReader(io.StringIO(table.csv().decode())))
    assert rows[0] == {
        "method": "SGD",
        "epochs": "1530",
        "right": "0.95684321",
        "seeds": "3",
    }
    assert rows[1]["epochs"] == "41" and rows[1]["right"] == ""


def test_html_has_the_same_cells_as_markdown(table):
    page = table.html()
    found = re.findall(r"<t[dh](?: [^>]*)?>(.*?)</t[dh]>", page, re.DOTALL)
    assert found[:6] == ["Method", "Epochs", "Accuracy", "SGD", "1,530", "95.68 %"]
    assert "a|b &lt;i&gt;" in page and "<i>" not in page
    assert "<th scope=row>SGD</th><td class=number>1,530</td>" in page
    assert page.endswith("<p>A note &amp; more.</p>")
