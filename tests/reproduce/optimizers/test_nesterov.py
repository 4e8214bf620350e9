"""Between updates NAG's variables are ahead of w; afterwards they are w."""

import keras
import numpy as np

from reproduce.optimizers import Nesterov

from .cases import nesterov
from .test_equations import START, slope

ARGUMENTS = {"learning_rate": 0.125, "momentum": 0.5}


def train(optimizer, variable, steps):
    for _ in range(steps):
        optimizer.apply([slope(variable.numpy())], [variable])
    optimizer.finalize_variable_values([variable])


def test_going_on_from_look_ahead_continues_the_recursion():
    optimizer, variable = Nesterov(**ARGUMENTS), keras.Variable(START, dtype="float64")
    train(optimizer, variable, 4)
    optimizer.look_ahead([variable])
    train(optimizer, variable, 3)
    expected = nesterov(START, slope, 7, *ARGUMENTS.values())
    np.testing.assert_allclose(variable, expected, rtol=1e-7)


def test_without_look_ahead_only_one_gradient_is_taken_at_w():
    optimizer, variable = Nesterov(**ARGUMENTS), keras.Variable(START, dtype="float64")
    train(optimizer, variable, 4)
    w, delta = variable.numpy(), optimizer._deltas[0].numpy()
    train(optimizer, variable, 1)
    np.testing.assert_allclose(variable, w - 0.125 * slope(w) + 0.5 * delta, rtol=1e-7)


def test_finalizing_and_looking_ahead_twice_is_doing_it_once():
    optimizer, variable = Nesterov(**ARGUMENTS), keras.Variable(START, dtype="float64")
    train(optimizer, variable, 4)
    w = variable.numpy()
    optimizer.finalize_variable_values([variable])
    np.testing.assert_array_equal(variable, w)
    optimizer.look_ahead([variable])
    ahead = variable.numpy()
    optimizer.look_ahead([variable])
    np.testing.assert_array_equal(variable, ahead)
