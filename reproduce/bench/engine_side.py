"""The engine, over whole epochs, as the experiment runs it."""

import math
import time

import keras
import tensorflow as tf

from models import ARCHITECTURES
from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol
from reproduce.training.cell import fit_in_order, make_model
from reproduce.training.provenance import peak_megabytes

from .side import serve
from .table import LARGER

LEAST_SECONDS = 0.25  # of a measurement
LARGER_EXAMPLES = 2000  # in an epoch of a larger network
PRODUCT = 2048  # rows and columns of a plain matrix product


class Stopwatch(keras.callbacks.Callback):
    """Seconds from the first update of a `fit` to the end of its last epoch."""

    def on_train_begin(self, logs=None):
        self.begun = None

    def on_train_batch_begin(self, batch, logs=None):
        self.begun = self.begun or time.perf_counter()

    def on_epoch_end(self, epoch, logs=None):
        self.seconds = time.perf_counter() - self.begun


def prepare(cell):
    """Seconds of an update (full batches: of an epoch), and the most memory so far.

    For full batches also the rate of a plain matrix product, GFLOP/s.
    """
    full_batch = METHODS[cell.method].full_batch
    split = load_digits().train
    if cell.architecture in LARGER:
        split = split.head(LARGER_EXAMPLES)
    num_examples, stopwatch = len(split.labels), Stopwatch()
    model = make_model(cell, Protocol(), split)

    def seconds_of(epochs):
        fit_in_order(model, cell, num_examples, epochs, [stopwatch])
        return stopwatch.seconds / epochs

    seconds_of(1)  # compiles
    epochs = max(1, math.ceil(LEAST_SECONDS / seconds_of(1)))

    def measure():
        seconds = seconds_of(epochs)
        memory = {"peak_megabytes": peak_megabytes()}
        if full_batch:
            return {"engine": seconds, "matmul_gflops": product_gflops(), **memory}
        return {"engine": seconds / num_examples, **memory}

    return measure


def product_gflops():
    """Rate of a plain matrix product, GFLOP/s."""
    matrix, product = tf.random.normal((PRODUCT, PRODUCT)), tf.function(tf.matmul)
    product(matrix, matrix)
    begun = time.perf_counter()
    product(matrix, matrix).numpy()
    return 2e-9 * PRODUCT**3 / (time.perf_counter() - begun)


if __name__ == "__main__":
    ARCHITECTURES.update(LARGER)  # in this process, which only measures
    serve(prepare)
