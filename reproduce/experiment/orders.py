"""The order in which each epoch takes the examples."""

from itertools import count

import numpy as np
import tensorflow as tf


def orders(cell, num_examples, first_epoch=0):
    """Endless orders of the examples, one an epoch, whatever the method.

    Each is drawn from seed, architecture and epoch alone, so training can go on
    from any epoch.
    """

    def generate():
        for epoch in count(first_epoch):
            rng = np.random.default_rng((cell.seed, cell.architecture, epoch))
            yield rng.permutation(num_examples).astype(np.int32)

    signature = tf.TensorSpec((num_examples,), tf.int32)
    options = tf.data.Options()
    # The autotuner sleeps for up to a minute, and the end of `fit` waits for it.
    options.autotune.enabled = False
    orders = tf.data.Dataset.from_generator(generate, output_signature=signature)
    return orders.with_options(options)
