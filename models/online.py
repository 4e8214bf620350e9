"""A Sequential that trains a whole epoch, one update an example, in one program."""

import keras
import tensorflow as tf

from .first_layer import (
    DenseStep,
    EverInkedStep,
    InkedPixels,
    RowStep,
    rows_are_apart,
    rows_can_wait,
)


class OnlineSequential(keras.Sequential):
    """Trains as `fit(batch_size=1)` does, without its costs between updates.

    The examples stay in the model (`hold`); `fit` is fed orders of them, one an
    epoch. `train_step` runs the epoch's updates as a loop inside one XLA program:
    forward pass, `GradientTape`, the compiled loss and the model's own
    optimizer, as in Keras's own `train_step`.

        model.compile(optimizer, loss, jit_compile=True)
        model.hold(images, labels)
        model.fit(orders, steps_per_epoch=1, epochs=...)

    The epoch's `loss` and `accuracy` are means over its examples while the
    weights move, which is what the original calls average training error.
    """

    def hold(self, images, labels, batch_size=1, use_rows=True):
        """Keep the training examples in the model, which is compiled.

        Args:
            images: uint8, (num_examples, 28, 28).
            labels: integers, (num_examples,), indices of output units.
            batch_size: examples of an update; an epoch's last may have fewer.
            use_rows: leave rows of blank pixels alone where the optimizer says
                what that takes: those of the example with one an update, else
                those of pixels that are blank in every image.
        """
        self.images = tf.Variable(images, trainable=False)
        self.labels = tf.Variable(tf.cast(labels, tf.int32), trainable=False)
        self.batch_size = batch_size
        self.inked = InkedPixels(images) if use_rows else None
        # An epoch that makes the optimizer's variables is traced twice.
        self.optimizer.build(self.trainable_variables)

    def compile(self, optimizer, loss, metrics=None, **options):
        if metrics is not None:
            raise ValueError(
                "OnlineSequential reports loss and accuracy itself: leave `metrics` "
                f"out. Received: metrics={metrics!r}"
            )
        if not options.get("jit_compile") or options.get("run_eagerly"):
            raise ValueError(
                "OnlineSequential runs its epochs inside XLA: call "
                "compile(..., jit_compile=True) and not run_eagerly=True."
            )
        super().compile(optimizer=optimizer, loss=loss, **options)

    def train_step(self, order):
        """One epoch.

        Args:
            order: int32, (num_examples,), indices of held examples.
        """
        looks_ahead = hasattr(self.optimizer, "look_ahead")
        if looks_ahead:
            self.optimizer.look_ahead(self.trainable_variables)
        step = self._step_class()(self)
        num_whole = order.shape[0] // self.batch_size
        batches = tf.reshape(
            order[: num_whole * self.batch_size], (num_whole, self.batch_size)
        )

        def update(i, loss, correct, carried):
            added, right, carried = step(i, tf.gather(batches, i), carried)
            return i + 1, loss + added, correct + right, carried

        state = (0, 0.0, 0.0, step.start())
        state = tf.while_loop(lambda i, *_: i < num_whole, update, state)
        if order.shape[0] % self.batch_size:
            batches = order[None, num_whole * self.batch_size :]
            state = update(0, *state[1:])
        _, loss, correct, carried = state
        step.finish(num_whole, carried)
        if looks_ahead:
            self.optimizer.finalize_variable_values(self.trainable_variables)
        return {"loss": loss / order.shape[0], "accuracy": correct / order.shape[0]}

    def _step_class(self):
        """The step that leaves out the most, at the same result."""
        if self.inked is not None and rows_are_apart(self):
            if self.batch_size == 1 and rows_can_wait(self.optimizer):
                return RowStep
            if getattr(self.optimizer, "rests_at_zero", False):
                return EverInkedStep
        return DenseStep
