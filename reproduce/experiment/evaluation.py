"""What a model gets right: at the end of a run, and along the way."""

import keras
import numpy as np
import tensorflow as tf

from reproduce.data import DIGITS

from .records import rounded

BATCH = 1024  # examples at a time; no number depends on it


def output_units(labels, num_classes):
    """Indices of the output units of true digits, (num_examples,)."""
    if num_classes == len(DIGITS):
        return np.searchsorted(DIGITS, labels)
    return labels.astype(np.int64)


def evaluate(model, split):
    """Loss, accuracy and confusion counts of a compiled model on one split.

    Returns:
        `loss` (mean cross-entropy), `accuracy` (fraction) and `confusion` (10 x 10
        counts, rows true digits, columns predicted ones).
    """
    images = split.images.astype(np.float32)
    outputs = model.predict(images, batch_size=BATCH, verbose=0)
    units = output_units(split.labels, outputs.shape[1])
    loss = model.evaluate(images, units, batch_size=BATCH, verbose=0)
    predicted = outputs.argmax(axis=1)
    if outputs.shape[1] == len(DIGITS):
        predicted = np.array(DIGITS)[predicted]
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (split.labels, predicted), 1)
    return {
        "loss": rounded(loss),
        "accuracy": int(np.trace(confusion)) / len(split.labels),
        "confusion": confusion.tolist(),
    }


def scorer(model, split, num_classes):
    """A function that gives the model's `loss` and `accuracy` on a split, as it is.

    Cheaper than `evaluate` where it is called often: scaling and flattening are
    done once, the rest outside XLA, where matrix products are fast.
    """
    inputs = split.images.astype(np.float32)
    weightless = [layer for layer in model.layers if not layer.weights]
    for layer in weightless:
        inputs = layer(inputs)
    layers = model.layers[len(weightless) :]
    units = output_units(split.labels, num_classes)
    loss = keras.losses.SparseCategoricalCrossentropy()

    @tf.function(autograph=False)
    def score():
        outputs = inputs
        for layer in layers:
            outputs = layer(outputs)
        hits = tf.argmax(outputs, axis=1) == units
        return {
            "loss": loss(units, outputs),
            "accuracy": tf.reduce_mean(tf.cast(hits, tf.float32)),
        }

    return score


class EpochEvaluation(keras.callbacks.Callback):
    """Adds to an epoch's logs the loss and accuracy of the weights at its end.

    Comes before any callback that reads these.

    Args:
        split: the examples.
        num_classes: output units of the model.
        loss, accuracy: names in the logs; None: not told.
        interval: evaluate every so many epochs; the logs of others have None.
    """

    def __init__(self, split, num_classes, loss, accuracy=None, interval=1):
        super().__init__()
        self._split, self._num_classes = split, num_classes
        self._names, self._interval = {"loss": loss, "accuracy": accuracy}, interval

    def set_model(self, model):
        super().set_model(model)
        self._score = scorer(model, self._split, self._num_classes)

    def on_epoch_end(self, epoch, logs=None):
        due = (epoch + 1) % self._interval == 0
        scores = self._score() if due else {}
        for quantity, name in self._names.items():
            if name:
                logs[name] = float(scores[quantity]) if due else None


class Progress(keras.callbacks.Callback):
    """Tells somebody of each epoch: its number, from 1, and its error."""

    def __init__(self, on_epoch):
        super().__init__()
        self._on_epoch = on_epoch

    def on_epoch_end(self, epoch, logs=None):
        self._on_epoch(epoch + 1, logs["loss"])
