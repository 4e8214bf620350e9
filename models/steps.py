"""One update, from one example or more: all rows of the kernels, or inked ones."""

import tensorflow as tf

from .rows import RowUpdates


class DenseStep:
    """Keras's own training step, on examples that the model holds.

    Args:
        model: a compiled `OnlineSequential` that holds its examples.
    """

    def __init__(self, model):
        self.model = model

    def start(self):
        """What goes from one update to the next besides the variables."""
        return ()

    def __call__(self, update, examples, carried):
        """Update from `examples`, indices; return loss sum, hits and `carried`."""
        model = self.model
        images = tf.cast(tf.gather(model.images, examples), tf.float32)
        labels = tf.gather(model.labels, examples)
        with tf.GradientTape() as tape:
            outputs = model(images, training=True)
            loss = model.compute_loss(images, labels, outputs)
        gradients = tape.gradient(loss, model.trainable_variables)
        gradients = after(gradients[1], gradients)
        model.optimizer.apply(gradients, model.trainable_variables)
        count = tf.cast(tf.size(examples), tf.float32)
        return loss * count, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        """After the last update of the epoch."""


class RowStep:
    """One example's update that leaves the rows of its blank pixels alone.

    The forward pass starts from the sum of the inked rows, the tape from there;
    by the chain rule a row's gradient is its pixel times the gradient at that
    sum. All other variables are updated by `optimizer.apply`, as always.

    Args:
        model: as for `DenseStep`; scaling, flattening and a Dense layer first.
    """

    def __init__(self, model):
        self.model = model
        self.scaling, _, self.first, *self.rest = model.layers
        self.rows = RowUpdates(model.optimizer, self.first.kernel)
        self.others = [
            variable
            for variable in model.trainable_variables
            if variable is not self.first.kernel
        ]

    def start(self):
        """The number of updates each row of the first kernel is up to date with."""
        if not self.rows.idles:
            return ()
        return tf.zeros((self.model.inked.num_pixels,), tf.int32)

    def __call__(self, update, examples, carried):
        example = examples[0]
        places, pixels, count = self.model.inked.of(example)
        values = self.scaling(tf.cast(pixels, tf.float32))
        inked = places, values, count
        idle = update - tf.gather(carried, places) if self.rows.idles else places
        labels = tf.gather(self.model.labels, examples)
        summed = self.rows.forward(inked, idle)
        with tf.GradientTape() as tape:
            tape.watch(summed)
            outputs = self._from_first_layer(summed)
            loss = self.model.compute_loss(None, labels, outputs)
        gradient, *gradients = tape.gradient(loss, [summed, *self.others])
        gradients = after(gradient, gradients)
        self.rows.backward(inked, idle, gradient)
        self.model.optimizer.apply(gradients, self.others)
        if self.rows.idles:
            image = tf.reshape(tf.gather(self.model.images, example), (-1,))
            carried = tf.where(image > 0, update + 1, carried)
        return loss, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        if self.rows.idles:
            self.rows.catch_up(num_updates - carried)

    def _from_first_layer(self, summed):
        outputs = self.first.activation(summed + self.first.bias)
        for layer in self.rest:
            outputs = layer(outputs, training=True)
        return outputs


def hits(labels, outputs):
    """How many outputs are largest at their label."""
    best = tf.argmax(outputs, axis=-1, output_type=labels.dtype)
    return tf.reduce_sum(tf.cast(best == labels, tf.float32))


def after(last, gradients):
    """The gradients, in an order that XLA can see: none before the `last`.

    Backpropagation reads the kernels and ends at the first layer. If XLA cannot
    tell that an update comes after that, it copies the kernel; adding nothing
    that comes from `last` tells it.
    """
    nothing = 0.0 * tf.reshape(last, (-1,))[0]
    return [gradient + nothing for gradient in gradients]
