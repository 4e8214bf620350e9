"""The training error after single updates: whether it oscillates within an epoch."""

import keras
import numpy as np
import tensorflow as tf

from .evaluation import scorer
from .records import rounded

TRACED = (1, 10)  # epochs, besides the last


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

    def on_train_begin(self, logs=None):
        self.model.optimizer.build(self.model.trainable_variables)

    def on_epoch_begin(self, epoch, logs=None):
        self._epoch, self._start = epoch, self._state()
        if epoch + 1 in TRACED:
            self._trace()

    def on_train_end(self, logs=None):
        if self._epoch + 1 not in self.errors:
            end = self._state()
            self._restore(self._start)
            self._trace()
            self._restore(end)

    def _trace(self):
        errors = [float(self._score()["loss"])]
        for example in self._order(self._epoch)[: self._num_updates]:
            self._update(tf.constant(example[None]))
            errors.append(float(self._score()["loss"]))
        self._restore(self._start)
        self.errors[self._epoch + 1] = [rounded(error) for error in errors]

    def _variables(self):
        return [*self.model.weights, *self.model.optimizer.variables]

    def _state(self):
        return [np.array(variable) for variable in self._variables()]

    def _restore(self, state):
        for variable, value in zip(self._variables(), state, strict=True):
            variable.assign(value)
