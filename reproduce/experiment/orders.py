"""The order in which each epoch takes the examples."""

from itertools import count

import numpy as np
import tensorflow as tf


def order(cell, num_examples, epoch):
    """The order of one epoch (from 0), int32, (num_examples,).

    Drawn from seed, architecture and epoch alone, whatever the method.
    """
    rng = np.random.default_rng((cell.seed, cell.architecture, epoch))
    return rng.permutation(num_examples).astype(np.int32)


def orders(cell, num_examples, first_epoch=0):
    """Endless orders of the examples, one an epoch, from any epoch on."""

    def generate():
        for epoch in count(first_epoch):
            yield order(cell, num_examples, epoch)

    signature = tf.TensorSpec((num_examples,), tf.int32)
    options = tf.data.Options()
    # The autotuner sleeps for up to a minute, and the end of `fit` waits for it.
    options.autotune.enabled = False
    orders = tf.data.Dataset.from_generator(generate, output_signature=signature)
    return orders.with_options(options)
