"""What a model gets right: at the end of a run, and after each epoch of it."""

import keras
import numpy as np

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


class EpochEvaluation(keras.callbacks.Callback):
    """Adds to each epoch's logs what the weights are worth after it.

    `evaluated_loss` on the training examples and `validation_accuracy`. Comes
    before any callback that monitors these.

    Args:
        splits: name to `Split`; `train` and `validation` are used.
        num_classes: output units of the model.
    """

    def __init__(self, splits, num_classes):
        super().__init__()
        self._examples = {
            name: (
                splits[name].images.astype(np.float32),
                output_units(splits[name].labels, num_classes),
            )
            for name in ("train", "validation")
        }

    def on_epoch_end(self, epoch, logs=None):
        images, units = self._examples["train"]
        logs["evaluated_loss"] = self.model.evaluate(
            images, units, batch_size=BATCH, verbose=0
        )
        images, units = self._examples["validation"]
        outputs = self.model.predict(images, batch_size=BATCH, verbose=0)
        logs["validation_accuracy"] = float(np.mean(outputs.argmax(axis=1) == units))


class Progress(keras.callbacks.Callback):
    """Tells somebody of each epoch: its number, from 1, and its error."""

    def __init__(self, on_epoch):
        super().__init__()
        self._on_epoch = on_epoch

    def on_epoch_end(self, epoch, logs=None):
        self._on_epoch(epoch + 1, logs["loss"])
