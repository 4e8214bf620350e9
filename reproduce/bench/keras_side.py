"""Time the engine and stock `fit`, in turn, in one process: `… ARCH METHOD REPEATS`.

Prints one JSON object. Compilation and the first epoch are not counted.
"""

import json
import sys
import time

import keras
import numpy as np
import tensorflow as tf

from models import build_model
from reproduce.data import load_digits
from reproduce.experiment.cells import Cell
from reproduce.experiment.protocol import METHODS, Protocol
from reproduce.experiment.provenance import peak_megabytes
from reproduce.experiment.training import LOSS, make_model, orders
from reproduce.optimizers import OPTIMIZERS

STOCK_UPDATES = 250
WARM_UP = 50


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


def time_engine(model, cell, num_examples):
    """Seconds of one epoch of the engine, as the experiment runs it."""
    clock = Clock()
    model.fit(
        orders(cell, num_examples),
        steps_per_epoch=1,
        epochs=2,
        shuffle=False,
        verbose=0,
        callbacks=[clock],
    )
    return clock.ends[1] - clock.begins[1]


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
    stock.compile(OPTIMIZERS[METHODS[method].optimizer](), LOSS)
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
