"""A table has the same cells in Markdown and HTML, and full precision in its CSV."""

import csv
import io
import re

import pytest

from reproduce.publish.table import Cell, Column, Table, worded, yes


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
        "| a\\|b &lt;i> \\`c\\` | 41 (36–47) | – |\n\n"
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
    cells = re.findall(r"<t[dh](?: [^>]*)?>(.*?)</t[dh]>", page, re.DOTALL)
    assert cells[:6] == ["Method", "Epochs", "Accuracy", "SGD", "1,530", "95.68 %"]
    assert "a|b &lt;i&gt;" in page and "<i>" not in page
    assert "<th scope=row>SGD</th><td class=number>1,530</td>" in page
    assert page.endswith("<p>A note &amp; more.</p>")


def test_a_table_has_the_columns_of_its_rows_and_hides_those_without_a_title():
    method, epochs = Column("method", "Method"), Column("epochs", "Epochs", "count")
    rows = [{method: "SGD", "seeds": 3}, {method: "Adam", epochs: 10}]
    table = Table.of("methods", "Methods", rows, "A note.", "Another.")
    assert table.csv() == b"method,seeds,epochs\nSGD,3,\nAdam,,10\n"
    assert table.cells() == [["SGD", "–"], ["Adam", "10"]]
    assert table.rows[1] == {"method": "Adam", "epochs": 10}
    assert table.notes == ("A note.", "Another.")


def test_a_table_for_machines_has_no_markdown():
    table = Table.of("runs", "Every run", [{"seed": 1}])
    assert list(table.files()) == ["tables/runs.csv"]
    assert "<tbody><tr></tr></tbody>" in table.html()


def test_what_is_worded_keeps_its_value_for_the_csv():
    assert worded("place", 2, 5) == Cell(2, "2 of 5")
    assert yes(False) == Cell(False, "no")
