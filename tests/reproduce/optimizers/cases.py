"""Each rule of the original transcribed into NumPy, and its Keras built-in."""

from dataclasses import dataclass, field

import keras
import numpy as np

from reproduce import optimizers


def gradient_descent(w, gradient, steps, eta):
    for _ in range(steps):
        w = w - eta * gradient(w)
    return w


def momentum(w, gradient, steps, eta, alpha):
    delta = 0.0
    for _ in range(steps):
        delta = -eta * gradient(w) + alpha * delta
        w = w + delta
    return w


def nesterov(w, gradient, steps, eta, alpha):
    delta = 0.0
    for _ in range(steps):
        look_ahead = w + alpha * delta
        delta = -eta * gradient(look_ahead) + alpha * delta
        w = w + delta
    return w


def adagrad(w, gradient, steps, eta, start, epsilon):
    v = start
    for _ in range(steps):
        g = gradient(w)
        v = v + g**2
        w = w - eta * g / np.sqrt(v + epsilon)
    return w


def rmsprop(w, gradient, steps, eta, beta, epsilon):
    v = 0.0
    for _ in range(steps):
        g = gradient(w)
        v = beta * v + (1 - beta) * g**2
        w = w - eta * g / np.sqrt(v + epsilon)
    return w


def adam(w, gradient, steps, eta, beta_1, beta_2, epsilon):
    u = v = 0.0
    for m in range(1, steps + 1):
        g = gradient(w)
        v = beta_2 * v + (1 - beta_2) * g**2
        u = beta_1 * u + (1 - beta_1) * g
        u_hat, v_hat = u / (1 - beta_1**m), v / (1 - beta_2**m)
        w = w - eta * u_hat / np.sqrt(v_hat + epsilon)
    return w


@dataclass(frozen=True)
class Case:
    """One rule with every oracle it is held against.

    Attributes:
        arguments: of ours; powers of two, so that arithmetic is exact.
        by_hand: the original's equation; takes the arguments' values in order.
        pencil: w after one and two updates from w = 1 with gradients 1 and 1/2,
            worked out on paper, epsilon left out.
        keras_rule: the built-in that agrees where epsilon does not matter.
    """

    ours: type
    arguments: dict
    by_hand: object
    pencil: tuple
    keras_rule: type
    keras_arguments: dict
    fixed: dict = field(default_factory=dict)

    def make(self, **changes):
        return self.ours(**{**self.arguments, **changes})


ETA = {"learning_rate": 0.125}
ALPHA = {**ETA, "momentum": 0.5}
SGD = keras.optimizers.SGD
EPSILON = {"epsilon": 2.0**-40}

CASES = {
    # 1 - 1/8; - 1/16
    "GradientDescent": Case(
        optimizers.GradientDescent, ETA, gradient_descent, (0.875, 0.8125), SGD, ETA
    ),
    # delta -1/8; -1/16 - 1/16 = -1/8
    "Momentum": Case(optimizers.Momentum, ALPHA, momentum, (0.875, 0.75), SGD, ALPHA),
    # the same w: these gradients do not depend on where they are taken
    "Nesterov": Case(
        optimizers.Nesterov,
        ALPHA,
        nesterov,
        (0.875, 0.75),
        SGD,
        {**ALPHA, "nesterov": True},
    ),
    # v 1; 5/4: 1 - 1/8; - 1/16 / sqrt(5/4)
    "AdaGrad": Case(
        optimizers.AdaGrad,
        {**ETA, "initial_accumulator_value": 0.0, **EPSILON},
        adagrad,
        (0.875, 0.875 - 0.0625 / 1.25**0.5),
        keras.optimizers.Adagrad,
        {**ETA, "initial_accumulator_value": 0.0, **EPSILON},
    ),
    # v 1/4; 3/16 + 1/16 = 1/4: 1 - 1/8 / (1/2); - 1/16 / (1/2)
    "RMSProp": Case(
        optimizers.RMSProp,
        {**ETA, "rho": 0.75, **EPSILON},
        rmsprop,
        (0.75, 0.625),
        keras.optimizers.RMSprop,
        {**ETA, "rho": 0.75, **EPSILON},
    ),
    # u 1/2, v 1/4, both hats 1; u 1/2, v 1/4, hats 2/3 and 4/7
    "Adam": Case(
        optimizers.Adam,
        {**ETA, "beta_1": 0.5, "beta_2": 0.75, **EPSILON},
        adam,
        (0.875, 0.875 - 0.125 * (2 / 3) / (4 / 7) ** 0.5),
        keras.optimizers.Adam,
        {**ETA, "beta_1": 0.5, "beta_2": 0.75, **EPSILON},
    ),
}
