"""Each rule is an ordinary Keras optimizer: config, schedules, saving, fit."""

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from reproduce.optimizers import OPTIMIZERS

from .cases import CASES

every_rule = pytest.mark.parametrize("rule", OPTIMIZERS.values(), ids=OPTIMIZERS)
IMAGES = np.random.default_rng(5).normal(size=(32, 6)).astype("float32")
LABELS = (IMAGES[:, 0] > 0).astype("int32")


def small_model(optimizer, **options):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(2, "softmax")])
    model.compile(optimizer, "sparse_categorical_crossentropy", **options)
    return model


@every_rule
def test_config_round_trip_keeps_every_hyperparameter(rule):
    arguments = CASES[rule.__name__].arguments
    config = rule.from_config(rule(**arguments).get_config()).get_config()
    assert {name: config[name] for name in arguments} == arguments


@every_rule
@pytest.mark.parametrize("options", [{"run_eagerly": True}, {"jit_compile": True}, {}])
def test_stock_fit_lowers_the_loss(rule, options):
    model = small_model(rule(learning_rate=0.05), **options)
    losses = model.fit(IMAGES, LABELS, epochs=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]


@every_rule
def test_a_schedule_of_the_learning_rate_is_followed(rule):
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0], [0.5, 1e-30])
    optimizer, variable = rule(learning_rate=schedule), keras.Variable(1.0)
    for _ in range(2):
        optimizer.apply([np.float32(1.0)], [variable])
    first = rule(learning_rate=0.5)
    alone = keras.Variable(1.0)
    first.apply([np.float32(1.0)], [alone])
    assert abs(float(alone.numpy()) - 1.0) > 0.1
    if "momentum" not in optimizer.get_config():
        np.testing.assert_allclose(variable, alone, rtol=1e-5)


@every_rule
def test_a_saved_model_goes_on_as_if_it_had_not_been_saved(rule, tmp_path):
    model = small_model(rule(learning_rate=0.05))
    model.fit(IMAGES, LABELS, verbose=0, shuffle=False)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    for each in (model, loaded):
        each.fit(IMAGES, LABELS, verbose=0, shuffle=False)
    for a, b in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


LOADING = """
import sys
import keras
import numpy as np
import reproduce.optimizers

for path in sys.argv[1:]:
    optimizer = keras.models.load_model(path).optimizer
    state = [variable.numpy() for variable in optimizer.variables]
    np.savez(path + ".npz", type(optimizer).__name__, *state)
"""


def test_a_saved_model_loads_in_any_folder_after_one_import(tmp_path):
    models = {}
    for name, rule in OPTIMIZERS.items():
        models[name] = small_model(rule(learning_rate=0.05))
        models[name].fit(IMAGES, LABELS, verbose=0)
        models[name].save(tmp_path / f"{name}.keras")
    subprocess.run(
        [sys.executable, "-c", LOADING, *(f"{name}.keras" for name in OPTIMIZERS)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
        check=True,
    )
    for name, model in models.items():
        with np.load(tmp_path / f"{name}.keras.npz") as saved:
            kind, *state = saved.values()
        assert kind == name
        for loaded, variable in zip(state, model.optimizer.variables, strict=True):
            np.testing.assert_array_equal(loaded, variable)


BAD = [
    (rule, argument, value)
    for rule, case in CASES.items()
    for argument in case.arguments
    for value in (-0.1, float("nan"), float("inf"), "fast", True)
]


@pytest.mark.parametrize(("rule", "argument", "value"), BAD)
def test_a_bad_hyperparameter_is_named_with_what_was_passed(rule, argument, value):
    with pytest.raises(ValueError, match=f"`{argument}` must be .*{value!r}"):
        OPTIMIZERS[rule](**{argument: value})
