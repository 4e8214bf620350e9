"""Gradient descent: the original's SGD (1.3.1) and batch GD (1.3.2)."""

import keras
from keras import ops

from .checks import positive_rate


@keras.saving.register_keras_serializable(package="reproduce")
class GradientDescent(keras.optimizers.Optimizer):
    """Step against the gradient.

    For m = 0, 1, ... (1.3.1, 1.3.2):

        w(m+1) = w(m) - eta * g(m)

    `g(m)` is the gradient of the error at `w(m)`: of one example in SGD, of the
    mean over all of them in batch GD. The rule is the same; the batch differs.

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.

    Differs from Keras: in nothing; equals `keras.optimizers.SGD`.
    """

    def __init__(self, learning_rate=0.001, name="gradient_descent", **kwargs):
        super().__init__(
            learning_rate=positive_rate(learning_rate), name=name, **kwargs
        )

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        self.assign_sub(variable, eta * g)

    def idle_steps(self, variable, num_steps):
        """Updates with a zero gradient: they change nothing."""
