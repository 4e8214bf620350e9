"""Time the engine and stock `fit`, in turn, in one process: `… ARCH METHOD REPEATS`.

Prints one JSON object. Compilation and the first epoch are not counted.
"""

import json
import sys
import time
from functools import partial

import keras
import numpy as np
import tensorflow as tf

from models import build_model
from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training.cell import LOSS, make_model, orders
from reproduce.training.provenance import peak_megabytes

STOCK_UPDATES = 1000
WARM_UP = 100
STOCK_OPTIMIZERS = {  # Keras's own, with the report's hyperparameters
    "sgd": partial(keras.optimizers.SGD, 0.001),
    "batch_gd": partial(keras.optimizers.SGD, 0.001),
    "momentum": partial(keras.optimizers.SGD, 0.001, momentum=0.9),
    "nag": partial(keras.optimizers.SGD, 0.001, momentum=0.9, nesterov=True),
    "adagrad": partial(keras.optimizers.Adagrad, 0.001),
    "rmsprop": partial(keras.optimizers.RMSprop, 0.001, rho=0.99),
    "adam": partial(keras.optimizers.Adam, 0.001),
}


class Clock(keras.callbacks.Callback):
    """Notes the time of each batch's end, and of each epoch's begin and end."""

    def on_train_begin(self, logs=None):
        self.batches, self.begins, self.ends = [], [], []

    def on_epoch_begin(self, epoch, logs=None):
        self.begins.append(time.perf_counter())

    def on_epoch_end(self, epoch, logs=None):
        self.ends.append(time.perf_counter())

    def on_train_batch_end(self, batch, logs=None):
        self.batches.append(time.perf_counter())


def time_engine(model, cell, num_examples, epochs=1):
    """Seconds of an epoch of the engine, as the experiment runs it, after another."""
    clock = Clock()
    model.fit(
        orders(cell, num_examples),
        steps_per_epoch=1,
        epochs=1 + epochs,
        shuffle=False,
        verbose=0,
        callbacks=[clock],
    )
    return (clock.ends[-1] - clock.begins[1]) / epochs


def time_stock(model, images, labels, full_batch):
    """Seconds of one update of stock `fit`, between the ends of its batches.

    For full batches, where an epoch is a batch: of one epoch.
    """
    clock = Clock()
    if full_batch:
        model.fit(
            images,
            labels,
            batch_size=len(labels),
            epochs=3,
            verbose=0,
            callbacks=[clock],
        )
        return clock.ends[2] - clock.begins[2]
    model.fit(images, labels, batch_size=1, shuffle=False, verbose=0, callbacks=[clock])
    return np.diff(clock.batches[WARM_UP:]).mean()


def measure(architecture, method, repeats):
    """Both in turn; seconds of one update (of one epoch for full batches)."""
    cell, split = Cell(architecture, method, 0), load_digits().train
    full_batch = METHODS[method].full_batch
    updates = 1 if full_batch else len(split.labels)
    engine = make_model(cell, Protocol(), split)
    stock = build_model(architecture, seed=0)
    stock.compile(STOCK_OPTIMIZERS[method](), LOSS)
    used = len(split.labels) if full_batch else STOCK_UPDATES + WARM_UP
    images, labels = split.images[:used].astype("float32"), split.labels[:used]
    labels = labels.astype("int32")
    times = {"engine": [], "stock": []}
    products = [product_gflops() for _ in range(repeats)] if full_batch else None
    for _ in range(repeats + 1):
        times["engine"].append(time_engine(engine, cell, len(split.labels)) / updates)
        times["stock"].append(time_stock(stock, images, labels, full_batch))
    warm = {name: seconds[1:] for name, seconds in times.items()}
    if products:
        warm["matmul_gflops"] = products
    return {**warm, "peak_megabytes": peak_megabytes()}


def product_gflops(size=2048):
    """Rate of a plain matrix product, GFLOP/s."""
    matrix, product = tf.random.normal((size, size)), tf.function(tf.matmul)
    product(matrix, matrix)
    begun = time.perf_counter()
    product(matrix, matrix).numpy()
    return 2e-9 * size**3 / (time.perf_counter() - begun)


if __name__ == "__main__":
    answer = measure(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    print(json.dumps(answer))
