"""A record is believed only if each part is of its type, in its range, and adds up."""

import json
from copy import deepcopy
from dataclasses import replace

import pytest

from reproduce.errors import InvalidRecord
from reproduce.experiment.record import epochs_of, payload_sha256

SPLITS = "train, validation and test"
FORGED = {
    "an architecture in words": ("cell.architecture", "4", "its cell"),
    "an architecture that is not there": ("cell.architecture", 6, "its cell"),
    "an architecture that is true": ("cell.architecture", True, "its cell"),
    "a method that is a list": ("cell.method", ["nag"], "unhashable"),
    "a method that is not there": ("cell.method", "nagg", "unknown method"),
    "a method that is a path": ("cell.method", "../nag", "unknown method"),
    "a seed that is a path": ("cell.seed", "0/../..", "its cell"),
    "a seed below zero": ("cell.seed", -1, "its cell"),
    "half a seed": ("cell.seed", 0.5, "its cell"),
    "a cell that is a list": ("cell", [4, "nag", 2], "argument after"),
    "a cell with more": ("cell.colour", "red", "colour"),
    "a protocol that is a list": ("protocol", [], "protocol"),
    "a rate in words": ("protocol.learning_rate", "0.001", "its protocol"),
    "no rate": ("protocol.learning_rate", None, "its protocol"),
    "a rate below zero": ("protocol.learning_rate", -1, "its protocol"),
    "an initializer of no kind": ("protocol.kernel_initializer", "x", "its protocol"),
    "seven outputs": ("protocol.num_classes", 7, "its protocol"),
    "a flag that is a number": ("protocol.evaluate_epochs", 1, "its protocol"),
    "a number that is a flag": ("protocol.patience", True, "its protocol"),
    "an ending that is a list": ("ending", [], "its ending"),
    "an ending of no kind": ("ending", "tired", "its ending"),
    "epochs in words": ("epochs", "2", "its epochs"),
    "more epochs than errors": ("epochs", 3, "its history"),
    "an endless number of epochs": ("epochs", 10**400, "its epochs"),
    "a history that is a list": ("history", [0.5, 0.25], "its history"),
    "a history without errors": ("history", {"accuracy": [0.5, 0.5]}, "its history"),
    "errors in words": ("history.loss", ["0.5", "0.25"], "its history"),
    "an error that is not there": ("history.loss", [0.5, None], "its history"),
    "an error too large": ("history.loss", [0.5, 10**400], "its history"),
    "accuracies in percent": ("history.accuracy", [75.0, 87.5], "its history"),
    "accuracies of one epoch": ("history.accuracy", [0.75], "its history"),
    "splits that are a list": ("splits", [], SPLITS),
    "a split that is a number": ("splits.test", 0.5, SPLITS),
    "a split that is not there": ("splits.tset", {}, SPLITS),
    "an accuracy in words": ("splits.test.accuracy", "0.5", "accuracy '0.5'"),
    "an accuracy in percent": ("splits.test.accuracy", 56.0, "accuracy 56.0"),
    "an accuracy that its matrix denies": (
        "splits.test.accuracy",
        0.51,
        "matrix has 0.5",
    ),
    "a split without a matrix": ("splits.test.confusion", None, SPLITS),
    "a matrix of five rows": ("splits.test.confusion", [[1] * 10] * 5, SPLITS),
    "a matrix of nothing": ("splits.test.confusion", [[0] * 10] * 10, SPLITS),
    "a matrix below zero": ("splits.test.confusion", [[-1] * 10] * 10, SPLITS),
    "a matrix of halves": ("splits.test.confusion", [[0.5] * 10] * 10, SPLITS),
    "a ragged matrix": ("splits.test.confusion", [[1], *[[1] * 10] * 9], SPLITS),
    "a loss in words": ("splits.test.loss", "0.25", SPLITS),
    "a trace that is a list": ("trace", [1], "its trace"),
    "a trace of no epoch": ("trace", {"first": [1.0]}, "its trace"),
    "no parameters": ("parameters", 0, "its parameters"),
    "a hash that is a number": ("initial_sha256", 12, "its initial_sha256"),
    "a hash that is a path": ("model_sha256", "../x", "its model_sha256"),
    "no model": ("model_sha256", None, "its model_sha256"),
    "seconds that are a list": ("seconds", [1.0, 2.0], "its seconds"),
    "seconds in words": ("seconds.setup", "1", "its seconds"),
    "no seconds of training": ("seconds", {"setup": 1.0}, "its seconds"),
    "provenance that is a list": ("provenance", [], "its provenance"),
    "a processor that is a list": ("provenance.cpu", [], "its provenance"),
    "a processor that is a command": ("provenance.cpu", "\x1b[2J", "its provenance"),
    "a name that is a command": ("protocol.name", "a\u202eb", "its protocol"),
    "data that is no hash": ("protocol.data_sha256", "![a](b)", "its protocol"),
    "a schema in words": ("schema", "2", "schema '2', expected 2"),
}


def forged(record, place, value):
    """The values of a record with one changed, and checksums that agree with it."""
    values = deepcopy(record.to_dict())
    *above, name = place.split(".")
    table = values
    for step in above:
        table = table[step]
    table[name] = value
    if isinstance(values["protocol"], dict):
        values["sha256"] = payload_sha256(values)
    return values


@pytest.mark.parametrize(("place", "value", "message"), FORGED.values(), ids=FORGED)
def test_what_is_no_record_is_refused_in_one_line(store, record, place, value, message):
    store.write(record)
    path = store.path(record.cell)
    path.write_text(json.dumps(forged(record, place, value)))
    with pytest.raises(InvalidRecord) as error:
        store.read(record.cell)
    assert message in str(error.value) and str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert store.load() == []


@pytest.mark.parametrize(
    "content",
    ["NaN", "1e999", "-Infinity", "1" + "0" * 5000],
    ids=lambda text: text[:9],
)
def test_a_number_that_is_not_finite_is_refused(store, record, content):
    store.write(record)
    path = store.path(record.cell)
    values = forged(record, "seconds.setup", 12345)
    path.write_text(json.dumps(values).replace("12345", content))
    with pytest.raises(InvalidRecord):
        store.read(record.cell)


@pytest.mark.parametrize("accuracy", [56.0, -0.5, 0.5 + 1e-6, float("nan")])
def test_an_accuracy_that_is_not_that_of_its_matrix_is_not_written(
    store, record, accuracy
):
    splits = {**record.splits, "test": {**record.splits["test"], "accuracy": accuracy}}
    with pytest.raises(InvalidRecord, match="test accuracy .* matrix has 0.5"):
        store.write(replace(record, splits=splits))
    assert store.count() == 0


def test_an_accuracy_may_be_rounded_to_single_precision(store, record):
    matrix = [[1, 2, *[0] * 8], *[[0] * 10] * 9]
    third = {"loss": 0.25, "accuracy": 0.3333333432674408, "confusion": matrix}
    thirds = replace(record, splits={name: third for name in record.splits})
    store.write(thirds)
    assert store.read(record.cell) == thirds


def test_a_diverged_run_has_fewer_errors_than_epochs_and_no_scores(store, record):
    lost = {"ending": "diverged", "splits": {}, "model_sha256": None}
    diverged = replace(record, epochs=3, **lost)
    store.write(diverged)
    assert store.read(record.cell) == diverged
    for change in ({"splits": record.splits}, {"epochs": 1}):
        with pytest.raises(InvalidRecord):
            store.write(replace(diverged, **change))


def test_a_validation_that_was_not_made_has_no_number():
    history = {"loss": [2, 1.5], "accuracy": [0, 1], "validation_loss": [None, 1.0]}
    assert epochs_of(history) == 2
    assert epochs_of({**history, "validation_loss": [1.0]}) is None


def test_a_record_that_was_read_knows_the_checksum_that_it_was_written_with(
    store, record
):
    store.write(record)
    reading = store.read(record.cell)
    values = json.loads(store.path(record.cell).read_bytes())
    del values["file_sha256"]
    assert reading.sha256 == record.sha256 == values["sha256"] == payload_sha256(values)
    assert {reading, record} == {record}
    assert replace(reading, epochs=3).sha256 != reading.sha256
    assert reading.to_dict() == record.to_dict()
