"""Momentum-based gradient descent, the generalised delta rule (original, 1.3.3)."""

import keras
from keras import ops

from .checks import fraction, positive_rate


@keras.saving.register_keras_serializable(package="reproduce")
class Momentum(keras.optimizers.Optimizer):
    """Gradient descent whose step keeps a part of the step before.

    For m = 0, 1, ... with delta(-1) = 0 (1.3.3):

        delta(m) = -eta * g(m) + alpha * delta(m-1)
        w(m+1)   = w(m) + delta(m)

    The original prints the gradient and the weight change with one symbol; `g` is
    the gradient here and `delta` the change (README, "What the original leaves
    unsaid").

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.
        momentum: alpha in [0, 1). Defaults to 0.9.

    Differs from Keras: in nothing; equals `keras.optimizers.SGD(momentum=alpha)`.
    """

    def __init__(self, learning_rate=0.001, momentum=0.9, name="momentum", **kwargs):
        super().__init__(
            learning_rate=positive_rate(learning_rate), name=name, **kwargs
        )
        self.momentum = fraction("momentum", momentum)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._deltas = self.add_optimizer_variables(variables, "delta")

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        before = self._deltas[self._get_variable_index(variable)]
        delta = -eta * g + self.momentum * before
        self.assign(before, delta)
        self.assign_add(variable, delta)

    def idle_steps(self, variable, num_steps):
        """`num_steps` updates with a zero gradient: a geometric series of steps.

        delta -> alpha^k * delta
        w     -> w + (alpha + ... + alpha^k) * delta
        """
        alpha = self.momentum
        delta = self._deltas[self._get_variable_index(variable)]
        decay = ops.power(ops.cast(alpha, variable.dtype), num_steps)
        self.assign_add(variable, alpha * (1 - decay) / (1 - alpha) * delta)
        self.assign(delta, decay * delta)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum}
