"""One update, from one example or more: all rows of the kernels, or inked ones."""

import tensorflow as tf

from .rows import RowUpdates
from .rule import Rule


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
            scaled = model.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, model.trainable_variables)
        gradients = after(gradients[1], gradients)
        model.optimizer.apply(gradients, model.trainable_variables)
        count = tf.cast(tf.size(examples), tf.float32)
        return loss * count, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        """After the last update of the epoch."""


class _FirstLayerApart:
    """An update whose first layer is left to the subclass.

    The tape starts at the first layer's weighted sum; by the chain rule a row of
    its kernel has the gradient at that sum times the row's pixel. All other
    variables are updated by `optimizer.apply`, as always.

    Args:
        model: as for `DenseStep`; scaling, flattening and a Dense layer first.
    """

    def __init__(self, model):
        self.model = model
        self.scaling, _, self.first, *self.rest = model.layers
        self.others = [
            variable
            for variable in model.trainable_variables
            if variable is not self.first.kernel
        ]

    def _above(self, summed, labels):
        """Loss, outputs, gradient at `summed`, gradients of the other variables."""
        with tf.GradientTape() as tape:
            tape.watch(summed)
            outputs = self.first.activation(summed + self.first.bias)
            for layer in self.rest:
                outputs = layer(outputs, training=True)
            loss = self.model.compute_loss(None, labels, outputs)
        gradient, *gradients = tape.gradient(loss, [summed, *self.others])
        return loss, outputs, gradient, after(gradient, gradients)


class RowStep(_FirstLayerApart):
    """One example's update that leaves the rows of its blank pixels for later."""

    def __init__(self, model):
        super().__init__(model)
        self.rows = RowUpdates(model.optimizer, self.first.kernel)

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
        loss, outputs, gradient, gradients = self._above(summed, labels)
        self.rows.backward(inked, idle, gradient)
        self.model.optimizer.apply(gradients, self.others)
        if self.rows.idles:
            image = tf.reshape(tf.gather(self.model.images, example), (-1,))
            carried = tf.where(image > 0, update + 1, carried)
        return loss, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        if self.rows.idles:
            self.rows.catch_up(num_updates - carried)


class EverInkedStep(_FirstLayerApart):
    """An update without the rows of pixels that are blank in every image.

    Their gradients have always been zero; an optimizer that `rests_at_zero` has
    never moved them. The other rows go from update to update in one piece.
    """

    def __init__(self, model):
        super().__init__(model)
        self.rule = Rule(model.optimizer, self.first.kernel)

    def start(self):
        """The rows of kernel and states that there is something to learn for."""
        ever = self.model.inked.ever
        return tuple(tf.gather(tensor, ever) for tensor in self.rule.tensors())

    def __call__(self, update, examples, carried):
        pixels = tf.gather(self.model.inked.compact, examples)
        values = self.scaling(tf.cast(pixels, tf.float32))
        labels = tf.gather(self.model.labels, examples)
        summed = tf.matmul(values, carried[0])
        loss, outputs, gradient, gradients = self._above(summed, labels)
        gradient = tf.matmul(values, gradient, transpose_a=True)
        carried = tuple(self.rule.updated(carried, gradient))
        self.model.optimizer.apply(gradients, self.others)
        count = tf.cast(tf.size(examples), tf.float32)
        return loss * count, hits(labels, outputs), carried

    def finish(self, num_updates, carried):
        places = self.model.inked.ever[:, None]
        for target, rows in zip(self.rule.variables, carried, strict=True):
            target.assign(tf.tensor_scatter_nd_update(target, places, rows))


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
