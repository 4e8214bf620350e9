"""Gradient descent (report, 1.3.1 with one example an update, 1.3.2 with all)."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="reproduce")
class GradientDescent(keras.optimizers.Optimizer):
    """Step against the gradient.

    For m = 0, 1, ... (1.3.1, 1.3.2):

        w(m+1) = w(m) - eta * g(m)

    `g(m)` is the gradient of the error at `w(m)`, of one example (SGD) or of
    the mean over all of them (batch GD): the batch size makes the difference.

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.

    Differs from Keras: in nothing; equals `keras.optimizers.SGD`.
    """

    def __init__(self, learning_rate=0.001, name="gradient_descent", **kwargs):
        check_learning_rate(learning_rate)
        super().__init__(learning_rate=learning_rate, name=name, **kwargs)

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        self.assign_sub(variable, eta * g)
