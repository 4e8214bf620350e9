"""Stock `fit(batch_size=1)` with Keras's own optimizers, as it is and tuned."""

import time
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from models import build_model
from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol
from reproduce.training.cell import LOSS

from .side import serve

UPDATES, WARM_UP = 300, 30
STEPS = 500  # per execution: with more of them an update gets no faster
KERAS_OPTIMIZERS = {  # their arguments have the names that ours have
    "sgd": keras.optimizers.SGD,
    "batch_gd": keras.optimizers.SGD,
    "momentum": keras.optimizers.SGD,
    "nag": partial(keras.optimizers.SGD, nesterov=True),
    "adagrad": keras.optimizers.Adagrad,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
}


class Clock(keras.callbacks.Callback):
    """When each batch ended; of a tuned `fit`, each execution."""

    def on_train_begin(self, logs=None):
        self.ends = []

    def on_train_batch_end(self, batch, logs=None):
        self.ends.append(time.perf_counter())


def prepare(cell):
    """Seconds of an update, tuned with jit on or off, whichever is faster here.

    For full batches of an epoch, which is one update; there is nothing to tune.
    """
    train = load_digits().train
    images, labels = train.images.astype("float32"), train.labels.astype("int32")
    if METHODS[cell.method].full_batch:
        fit = fit_of(cell, images, labels, batch_size=len(labels), epochs=3)
        return lambda: {"fit": fit(skip=1)}
    some = slice(UPDATES + WARM_UP)
    fit = fit_of(cell, images[some], labels[some], batch_size=1)
    variants = [tuned_fit_of(cell, images, labels, jit) for jit in (False, True)]
    for variant in variants:
        variant()  # compiles
    tuned = min(variants, key=lambda variant: variant())
    return lambda: {"fit": fit(skip=WARM_UP - 1), "tuned": tuned()}


def fit_of(cell, *data, compiled=None, **options):
    """A function that fits, and returns seconds between the ends of batches."""
    model, clock = build_model(cell.architecture, seed=0), Clock()
    hyperparameters = Protocol().hyperparameters(cell.method)
    optimizer = KERAS_OPTIMIZERS[cell.method](**hyperparameters)
    model.compile(optimizer, LOSS, **(compiled or {}))

    def fit(skip=0):
        model.fit(*data, shuffle=False, verbose=0, callbacks=[clock], **options)
        return np.diff(clock.ends[skip:]).mean()

    return fit


def tuned_fit_of(cell, images, labels, jit):
    """The same, of one update in an execution of many."""
    options = tf.data.Options()
    # The autotuner sleeps for up to a minute, and the end of `fit` waits for it.
    options.autotune.enabled = False
    data = tf.data.Dataset.from_tensor_slices(
        (images[: 2 * STEPS], labels[: 2 * STEPS])
    )
    data = data.batch(1, drop_remainder=True).with_options(options)  # no retracing
    compiled = {"steps_per_execution": STEPS, "jit_compile": jit}
    fit = fit_of(cell, data, compiled=compiled)
    return lambda: fit() / STEPS


if __name__ == "__main__":
    serve(prepare)
