"""Nesterov accelerated gradient descent, NAG (original, 1.3.4)."""

import keras
from keras import ops

from .checks import fraction, positive_rate


@keras.saving.register_keras_serializable(package="reproduce")
class Nesterov(keras.optimizers.Optimizer):
    """Momentum whose gradient is taken where the momentum is about to lead.

    For m = 0, 1, ... with delta(-1) = 0 (1.3.4):

        ahead(m) = w(m) + alpha * delta(m-1)
        delta(m) = -eta * g(ahead(m)) + alpha * delta(m-1)
        w(m+1)   = w(m) + delta(m)

    A Keras optimizer is handed the gradient at the variables' values, so between
    updates the variables hold `ahead`, and the same recursion reads

        ahead(m+1) = ahead(m) - alpha * delta(m-1) + (1 + alpha) * delta(m)

    `finalize_variable_values`, which `fit` calls at its end, puts w back, and
    `look_ahead` undoes that. Where training goes on without `look_ahead` (a
    second stock `fit`), the first gradient is that at w; all else is exact.

    Args:
        learning_rate: eta > 0, float or schedule. Defaults to 0.001.
        momentum: alpha in [0, 1). Defaults to 0.9.

    Differs from Keras: `SGD(nesterov=True)` never puts w back; until then its
    variables are the same.
    """

    def __init__(self, learning_rate=0.001, momentum=0.9, name="nesterov", **kwargs):
        super().__init__(
            learning_rate=positive_rate(learning_rate), name=name, **kwargs
        )
        self.momentum = fraction("momentum", momentum)

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self._deltas = self.add_optimizer_variables(variables, "delta")
        # The update count at which the variables held w, not the point ahead.
        self._at_w = self.add_variable((), dtype="int64", name="at_w")

    def update_step(self, gradient, variable, learning_rate):
        eta = ops.cast(learning_rate, variable.dtype)
        g = ops.cast(gradient, variable.dtype)
        alpha = self.momentum
        before = self._deltas[self._get_variable_index(variable)]
        back = self._lead(variable.dtype) * before
        delta = -eta * g + alpha * before
        self.assign(before, delta)
        self.assign_add(variable, (1 + alpha) * delta - back)

    def idle_steps(self, variable, num_steps):
        """`num_steps` updates with a zero gradient, from and to the point ahead.

        delta -> alpha^k * delta
        ahead -> ahead + alpha * (alpha + ... + alpha^k) * delta
        """
        alpha = self.momentum
        delta = self._deltas[self._get_variable_index(variable)]
        decay = ops.power(ops.cast(alpha, variable.dtype), num_steps)
        self.assign_add(variable, alpha**2 * (1 - decay) / (1 - alpha) * delta)
        self.assign(delta, decay * delta)

    def look_ahead(self, variables):
        """Move variables that hold w to the point ahead; others stay."""
        self._shift(variables, 1.0)
        self._at_w.assign(-1)

    def finalize_variable_values(self, var_list):
        """Move variables that hold the point ahead back to w; others stay."""
        super().finalize_variable_values(var_list)
        self._shift(var_list, -1.0)
        self._at_w.assign(self.iterations)

    def _lead(self, dtype):
        """How many deltas the variables are ahead of w: alpha, or 0 at w."""
        at_w = ops.equal(self.iterations, self._at_w)
        return ops.cast(ops.where(at_w, 0.0, self.momentum), dtype)

    def _shift(self, variables, direction):
        for variable in variables:
            lead = self._lead(variable.dtype)
            if direction > 0:
                lead = self.momentum - lead
            delta = self._deltas[self._get_variable_index(variable)]
            self.assign_add(variable, direction * lead * delta)

    def get_config(self):
        return {**super().get_config(), "momentum": self.momentum}
