"""A Sequential whose every update takes all examples: batch gradient descent."""

import keras
import tensorflow as tf

from .steps import hits


class FullBatchSequential(keras.Sequential):
    """Trains as `fit(batch_size=num_examples)` does, without copying the examples.

    The examples stay in the model (`hold`), scaled and flattened once; an epoch is
    one update.

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
        inputs, weightless = tf.cast(images, tf.float32), 0
        while not self.layers[weightless].weights:
            inputs = self.layers[weightless](inputs)
            weightless += 1
        self._inputs = tf.Variable(inputs, trainable=False)
        self._weighted = self.layers[weightless:]
        self._labels = tf.Variable(tf.cast(labels, tf.int32), trainable=False)

    def train_step(self, _):
        """One update from all held examples."""
        variables = self.trainable_variables
        with tf.GradientTape() as tape:
            outputs = self._inputs
            for layer in self._weighted:
                outputs = layer(outputs, training=True)
            loss = self.compute_loss(None, self._labels, outputs)
            scaled = self.optimizer.scale_loss(loss)
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        count = tf.cast(tf.size(self._labels), tf.float32)
        return {"loss": loss, "accuracy": hits(self._labels, outputs) / count}
