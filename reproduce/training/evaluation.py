"""What a model gets right: at the end of a run, after its epochs, after its updates."""

import keras
import numpy as np
import tensorflow as tf

from reproduce.data import DIGITS
from reproduce.experiment.record import rounded

from .checkpoints import restore, state_of

BATCH = 1024  # examples at a time; no number depends on it
TRACED = (1, 10)  # epochs, besides the last


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


class Trace(keras.callbacks.Callback):
    """Traces the first updates of epochs 1, 10 and the last one of a run.

    Each traced update is made once more, alone, from where its epoch began; then
    the model is put back to where it was.

    Args:
        num_updates: to trace in each epoch.
        order: function from an epoch (from 0) to its order of the examples.
        split: the training examples, over all of which the error is taken.
        num_classes: output units of the model.

    Attributes:
        errors: epoch (from 1) to errors before the first update and after each.
    """

    def __init__(self, num_updates, order, split, num_classes):
        super().__init__()
        self._num_updates, self._order = num_updates, order
        self._split, self._num_classes = split, num_classes
        self.errors = {}

    def set_model(self, model):
        super().set_model(model)
        self._score = scorer(model, self._split, self._num_classes)
        self._update = tf.function(model.train_step, jit_compile=True)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch, self._start = epoch, self._state()
        if epoch + 1 in TRACED:
            self._trace()

    def on_train_end(self, logs=None):
        if self._epoch + 1 not in self.errors:
            end = self._state()
            restore(self.model, self._start)
            self._trace()
            restore(self.model, end)

    def _trace(self):
        errors = [float(self._score()["loss"])]
        for example in self._order(self._epoch)[: self._num_updates]:
            self._update(tf.constant(example[None]))
            errors.append(float(self._score()["loss"]))
        restore(self.model, self._start)
        self.errors[self._epoch + 1] = [rounded(error) for error in errors]

    def _state(self):
        return [np.array(variable) for variable in state_of(self.model)]
