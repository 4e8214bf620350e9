"""Read and update only the rows of the first kernel that an image's ink touches.

A zero pixel gives its row of weights a gradient of exactly zero. An optimizer
with `idle_steps` knows in closed form what many such updates do to a row, so the
row can wait until its pixel is inked again: 144 rows an image instead of 784.
The update rule itself is the optimizer's own `update_step`, handed single rows.
"""

import numpy as np
import tensorflow as tf
from tensorflow.compiler.tf2xla.python import xla

from .rule import Rule


class InkedPixels:
    """Which pixels of each image are not zero.

    Args:
        images: uint8, (num_images, 28, 28).

    Attributes:
        places: int32, (num_images, most), positions of the inked pixels.
        values: uint8, (num_images, most), what stands there; 0 past `counts`.
        counts: int32, (num_images,).
        ever: int32, positions of the pixels that are inked in any image.
        compact: uint8, (num_images, size of `ever`), what stands there.
    """

    def __init__(self, images):
        flat = np.asarray(images, np.uint8).reshape(len(images), -1)
        counts = np.count_nonzero(flat, axis=1)
        places = np.argsort(flat == 0, axis=1, kind="stable")[:, : counts.max()]
        self.num_pixels = flat.shape[1]
        self.ever = np.flatnonzero(flat.any(axis=0)).astype(np.int32)
        self.compact = tf.Variable(flat[:, self.ever], trainable=False)
        self.places = tf.Variable(places.astype(np.int32), trainable=False)
        self.values = tf.Variable(np.take_along_axis(flat, places, 1), trainable=False)
        self.counts = tf.Variable(counts.astype(np.int32), trainable=False)

    def of(self, index):
        """places, values and count of one image."""
        parts = (self.places, self.values, self.counts)
        return tuple(tf.gather(part, index) for part in parts)


class RowUpdates:
    """The optimizer's rule on single rows of one kernel.

    Args:
        optimizer: built, with an `idle_steps` method.
        kernel: the `keras.Variable`, (num_pixels, units), whose rows these are.
    """

    def __init__(self, optimizer, kernel):
        self.rule = Rule(optimizer, kernel)
        self.idles = self._idling_matters()

    def forward(self, inked, idle):
        """Sum of the inked rows, each times its pixel: (1, units)."""
        places, values, count = inked
        tensors = self.rule.tensors()

        def add(k, total):
            rows = [_row(tensor, places[k]) for tensor in tensors]
            return k + 1, total + values[k] * self._idled(rows, idle[k])[0]

        start = tf.zeros((1, self.rule.kernel.shape[1]))
        return tf.while_loop(lambda k, _: k < count, add, (0, start))[1]

    def backward(self, inked, idle, gradient):
        """One update of the inked rows, given the gradient at the first layer."""
        places, values, count = inked
        tensors = self.rule.tensors()
        # The weights first: their rule reads the states as they were. Each loop
        # starts where the one before ended, less `count`: an order XLA can see,
        # without which it would copy the states, all rows of them.
        start = 0
        for which, target in enumerate(self.rule.variables):

            def change(k, new, which=which):
                current = [*tensors[:which], new, *tensors[which + 1 :]]
                rows = [_row(tensor, places[k]) for tensor in current]
                row = self._updated(rows, idle[k], values[k] * gradient)[which]
                at = tf.stack([places[k], 0])
                return k + 1, xla.dynamic_update_slice(new, row, at)

            end, changed = tf.while_loop(
                lambda k, _: k < count, change, (start, tensors[which])
            )
            target.assign(changed)
            start = end - count

    def catch_up(self, idle):
        """Bring every row up to date; idle: updates each has missed, (num_pixels,)."""
        if self.idles:
            values = self._idled(self.rule.tensors(), idle[:, None])
            for target, value in zip(self.rule.variables, values, strict=True):
                target.assign(value)

    def _idled(self, rows, num_steps):
        return self.rule.idled(rows, num_steps) if self.idles else rows

    def _updated(self, rows, num_steps, gradient):
        return self.rule.updated(self._idled(rows, num_steps), gradient)

    def _idling_matters(self):
        rows = [tf.zeros((1, 1)) for _ in self.rule.variables]
        values = self.rule.idled(rows, 1)
        return any(new is not old for new, old in zip(values, rows, strict=True))


def _row(tensor, place):
    return xla.dynamic_slice(tensor, tf.stack([place, 0]), [1, tensor.shape[1]])
