"""Adaptive moments, Adam (original, 1.3.7)."""

import keras
from keras import ops

from .checks import fraction, positive, positive_rate


@keras.saving.register_keras_serializable(package="reproduce")
class Adam(keras.optimizers.Optimizer):
    """Running means of the gradient and of its square, both corrected for bias.

    For m = 1, 2, ... with u(0) = v(0) = 0 (1.3.7):

        v(m)    = beta_2 * v(m-1) + (1 - beta_2) * g(m)^2      (eqn. 1)
        u(m)    = beta_1 * u(m-1) + (1 - beta_1) * g(m)        (eqn. 2)
        u_hat   = u(m) / (1 - beta_1^m)
        v_hat   = v(m) / (1 - beta_2^m)
        w(m+1)  = w(m) - eta * u_hat / sqrt(v_hat + epsilon)

    The code writes 1 / sqrt(x) as sqrt(1 / x), the one form of it that XLA
    vectorizes everywhere.

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.
        beta_1: in [0, 1). Defaults to 0.9.
        beta_2: in [0, 1). Defaults to 0.999.
        epsilon: > 0, inside the square root. Defaults to 1e-8.

    Differs from Keras: `keras.optimizers.Adam` adds epsilon after the root of
    the uncorrected v ("epsilon hat"); where epsilon is negligible it is equal.
    """

    rests_at_zero = True  # with u = v = g = 0 a weight stays where it is

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-8,
        name="adam",
        **kwargs,
    ):
        super().__init__(
            learning_rate=positive_rate(learning_rate), name=name, **kwargs
        )
        self.beta_1 = fraction("beta_1", beta_1)
        self.beta_2 = fraction("beta_2", beta_2)
        self.epsilon = positive("epsilon", epsilon)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._means, self._mean_squares = self.add_optimizer_variables(
            variables, ["mean", "mean_square"]
        )

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        m = ops.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        u_before, v_before = self._means[index], self._mean_squares[index]
        v = self.beta_2 * v_before + (1 - self.beta_2) * g * g  # eqn. 1
        u = self.beta_1 * u_before + (1 - self.beta_1) * g  # eqn. 2
        self.assign(v_before, v)
        self.assign(u_before, u)
        rate = eta / (1 - ops.power(ops.cast(self.beta_1, variable.dtype), m))
        scale = 1 / (1 - ops.power(ops.cast(self.beta_2, variable.dtype), m))
        root = ops.sqrt(1 / (scale * v + self.epsilon))
        self.assign_sub(variable, rate * u * root)

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
