"""A Sequential that makes one update an example, a whole epoch in one program."""

import keras
import tensorflow as tf

from .rows import InkedPixels
from .steps import DenseStep, RowStep


class OnlineSequential(keras.Sequential):
    """Trains as `fit(batch_size=1)` does, some fifty times faster.

    The examples stay in the model (`hold`); `fit` is fed orders of them, one an
    epoch. `train_step` runs the epoch's updates as a loop inside one XLA program:
    forward pass, `GradientTape`, the compiled loss and the model's own
    optimizer, as in Keras's own `train_step`.

        model.compile(optimizer, loss, jit_compile=True)
        model.hold(images, labels)
        model.fit(orders, steps_per_epoch=1, epochs=...)

    The epoch's `loss` and `accuracy` are means over its examples while the
    weights move, which is what the report calls average training error.
    """

    def hold(self, images, labels, use_rows=True):
        """Keep the training examples in the model.

        Args:
            images: uint8, (num_examples, 28, 28).
            labels: integers, (num_examples,), indices of output units.
            use_rows: with one example an update, leave the rows of its blank
                pixels alone where the optimizer knows what that takes.
        """
        self.images = tf.Variable(images, trainable=False)
        self.labels = tf.Variable(tf.cast(labels, tf.int32), trainable=False)
        self.inked = InkedPixels(images) if use_rows else None

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

    def train_step(self, orders):
        """One epoch.

        Args:
            orders: int32, (num_updates, batch_size), indices of held examples.
        """
        num_updates = tf.shape(orders)[0]
        self.optimizer.build(self.trainable_variables)
        if hasattr(self.optimizer, "look_ahead"):
            self.optimizer.look_ahead(self.trainable_variables)
        step = (RowStep if self._rows_serve(orders) else DenseStep)(self)

        def update(i, loss, correct, carried):
            added, right, carried = step(i, tf.gather(orders, i), carried)
            return i + 1, loss + added, correct + right, carried

        _, loss, correct, carried = tf.while_loop(
            lambda i, *_: i < num_updates, update, (0, 0.0, 0.0, step.start())
        )
        step.finish(num_updates, carried)
        count = tf.cast(tf.size(orders), tf.float32)
        return {"loss": loss / count, "accuracy": correct / count}

    def _rows_serve(self, orders):
        """Whether rows of blank pixels can be left for later, at the same result."""
        optimizer = self.optimizer
        return (
            self.inked is not None
            and orders.shape[1] == 1
            and hasattr(optimizer, "idle_steps")
            and [type(layer) for layer in self.layers[:3]] == _FROM_PIXELS
            and self.layers[0].offset == 0
            and not any(getattr(optimizer, name) for name in _NEED_WHOLE_GRADIENT)
        )


_FROM_PIXELS = [keras.layers.Rescaling, keras.layers.Flatten, keras.layers.Dense]
_NEED_WHOLE_GRADIENT = (
    "weight_decay",
    "clipnorm",
    "global_clipnorm",
    "use_ema",
    "gradient_accumulation_steps",
)
