"""Other optimizers end where stock `fit` does, and are those that were asked for."""

import sys
from types import ModuleType

import keras
import numpy as np
import pytest
import tensorflow as tf

from models import OnlineSequential, build_model
from reproduce.data import load_digits
from reproduce.errors import MethodError
from reproduce.experiment.methods import METHODS, method_key
from reproduce.experiment.protocol import Protocol
from reproduce.optimizers import OPTIMIZERS, Momentum
from reproduce.training import optimizer as subject

LOSS = "sparse_categorical_crossentropy"
SCHEDULE = {
    "class_name": "ExponentialDecay",
    "config": {"initial_learning_rate": 0.01, "decay_steps": 10, "decay_rate": 0.9},
}
OTHERS = [
    ("keras:SGD", {"learning_rate": SCHEDULE}),
    ("keras:SGD", {"loss_scale_factor": 128.0}),
    ("keras:SGD", {"gradient_accumulation_steps": 4}),
    ("keras:RMSprop", {"use_ema": True, "ema_momentum": 0.9}),
    ("adagrad", {"weight_decay": 0.01, "clipnorm": 0.5}),
]


@pytest.fixture(scope="module")
def examples():
    split = load_digits().train.head(40)
    return split.images, split.labels.astype(np.int32)


def trained(key, examples, ours):
    images, labels = examples
    model = build_model(
        1, seed=3, model_class=OnlineSequential if ours else keras.Sequential
    )
    start, optimizer = model.get_weights(), subject.make_optimizer(key, Protocol())
    if ours:
        model.compile(optimizer, LOSS, jit_compile=True)
        model.hold(images, labels, use_rows=subject.knows_idle_rows(optimizer))
        orders = tf.data.Dataset.from_tensors(tf.range(len(labels)))
        model.fit(orders, steps_per_epoch=1, shuffle=False, verbose=0)
    else:
        model.compile(optimizer, LOSS)
        inputs = images.astype("float32")
        model.fit(inputs, labels, batch_size=1, shuffle=False, verbose=0)
    return start, model.get_weights()


def largest_difference(weights, expected):
    return max(abs(a - b).max() for a, b in zip(weights, expected, strict=True))


@pytest.mark.parametrize(("spec", "arguments"), OTHERS)
def test_other_optimizers_end_in_the_weights_of_stock_fit(spec, arguments, examples):
    key = method_key(spec, arguments)
    start, expected = trained(key, examples, ours=False)
    weights = trained(key, examples, ours=True)[1]
    moved = largest_difference(expected, start)
    assert largest_difference(weights, expected) < 2e-3 * moved


def test_a_subclass_does_not_inherit_the_rows_shortcut():
    class Changed(Momentum):
        def update_step(self, gradient, variable, learning_rate):
            super().update_step(gradient + variable, variable, learning_rate)

    assert subject.knows_idle_rows(Momentum())
    assert not subject.knows_idle_rows(Changed())


def test_the_protocols_rate_goes_to_whoever_was_given_none():
    rates = [
        float(subject.make_optimizer(key, Protocol(learning_rate=0.5)).learning_rate)
        for key in ("keras:Lion", 'keras:Lion {"learning_rate": 2}', "nag")
    ]
    assert rates == [0.5, 2.0, 0.5]


def test_a_file_that_changed_meanwhile_is_not_trained_with(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine_of_test", raising=False)
    path = tmp_path / "mine_of_test.py"
    path.write_text("")
    key = method_key("mine_of_test:Mine", {})
    path.write_text("# changed")
    with pytest.raises(MethodError, match="changed meanwhile"):
        subject.find_class(key)


def test_an_optimizer_is_named_by_the_file_that_it_is_written_in():
    with pytest.raises(MethodError, match=r"give .*: reproduce\.optimizers\.adam:Adam"):
        subject.find_class(method_key("reproduce.optimizers:Adam", {}))
    written = method_key("reproduce.optimizers.adam:Adam", {})
    assert subject.find_class(written) is OPTIMIZERS["Adam"]


def test_a_rule_that_is_kept_beside_the_seven_is_told_by_its_file(monkeypatch):
    class Kept(Momentum):
        __module__, __qualname__ = "reproduce.optimizers.momentum", "Kept"

    module = sys.modules["reproduce.optimizers.momentum"]
    monkeypatch.setattr(module, "Kept", Kept, raising=False)
    monkeypatch.setitem(OPTIMIZERS, "Kept", Kept)
    key = subject.key_of_optimizer(Kept(), Protocol())
    assert key.startswith("reproduce.optimizers.momentum:Kept")
    assert subject.find_class(key) is Kept
    assert subject.knows_idle_rows(Kept())


WRAPPERS = ("Optimizer", "LossScaleOptimizer", "MultiOptimizer")
KERAS = [
    rule
    for name, rule in vars(keras.optimizers).items()
    if subject._is_optimizer(rule) and name not in WRAPPERS
]
GIVEN = {"learning_rate": 0.1, "clipnorm": np.float32(0.5), "weight_decay": 0.01}


def config(optimizer):
    """What an optimizer is, but for its name."""
    return {**optimizer.get_config(), "name": ""}


@pytest.mark.parametrize("rule", [*OPTIMIZERS.values(), *KERAS])
@pytest.mark.parametrize("arguments", [{}, GIVEN])
def test_the_key_of_an_optimizer_makes_its_equal(rule, arguments):
    optimizer = rule(**arguments)
    key = subject.key_of_optimizer(optimizer, Protocol())
    assert config(subject.make_optimizer(key, Protocol())) == config(optimizer)
    ours = rule in OPTIMIZERS.values()
    assert ours == (key.partition(" ")[0] in METHODS)


def test_what_a_method_has_anyway_is_not_in_its_key():
    key = subject.key_of_optimizer(Momentum(0.001, 0.9), Protocol())
    assert key == "momentum"
    slower = subject.key_of_optimizer(Momentum(0.001, 0.9), Protocol(momentum=0.5))
    assert slower == 'momentum {"momentum": 0.9}'


class Forgetful(keras.optimizers.SGD):
    def __init__(self, learning_rate=0.001, beta=0.5, **kwargs):
        super().__init__(learning_rate, **kwargs)


class Odd(keras.optimizers.SGD):
    def get_config(self):
        return {**super().get_config(), "odd": print}


def test_an_optimizer_that_cannot_be_written_down_says_why(monkeypatch):
    class Inner(keras.optimizers.SGD): ...

    class Typed(keras.optimizers.SGD): ...

    Typed.__module__, Typed.__qualname__ = "__main__", "Typed"
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    messages = {
        Forgetful: "Forgetful: its get_config leaves out beta",
        Odd: "Odd: its get_config gives no table that a record could hold",
        Inner: "Inner: a class inside another thing",
        Typed: "Typed: typed in here, .* %%writefile",
    }
    for kind, words in messages.items():
        with pytest.raises(MethodError, match=words):
            subject.key_of_optimizer(kind(), Protocol())
