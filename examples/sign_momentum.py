"""An optimizer of one's own: the example of docs/own-optimizer.md."""

import keras
from keras import ops


class SignMomentum(keras.optimizers.Optimizer):
    """Steps of one size, against the sign of the gradient's running mean.

    m = beta * m + (1 - beta) * g
    w = w - learning_rate * sign(m)
    """

    def __init__(self, learning_rate=0.001, beta=0.9, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta = beta

    def build(self, variables):
        if self.built:
            return
        super().build(variables)
        self.means = self.add_optimizer_variables(variables, "mean")

    def update_step(self, gradient, variable, learning_rate):
        mean = self.means[self._get_variable_index(variable)]
        self.assign(mean, self.beta * mean + (1 - self.beta) * gradient)
        self.assign_sub(variable, learning_rate * ops.sign(mean))

    def get_config(self):
        return {**super().get_config(), "beta": self.beta}
