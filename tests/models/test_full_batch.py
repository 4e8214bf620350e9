"""Batch gradient descent computes what stock `fit(batch_size=N)` computes."""

import keras
import numpy as np
import tensorflow as tf

from models import FullBatchSequential, build_model
from reproduce.optimizers import GradientDescent

LOSS = "sparse_categorical_crossentropy"


def make(model_class):
    model = build_model(1, seed=3, model_class=model_class)
    model.compile(GradientDescent(), LOSS)
    return model


def fit(model, images, labels, epochs):
    model.hold(images, labels)
    anything = tf.data.Dataset.from_tensors(0).repeat()
    return model.fit(
        anything, steps_per_epoch=1, epochs=epochs, shuffle=False, verbose=0
    ).history


def test_it_ends_in_the_weights_and_losses_of_stock_fit(examples):
    images, labels = examples
    stock, ours = make(keras.Sequential), make(FullBatchSequential)
    start = stock.get_weights()
    inputs = images.astype("float32")
    expected = stock.fit(inputs, labels, batch_size=len(labels), epochs=5, verbose=0)
    history = fit(ours, images, labels, epochs=5)
    moved = max(
        abs(a - b).max() for a, b in zip(stock.get_weights(), start, strict=True)
    )
    for a, b in zip(ours.get_weights(), stock.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-3 * moved)
    np.testing.assert_allclose(history["loss"], expected.history["loss"], rtol=1e-5)


def test_accuracy_is_that_before_the_update(examples):
    images, labels = examples
    model = make(FullBatchSequential)
    predicted = model.predict(images.astype("float32"), verbose=0).argmax(axis=1)
    accuracy = fit(model, images, labels, epochs=1)["accuracy"]
    np.testing.assert_allclose(accuracy, [np.mean(predicted == labels)], rtol=1e-6)


def test_pixels_that_are_blank_in_every_image_are_left_out(examples):
    images, labels = examples
    model = make(FullBatchSequential)
    start = model.layers[2].kernel.numpy()
    fit(model, images, labels, epochs=3)
    inked = images.reshape(len(images), -1).any(axis=0)
    assert model._inputs.shape == (len(images), inked.sum())
    end = model.layers[2].kernel.numpy()
    np.testing.assert_array_equal(end[~inked], start[~inked])
    moved = (end[inked] != start[inked]).any(axis=1)
    assert moved.mean() > 0.9  # a pixel that is hardly inked may move by nothing


def test_an_optimizer_that_needs_whole_gradients_gets_them(examples):
    images, labels = examples
    stock, ours = (
        build_model(1, seed=3, model_class=kind)
        for kind in (keras.Sequential, FullBatchSequential)
    )
    for model in (stock, ours):
        model.compile(GradientDescent(weight_decay=0.1), LOSS)
    inputs = images.astype("float32")
    stock.fit(inputs, labels, batch_size=len(labels), epochs=2, verbose=0)
    fit(ours, images, labels, epochs=2)
    for a, b in zip(ours.get_weights(), stock.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-5)
