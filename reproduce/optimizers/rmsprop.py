"""RMSProp (original, 1.3.6)."""

import keras
from keras import ops

from .checks import fraction, positive, positive_rate


@keras.saving.register_keras_serializable(package="reproduce")
class RMSProp(keras.optimizers.Optimizer):
    """AdaGrad with a fading memory: a running mean of squares, not their sum.

    For m = 1, 2, ... with v(0) = 0 (1.3.6):

        v(m)   = beta * v(m-1) + (1 - beta) * g(m)^2
        w(m+1) = w(m) - eta * g(m) / sqrt(v(m) + epsilon)

    The code writes 1 / sqrt(x) as sqrt(1 / x), the one form of it that XLA
    vectorizes everywhere.

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.
        rho: beta in [0, 1). Defaults to 0.99.
        epsilon: > 0, inside the square root. Defaults to 1e-8.

    Differs from Keras: `keras.optimizers.RMSprop` has rho 0.9 and epsilon 1e-7;
    with the same values it is equal.
    """

    def __init__(
        self, learning_rate=0.001, rho=0.99, epsilon=1e-8, name="rmsprop", **kwargs
    ):
        super().__init__(
            learning_rate=positive_rate(learning_rate), name=name, **kwargs
        )
        self.rho = fraction("rho", rho)
        self.epsilon = positive("epsilon", epsilon)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._means = self.add_optimizer_variables(variables, "mean_square")

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        before = self._means[self._get_variable_index(variable)]
        v = self.rho * before + (1 - self.rho) * g * g
        self.assign(before, v)
        self.assign_sub(variable, eta * g * ops.sqrt(1 / (v + self.epsilon)))

    def idle_steps(self, variable, num_steps):
        """`num_steps` updates with a zero gradient: v -> beta^k * v."""
        v = self._means[self._get_variable_index(variable)]
        self.assign(v, ops.power(ops.cast(self.rho, v.dtype), num_steps) * v)

    def get_config(self):
        return {**super().get_config(), "rho": self.rho, "epsilon": self.epsilon}
