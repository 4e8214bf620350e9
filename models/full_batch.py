"""A Sequential whose every update takes all examples: batch gradient descent."""

import keras
import tensorflow as tf

from .steps import hits


class FullBatchSequential(keras.Sequential):
    """Trains as `fit(batch_size=num_examples)` does, without copying the examples.

    The examples stay in the model (`hold`); an epoch is one update.

        model.compile(optimizer, loss)
        model.hold(images, labels)
        model.fit(anything, steps_per_epoch=1, epochs=...)

    The epoch's `loss` and `accuracy` are those before its update.
    """

    def hold(self, images, labels):
        """Keep the training examples in the model.

        Args:
            images: uint8, (num_examples, 28, 28).
            labels: integers, (num_examples,), indices of output units.
        """
        self.images = tf.Variable(images, trainable=False)
        self.labels = tf.Variable(tf.cast(labels, tf.int32), trainable=False)

    def train_step(self, _):
        """One update from all held examples."""
        variables = self.trainable_variables
        with tf.GradientTape() as tape:
            outputs = self(tf.cast(self.images, tf.float32), training=True)
            loss = self.compute_loss(None, self.labels, outputs)
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        count = tf.cast(tf.size(self.labels), tf.float32)
        return {"loss": loss, "accuracy": hits(self.labels, outputs) / count}
