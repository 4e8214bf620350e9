"""What a record says of a run along the way is what Keras says of the same weights."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from models import build_model
from reproduce.data import load_digits
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training.cell import LOSS, make_model, order, train
from reproduce.training.evaluation import Trace, evaluate, scorer

SHORT = replace(Protocol(), max_epochs=2, subset=60, mode="absolute", threshold=0.0)


@pytest.mark.parametrize("num_classes", [10, 5])
def test_the_scorer_says_what_evaluate_says(num_classes):
    model = build_model(1, num_classes, seed=1)
    split = load_digits().validation.head(300)
    quick = {name: float(x) for name, x in scorer(model, split, num_classes)().items()}
    model.compile(loss=LOSS)
    whole = evaluate(model, split)
    assert quick == pytest.approx({k: whole[k] for k in quick}, rel=1e-5)


def test_each_epoch_tells_what_its_weights_are_worth_on_the_validation_images():
    cell = Cell(1, "momentum", 4)
    long, _ = train(cell, SHORT)
    short, saved = train(cell, replace(SHORT, max_epochs=1))
    history = long.history
    assert len(history["validation_loss"]) == len(history["loss"]) == 2
    for quantity in ("loss", "accuracy"):
        along_the_way = history[f"validation_{quantity}"]
        assert along_the_way[0] == pytest.approx(
            short.splits["validation"][quantity], rel=1e-5
        )
        assert along_the_way[1] == pytest.approx(
            long.splits["validation"][quantity], rel=1e-5
        )


def test_full_batches_are_validated_every_tenth_epoch():
    record, _ = train(Cell(1, "batch_gd", 0), replace(SHORT, max_epochs=21))
    known = [x is not None for x in record.history["validation_loss"]]
    assert [epoch for epoch, x in enumerate(known, start=1) if x] == [10, 20]


def test_only_whole_runs_on_the_embedded_digits_tell_of_the_unused_ones():
    assert "unused" not in train(Cell(1, "sgd", 0), SHORT)[0].splits


def test_a_seed_decides_the_images_and_every_method_has_the_same():
    short = replace(SHORT, max_epochs=1)
    checksums = [
        train(Cell(1, method, seed), short)[0].provenance["data_sha256"]
        for method, seed in [("momentum", 0), ("batch_gd", 0), ("batch_gd", 1)]
    ]
    first, second = load_digits(0).sha256, load_digits(1).sha256
    assert checksums == [first, first, second] and first != second


def traced(method, epochs, updates=5):
    """A run's record and model, with a trace of so many updates."""
    protocol = replace(SHORT, max_epochs=epochs, trace_updates=updates)
    return train(Cell(1, method, 2), protocol)


def test_a_trace_leaves_the_run_as_it_was():
    record, model = traced("nag", 3)
    plain, same_model = traced("nag", 3, updates=0)
    assert model == same_model and record.history == plain.history
    assert plain.trace == {}
    assert {epoch: len(errors) for epoch, errors in record.trace.items()} == {
        "1": 6,
        "3": 6,
    }


def test_epochs_1_10_and_the_last_are_traced():
    assert list(traced("sgd", 11)[0].trace) == ["1", "10", "11"]
    assert list(traced("sgd", 10)[0].trace) == ["1", "10"]


@pytest.mark.parametrize("method", ["nag", "adam"])
def test_a_traced_error_is_that_of_stock_fit_after_the_same_updates(method):
    cell, split = Cell(1, method, 2), load_digits(2).train.head(60)
    model = make_model(cell, SHORT, split)
    trace = Trace(3, partial(order, cell, 60), split, 10)
    trace.set_model(model)
    trace.on_epoch_begin(0)
    images = split.images.astype("float32")
    start = build_model(1, seed=2)
    start.compile(loss=LOSS)
    expected = [start.evaluate(images, split.labels, verbose=0)]
    chosen = order(cell, 60, 0)[:3]
    for count in (1, 2, 3):
        stock = build_model(1, seed=2)
        kind = type(model.optimizer)
        stock.compile(kind.from_config(model.optimizer.get_config()), LOSS)
        stock.fit(
            images[chosen[:count]],
            split.labels[chosen[:count]],
            batch_size=1,
            shuffle=False,
            verbose=0,
        )
        expected.append(stock.evaluate(images, split.labels, verbose=0))
    np.testing.assert_allclose(trace.errors[1], expected, rtol=1e-4)
