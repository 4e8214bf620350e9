"""A measuring process answers each time it is asked, and says why it cannot."""

import io
import json

import pytest

from reproduce.bench import side
from reproduce.errors import UserError
from reproduce.experiment.protocol import Cell
from reproduce.training.pool import cores


def test_each_line_is_answered_and_a_cell_is_made_ready_once(monkeypatch, capsys):
    cells = []

    def prepare(cell):
        cells.append(cell)
        numbers = iter(range(10))
        return lambda: {"seconds": next(numbers)}

    lines = "1 sgd\n1 sgd\n4 adam\n1 sgd\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    side.serve(prepare)
    answers = [
        json.loads(line)["seconds"] for line in capsys.readouterr().out.split("\n")[:-1]
    ]
    assert answers == [0, 1, 0, 0]
    assert cells == [Cell(1, "sgd", 0), Cell(4, "adam", 0), Cell(1, "sgd", 0)]


def test_a_process_that_fails_is_quoted():
    with side.Side("no_such_side", cores()[0]) as broken:
        with pytest.raises(
            UserError, match="no_such_side failed on arch1 sgd.*No module"
        ):
            broken.measure(Cell(1, "sgd", 0))
