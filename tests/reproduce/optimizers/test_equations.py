"""The optimizers are the original's equations."""

import keras
import numpy as np
import pytest

from reproduce.optimizers import OPTIMIZERS, AdaGrad, Adam, RMSProp

from .cases import CASES

START = np.array([1.0, -2.0, 0.5])
STEPS = 7
rules = pytest.mark.parametrize("name", CASES)


def slope(w):
    """Gradient of a bowl with a bend in it, so that the point of taking it counts."""
    return 0.5 * np.asarray(w) + 0.25 * np.sin(3.0 * np.asarray(w))


def descend(optimizer, steps=STEPS, gradient=slope, start=START, finalize=True):
    variable = keras.Variable(start, dtype="float64")
    for _ in range(steps):
        optimizer.apply([gradient(variable.numpy())], [variable])
    if finalize:
        optimizer.finalize_variable_values([variable])
    return variable.numpy()


def test_every_rule_has_a_case():
    assert set(CASES) == set(OPTIMIZERS)


@rules
@pytest.mark.parametrize("steps", [1, 2])
def test_update_is_what_pencil_and_paper_give(name, steps):
    case = CASES[name]
    gradients = iter([1.0, 0.5])
    w = descend(case.make(), steps, lambda _: np.array(next(gradients)), np.array(1.0))
    np.testing.assert_allclose(w, case.pencil[steps - 1], rtol=1e-7)


@rules
def test_update_is_the_originals_equation(name):
    case = CASES[name]
    expected = case.by_hand(START, slope, STEPS, *case.arguments.values())
    np.testing.assert_allclose(descend(case.make()), expected, rtol=1e-6)


@rules
def test_update_is_that_of_the_keras_built_in(name):
    case = CASES[name]
    theirs = descend(case.keras_rule(**case.keras_arguments), finalize=False)
    ours = descend(case.make(), finalize=False)
    np.testing.assert_allclose(ours, theirs, rtol=2e-6)


@pytest.mark.parametrize("name", ["AdaGrad", "RMSProp", "Adam"])
def test_epsilon_stands_inside_the_root(name):
    case, tiny = CASES[name], lambda w: np.full_like(w, 1e-4)
    arguments = {**case.arguments, "epsilon": 1e-3}
    expected = case.by_hand(START, tiny, 2, *arguments.values())
    moved = descend(case.make(epsilon=1e-3), 2, tiny) - START
    np.testing.assert_allclose(moved, expected - START, rtol=1e-6)


def test_adagrad_starts_from_its_initial_accumulator_value():
    case = CASES["AdaGrad"]
    arguments = {**case.arguments, "initial_accumulator_value": 4.0}
    expected = case.by_hand(START, slope, STEPS, *arguments.values())
    ours = descend(case.make(initial_accumulator_value=4.0))
    np.testing.assert_allclose(ours, expected, rtol=1e-6)


def test_defaults_are_the_originals_values():
    assert all(
        float(rule().learning_rate.numpy()) == np.float32(0.001)
        for rule in OPTIMIZERS.values()
    )
    assert OPTIMIZERS["Momentum"]().momentum == OPTIMIZERS["Nesterov"]().momentum == 0.9
    assert (RMSProp().rho, Adam().beta_1, Adam().beta_2) == (0.99, 0.9, 0.999)
    assert {AdaGrad().epsilon, RMSProp().epsilon, Adam().epsilon} == {1e-8}
    assert AdaGrad().initial_accumulator_value == 0.0


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if hasattr(case.ours, "idle_steps")]
)
@pytest.mark.parametrize("num_idle", [1, 9])
def test_idle_steps_equal_updates_with_a_zero_gradient(name, num_idle):
    leap, walk = CASES[name].make(), CASES[name].make()
    variables = [keras.Variable(START, dtype="float64") for _ in range(2)]
    for optimizer, variable in zip((leap, walk), variables, strict=True):
        for _ in range(3):
            optimizer.apply([slope(variable.numpy())], [variable])
    leap.iterations.assign_add(num_idle)
    leap.idle_steps(variables[0].value, np.float64(num_idle))
    for _ in range(num_idle):
        walk.apply([np.zeros_like(START)], [variables[1]])
    np.testing.assert_allclose(variables[0], variables[1], rtol=1e-7)


@pytest.mark.parametrize("num_idle", [1, 2, 9, 40, 400])
@pytest.mark.parametrize("num_before", [1, 30, 700, 720, 40000])
def test_adams_idle_steps_are_its_equation_early_and_late(num_before, num_idle):
    eta, beta_1, beta_2, epsilon = 2.0**-10, 0.875, 1 - 2.0**-10, 2.0**-20
    ours = Adam(eta, beta_1, beta_2, epsilon)
    u = np.array([1e-3, -1e-3, 1e-3, 1e-2, 0.0])
    v = np.array([1e-4, 1e-6, 1e-8, 1.0, 0.0])  # above, at and below epsilon
    moved, variable = 0.0, keras.Variable(np.ones(5), dtype="float64")
    ours.build([variable])
    ours._means[0].assign(u)
    ours._mean_squares[0].assign(v)
    ours.iterations.assign(num_before + num_idle)
    ours.idle_steps(variable.value, np.float64(num_idle))
    for m in range(num_before + 1, num_before + num_idle + 1):
        u, v = beta_1 * u, beta_2 * v
        u_hat, v_hat = u / (1 - beta_1**m), v / (1 - beta_2**m)
        moved -= eta * u_hat / np.sqrt(v_hat + epsilon)
    np.testing.assert_allclose(variable.numpy() - 1.0, moved, rtol=2e-6)
    np.testing.assert_allclose(ours._means[0], u, rtol=1e-6)
    np.testing.assert_allclose(ours._mean_squares[0], v, rtol=1e-6)


@pytest.mark.parametrize("arguments", [{"beta_1": 0.0}, {"beta_2": 0.0}, {}])
def test_adams_idle_steps_leave_what_rests_where_it_is(arguments):
    ours, variable = Adam(**arguments), keras.Variable(START, dtype="float32")
    ours.build([variable])
    for num_before, num_idle in ((0, 0), (0, 5), (9, 0), (10**5, 0), (10**5, 10**5)):
        ours.iterations.assign(num_before + num_idle)
        ours.idle_steps(variable.value, np.float32(num_idle))
        np.testing.assert_array_equal(variable, np.float32(START))
