"""The engine computes what stock `fit(batch_size=1)` computes."""

from functools import cache

import keras
import numpy as np
import pytest
import tensorflow as tf

from models import OnlineSequential, build_model
from models.first_layer import DenseStep
from reproduce.optimizers import OPTIMIZERS

LOSS = "sparse_categorical_crossentropy"
# RMSProp and Adam divide by the root of a mean square near 1e-8 at first, which
# blows rounding up to the size of a step; epsilon tames it here, for both sides.
TAMED = {"RMSProp": {"epsilon": 1e-3}, "Adam": {"epsilon": 1e-3}}


def make(rule, model_class, **options):
    model = build_model(1, seed=3, model_class=model_class)
    optimizer = OPTIMIZERS[rule](**TAMED.get(rule, {}))
    model.compile(optimizer, LOSS, **options)
    return model


def engine(rule, images, labels, epochs=1, **hold):
    model = make(rule, OnlineSequential, jit_compile=True)
    model.hold(images, labels, **hold)
    history = fit(model, len(labels), epochs)
    return model.get_weights(), history["loss"]


def fit(model, num_examples, epochs=1):
    order = np.arange(num_examples, dtype=np.int32)[None]
    orders = tf.data.Dataset.from_tensor_slices(order).repeat()
    return model.fit(
        orders, steps_per_epoch=1, epochs=epochs, shuffle=False, verbose=0
    ).history


def largest_difference(weights, expected):
    return max(abs(a - b).max() for a, b in zip(weights, expected, strict=True))


@pytest.fixture(scope="module")
def two_epochs(examples):
    """The engine's weights and losses after two epochs, by rule; each trained once."""

    @cache
    def trained(rule, use_rows=True):
        return engine(rule, *examples, epochs=2, use_rows=use_rows)

    return trained


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_engine_ends_in_the_weights_of_stock_fit(rule, examples, two_epochs):
    images, labels = examples
    model = make(rule, keras.Sequential)
    start = model.get_weights()
    inputs = images.astype("float32")
    expected = model.fit(
        inputs, labels, batch_size=1, epochs=2, shuffle=False, verbose=0
    ).history
    weights, loss = two_epochs(rule)
    moved = largest_difference(model.get_weights(), start)
    assert largest_difference(weights, model.get_weights()) < 1e-3 * moved
    np.testing.assert_allclose(loss, expected["loss"], rtol=1e-5)


@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_leaving_blank_rows_for_later_changes_nothing(rule, two_epochs):
    start = make(rule, keras.Sequential).get_weights()
    lazy, _ = two_epochs(rule)
    eager, _ = two_epochs(rule, use_rows=False)
    moved = largest_difference(eager, start)
    assert largest_difference(lazy, eager) < 1e-3 * moved


def test_adams_rows_may_wait_late_in_training_too(examples):
    images, labels = examples
    weights = []
    for use_rows in (True, False):
        model = make("Adam", OnlineSequential, jit_compile=True)
        model.hold(images, labels, use_rows=use_rows)
        start = model.get_weights()
        model.optimizer.iterations.assign(5000)
        fit(model, len(labels), epochs=2)
        weights.append(model.get_weights())
    moved = largest_difference(weights[1], start)
    assert largest_difference(*weights) < 1e-3 * moved


def test_adams_rows_do_not_wait_while_its_rate_changes(examples):
    images, labels = examples
    schedule = keras.optimizers.schedules.ExponentialDecay(0.01, 20, 0.5)
    weights = []
    for model_class in (keras.Sequential, OnlineSequential):
        model = build_model(1, seed=3, model_class=model_class)
        start = model.get_weights()
        optimizer = OPTIMIZERS["Adam"](schedule, **TAMED["Adam"])
        ours = model_class is OnlineSequential
        model.compile(optimizer, LOSS, jit_compile=ours)
        if ours:
            model.hold(images, labels)
            fit(model, len(labels))
        else:
            inputs = images.astype("float32")
            model.fit(inputs, labels, batch_size=1, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    moved = largest_difference(weights[0], start)
    assert largest_difference(*weights) < 1e-3 * moved


def test_a_second_fit_goes_on_where_the_first_ended(examples, two_epochs):
    images, labels = examples
    whole, _ = two_epochs("Nesterov")
    parts = make("Nesterov", OnlineSequential, jit_compile=True)
    parts.hold(images, labels)
    fit(parts, len(labels))
    fit(parts, len(labels))
    assert largest_difference(whole, parts.get_weights()) < 1e-5


def test_accuracy_is_that_of_the_outputs_before_each_update(examples):
    images, labels = examples
    model = make("GradientDescent", OnlineSequential, jit_compile=True)
    model.hold(images[:1], labels[:1])
    before = model.predict(images[:1].astype("float32"), verbose=0).argmax()
    assert fit(model, 1)["accuracy"] == [float(before == labels[0])]


OPTIONS = [{"weight_decay": 0.1}, {"clipvalue": 1e-3}, {"clipnorm": 1e-3}]


@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: next(iter(options)))
def test_what_reaches_every_row_reaches_blank_ones_too(options, examples):
    images, labels = examples[0][:20], examples[1][:20]
    models = [
        build_model(1, seed=3, model_class=c)
        for c in (keras.Sequential, OnlineSequential)
    ]
    stock_model, ours = models
    stock_model.compile(OPTIMIZERS["Momentum"](**options), LOSS)
    ours.compile(OPTIMIZERS["Momentum"](**options), LOSS, jit_compile=True)
    inputs = images.astype("float32")
    stock_model.fit(inputs, labels, batch_size=1, shuffle=False, verbose=0)
    ours.hold(images, labels)
    fit(ours, len(labels))
    weights = [model.get_weights() for model in models]
    assert largest_difference(*weights) < 1e-5


@pytest.mark.parametrize("batch_size", [40, 50])
def test_batches_are_those_of_stock_fit_the_last_one_too(batch_size, examples):
    images, labels = examples
    expected = make("Momentum", keras.Sequential)
    losses = expected.fit(
        images.astype("float32"),
        labels,
        batch_size=batch_size,
        shuffle=False,
        verbose=0,
    ).history["loss"]
    weights, loss = engine("Momentum", images, labels, batch_size=batch_size)
    assert largest_difference(weights, expected.get_weights()) < 1e-5
    np.testing.assert_allclose(loss, losses, rtol=1e-5)


@pytest.mark.parametrize(
    "options", [{}, {"jit_compile": True, "metrics": ["accuracy"]}]
)
def test_compiling_it_another_way_is_refused(options):
    with pytest.raises(ValueError, match="OnlineSequential"):
        make("GradientDescent", OnlineSequential, **options)


@pytest.mark.parametrize("batch_size", [1, 7])
def test_rows_of_pixels_no_image_inks_are_left_as_they_were(
    batch_size, examples, two_epochs
):
    images, labels = examples
    start = make("Adam", OnlineSequential, jit_compile=True).get_weights()[0]
    weights, plain = (
        two_epochs("Adam", use_rows)[0]
        if batch_size == 1
        else engine("Adam", images, labels, batch_size=batch_size, use_rows=use_rows)[0]
        for use_rows in (True, False)
    )
    blank = ~images.reshape(len(images), -1).any(axis=0)
    assert blank.any()
    np.testing.assert_array_equal(weights[0][blank], start[blank])
    moved = largest_difference(plain[:1], [start])
    assert largest_difference(weights, plain) < 1e-3 * moved


def test_a_rule_that_says_nothing_of_zeros_gets_every_row(examples):
    images, labels = examples
    model = build_model(1, seed=3, model_class=OnlineSequential)
    model.compile(keras.optimizers.Lion(1e-3), LOSS, jit_compile=True)
    model.hold(images[:5], labels[:5])
    assert model._step_class() is DenseStep
