"""AdaGrad (original, 1.3.5)."""

import math

import keras
from keras import ops

from .checks import in_range, positive, positive_rate


@keras.saving.register_keras_serializable(package="reproduce")
class AdaGrad(keras.optimizers.Optimizer):
    """A learning rate for each weight, which falls with all its past gradients.

    For m = 1, 2, ... with v(0) = initial_accumulator_value (1.3.5):

        v(m)   = v(m-1) + g(m)^2
        w(m+1) = w(m) - eta * g(m) / sqrt(v(m) + epsilon)

    The code writes 1 / sqrt(x) as sqrt(1 / x), the one form of it that XLA
    vectorizes everywhere.

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.
        initial_accumulator_value: v(0) >= 0. Defaults to 0, the equation's.
        epsilon: > 0, inside the square root. Defaults to 1e-8.

    Differs from Keras: `keras.optimizers.Adagrad` starts v at 0.1 and has
    epsilon 1e-7; with the same values it is equal.
    """

    def __init__(
        self,
        learning_rate=0.001,
        initial_accumulator_value=0.0,
        epsilon=1e-8,
        name="adagrad",
        **kwargs,
    ):
        super().__init__(
            learning_rate=positive_rate(learning_rate), name=name, **kwargs
        )
        self.initial_accumulator_value = in_range(
            "initial_accumulator_value",
            initial_accumulator_value,
            0.0,
            math.inf,
            "at least 0 and finite",
            low_included=True,
        )
        self.epsilon = positive("epsilon", epsilon)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        start = keras.initializers.Constant(self.initial_accumulator_value)
        self._sums = self.add_optimizer_variables(variables, "sum", start)

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        before = self._sums[self._get_variable_index(variable)]
        v = before + g * g
        self.assign(before, v)
        self.assign_sub(variable, eta * g * ops.sqrt(1 / (v + self.epsilon)))

    def idle_steps(self, variable, num_steps):
        """Updates with a zero gradient: they change nothing."""

    def get_config(self):
        return {
            **super().get_config(),
            "initial_accumulator_value": self.initial_accumulator_value,
            "epsilon": self.epsilon,
        }
