"""The original's numbers are whole, consistent and as printed."""

from pathlib import Path

import pytest

import models
from reproduce import data, original
from reproduce.data.digits import PER_DIGIT
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES, Protocol

ILLEGIBLE = {(4, "sgd"), (4, "adam")}


def test_there_is_a_row_for_each_architecture_and_method():
    assert set(original.RESULTS) == {(a, m) for a in ARCHITECTURES for m in METHODS}


def test_illegible_rows_are_none_throughout():
    keys = {key for key, row in original.RESULTS.items() if row.epochs is None}
    assert keys == ILLEGIBLE
    for key in ILLEGIBLE:
        row = original.RESULTS[key]
        assert row.train_accuracy is None and row.validation_accuracy is None


@pytest.mark.parametrize(
    ("cell", "epochs", "train", "validation"),
    [
        ((1, "sgd"), 153, 0.9987, 0.9568),
        ((1, "batch_gd"), 5005, 0.6661, 0.6672),
        ((2, "adagrad"), 576, 0.9877, 0.9194),
        ((3, "batch_gd"), 5567, 0.6536, 0.6345),
        ((4, "rmsprop"), 25, 0.9977, 0.9836),
        ((5, "adam"), 21, 0.9929, 0.9789),
    ],
)
def test_rows_are_those_of_the_document(cell, epochs, train, validation):
    row = original.RESULTS[cell]
    assert (row.epochs, row.train_accuracy) == (epochs, train)
    assert row.validation_accuracy == validation


def test_one_hundred_percent_was_printed_without_decimals():
    whole = {key for key, row in original.RESULTS.items() if row.train_decimals == 2}
    assert whole == {(a, m) for a in (3, 4, 5) for m in ("momentum", "nag")}
    assert all(original.RESULTS[key].train_accuracy == 1 for key in whole)


def test_batch_rows_of_architectures_4_and_5_carry_a_note():
    noted = {key for key, row in original.RESULTS.items() if row.note}
    assert noted == {(4, "batch_gd"), (5, "batch_gd")} | ILLEGIBLE


@pytest.mark.parametrize(
    ("split", "examples"), [("train", 2277), ("validation", 759), ("test", 759)]
)
def test_confusion_rows_not_columns_sum_to_the_examples_of_a_digit(split, examples):
    matrix = original.CONFUSION["splits"][split]["matrix"]
    assert [sum(row) for row in matrix] == [examples] * 5
    assert [sum(column) for column in zip(*matrix, strict=True)] != [examples] * 5
    assert original.EXAMPLES[split] == 5 * examples


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_confusion_diagonal_gives_the_printed_accuracy(split):
    printed = original.CONFUSION["splits"][split]
    right = sum(printed["matrix"][i][i] for i in range(5))
    assert round(right / original.EXAMPLES[split], 4) == printed["accuracy"]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_printed_layers_are_those_of_the_hidden_units(architecture):
    *lines, total = original.SUMMARIES[architecture]
    dense = [line for line in lines if line.type == "Dense"]
    outputs = 5 if architecture in (4, 5) else 10
    widths = (784, *original.HIDDEN_UNITS[architecture], outputs)
    pairs = zip(widths, widths[1:], strict=False)
    assert [line.parameters for line in dense] == [a * b + b for a, b in pairs]
    assert total.name == "total"


def test_printed_totals_and_the_illegible_one():
    totals = {a: lines[-1].parameters for a, lines in original.SUMMARIES.items()}
    assert totals == {1: 118_346, 2: None, 3: 567_434, 4: 574_725, 5: 576_645}


def test_the_networks_that_are_trained_are_the_originals():
    assert models.ARCHITECTURES == original.HIDDEN_UNITS
    assert ARCHITECTURES == tuple(original.HIDDEN_UNITS)


def test_the_digits_that_are_drawn_are_those_of_the_matrices():
    assert data.DIGITS == original.DIGITS
    drawn = {split: number * len(data.DIGITS) for split, number in PER_DIGIT.items()}
    assert drawn == original.EXAMPLES


def test_stated_hyperparameters_are_the_default_protocol():
    for row in original.HYPERPARAMETERS:
        if row.value and hasattr(Protocol, row.setting):
            assert float(row.value) == getattr(Protocol(), row.setting), row.label


def test_hyperparameters_stand_where_the_document_prints_them():
    rates = [r for r in original.HYPERPARAMETERS if "1.5.1" in r.sections]
    assert len(rates) == 9
    assert all(row.sections == ("1.5.1", "1.5.2", "1.5.3") for row in rates)


def test_reported_imports_nothing_of_the_project():
    source = Path(original.__file__).read_text(encoding="utf-8")
    assert "import reproduce" not in source and "from reproduce" not in source
    assert "from ." not in source
