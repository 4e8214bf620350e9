"""Train a cell again and keep its weights after some of its epochs."""

from dataclasses import dataclass
from itertools import count

import keras
import numpy as np

from callbacks import ConvergenceThreshold
from reproduce.data import load_digits
from reproduce.experiment.record import rounded
from reproduce.training.cell import fit_in_order, make_model

RATIO = 1.1  # of successive epochs kept, once they are further apart than one


@dataclass(frozen=True)
class Walk:
    """Where a run was.

    Attributes:
        epochs: kept epochs, 0 (the initial weights) first, the run's last one last.
        weights: float32, (num_kept, num_parameters).
        losses: the record's `loss` of these epochs, without epoch 0.
    """

    epochs: list
    weights: np.ndarray
    losses: list


def walk(cell, protocol):
    """Train the cell as `training.train` does, and return its `Walk`."""
    train = load_digits(cell.seed).train.head(protocol.subset)
    model = make_model(cell, protocol, train)
    steps = _Steps(protocol.max_epochs)
    criterion = ConvergenceThreshold(
        protocol.threshold, protocol.mode, protocol.patience, protocol.monitor
    )
    callbacks = [criterion, steps]
    fit_in_order(model, cell, len(train.labels), protocol.max_epochs, callbacks)
    return Walk(steps.epochs, np.stack(steps.weights), steps.losses)


def kept_epochs(last_epoch):
    """Epochs from 1 to `last_epoch`, ever further apart."""
    epochs = {round(RATIO**power) for power in range(count_powers(last_epoch))}
    return sorted(epoch for epoch in epochs if epoch <= last_epoch)


def count_powers(last_epoch):
    return next(power for power in count() if RATIO**power > last_epoch + 1)


class _Steps(keras.callbacks.Callback):
    def __init__(self, last_epoch):
        super().__init__()
        self._kept_epochs = set(kept_epochs(last_epoch))
        self.epochs, self.weights, self.losses = [], [], []

    def on_train_begin(self, logs=None):
        self._keep(0)

    def on_epoch_end(self, epoch, logs=None):
        if epoch + 1 in self._kept_epochs or self.model.stop_training:
            self._keep(epoch + 1)
            self.losses.append(rounded(logs["loss"]))

    def _keep(self, epoch):
        self.epochs.append(epoch)
        weights = [weight.ravel() for weight in self.model.get_weights()]
        self.weights.append(np.concatenate(weights))
