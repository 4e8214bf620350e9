"""Adaptive moments, Adam (original, 1.3.7)."""

import math

import keras
from keras import ops

from .checks import fraction, positive, positive_rate

ROUNDING = 1e-7  # of float32


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
    idles_at_one_rate = True  # while rows wait, the learning rate must not change
    idling_is_work = True  # so much that it is better done once and kept

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

    def idle_steps(self, variable, num_steps):
        """The last `num_steps` updates, n + 1 to n + k, had a zero gradient.

            u -> beta_1^k * u
            v -> beta_2^k * v
            w -> w - eta * u * sum of a(j) / sqrt(v / y(j) + epsilon), j = 1 to k

        with a(j) = beta_1^j / (1 - beta_1^(n + j)) and y(j) = beta_2^-j - beta_2^n.
        `iterations` counts these updates already. The sum ends where a(j) is below
        rounding; late in training it is had in closed form, to 1e-6 of itself.
        """
        k = ops.cast(num_steps, variable.dtype)
        n = ops.cast(self.iterations, variable.dtype) - k
        index = self._get_variable_index(variable)
        u, v = self._means[index], self._mean_squares[index]
        terms, smooth = ops.minimum(k, self._memory()), n >= self._first_smooth()
        total = self._added_terms(v, n, ops.where(smooth, 0.0, terms))
        if math.isfinite(self._first_smooth()):
            total += self._closed_form(v, n, ops.where(smooth, terms, 0.0))
        eta = ops.cast(self.learning_rate, variable.dtype)
        self.assign_sub(variable, eta * u * total)
        self.assign(u, ops.power(ops.cast(self.beta_1, variable.dtype), k) * u)
        self.assign(v, ops.power(ops.cast(self.beta_2, variable.dtype), k) * v)

    def _memory(self):
        """The number of updates after which a(j) is below rounding."""
        return math.ceil(math.log(ROUNDING) / math.log(max(self.beta_1, ROUNDING)))

    def _first_smooth(self):
        """The n from which y(j) grows by 1/64 at most while a(j) falls to 1/e.

        inf where these decay rates never come to that.
        """
        growth = 64 * (1 - self.beta_2) / (1 - self.beta_1)
        if growth >= 1:
            return math.inf
        return max(math.log(1 - growth) / math.log(self.beta_2), self._memory())

    def _added_terms(self, v, n, k):
        """The sum in `idle_steps`, term after term."""
        beta_1, beta_2 = (ops.cast(b, n.dtype) for b in (self.beta_1, self.beta_2))
        last = ops.max(k)

        def add(j, total):
            a = ops.power(beta_1, j) / (1 - ops.power(beta_1, n + j))
            scale = ops.power(beta_2, j) / (1 - ops.power(beta_2, n + j))  # 1 / y
            term = a * ops.sqrt(1 / (scale * v + self.epsilon))
            return j + 1, total + ops.where(j <= k, term, 0.0)

        start = ops.ones_like(last), ops.zeros_like(v)
        return ops.while_loop(lambda j, _: j <= last, add, start)[1]

    def _closed_form(self, v, n, k):
        """The sum in `idle_steps`, with a(j) = beta_1^j.

        The root is expanded to second order in y, about its mean under the weights
        a; the mean and the variance of y are quotients of geometric series.
        """
        beta_1, beta_2 = self.beta_1, self.beta_2
        num_terms = ops.maximum(k, 1.0)  # no terms have no mean
        decay_1 = ops.power(ops.cast(beta_1, n.dtype), num_terms)
        decay_2 = ops.power(ops.cast(beta_2, n.dtype), num_terms)
        sum_of_a, *moments = (
            (1 - decay_1 / decay_2**power)
            / (1 - beta_1 / beta_2**power)
            / beta_2**power
            for power in range(3)
        )  # of a(j) * beta_2^(-power * j) / beta_1
        mean, square = (moment / sum_of_a for moment in moments)
        scale = 1 / (mean - ops.power(ops.cast(beta_2, n.dtype), n))  # 1 / mean y
        variance = (square - mean * mean) * scale * scale
        root = ops.sqrt(1 / (scale * v + self.epsilon))
        share = scale * v * root * root  # of v in v / y + epsilon
        bend = 1 + variance * share * (0.375 * share - 0.5)
        return ops.where(k > 0, beta_1 * sum_of_a, 0.0) * root * bend

    def get_config(self):
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
