"""A packed history is read like a table of lists, and is a fraction of their size."""

import pickle
import sys

import pytest

from reproduce.experiment.history import History

TABLE = {"loss": [0.5, 0.25, 0.0], "validation_loss": [None, 0.1 + 0.2, None]}


def test_what_is_packed_comes_out_the_same():
    history = History(TABLE)
    assert dict(history) == TABLE and [*history] == [*TABLE] and len(history) == 2
    assert history == TABLE and TABLE == history and history == History(TABLE)
    assert history != {**TABLE, "loss": [0.5, 0.25, 1.0]} and history != [*TABLE]
    assert repr(history) == repr(TABLE)
    assert pickle.loads(pickle.dumps(history)) == TABLE
    assert History({"loss": [], "accuracy": [None]})["accuracy"] == [None]
    assert repr(History({"loss": [1, None, 0.5]})) == "{'loss': [1, None, 0.5]}"


def test_a_list_that_was_looked_up_is_the_readers_own():
    history = History(TABLE)
    history["loss"].append(9.0)
    assert history["loss"] == TABLE["loss"]
    assert history.get("evaluated_loss", []) == []
    with pytest.raises(TypeError):
        history["loss"] = []


def test_it_takes_a_quarter_of_the_memory():
    errors = [1 / n for n in range(1, 5001)]
    rare = [error if n % 10 == 0 else None for n, error in enumerate(errors, start=1)]
    known = [
        number for values in (errors, rare) for number in values if number is not None
    ]
    lists = sum(map(sys.getsizeof, [errors, rare, *known]))
    assert 4 * len(pickle.dumps(History({"loss": errors, "rare": rare}))) < lists
