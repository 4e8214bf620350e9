"""Mistakes in an optimizer are told before any training, with their file and line."""

import sys

import pytest

from reproduce.errors import MethodError
from reproduce.experiment.methods import method_key
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training.cell import train
from reproduce.training.trial import try_out

BAD = [
    ("keras:Liom", {}, "did you mean keras:Lion?"),
    ("keras:schedules", {}, "no keras.optimizers.Optimizer"),
    ("adam", {"beta_2": 2}, "beta_2=2"),
    ("adam", {"bta": 2}, "bta"),
    ("adam", {"learning_rate": 1e30}, "steps are too large"),
    (
        "keras:SGD",
        {
            "learning_rate": {
                "class_name": "InverseTimeDecay",
                "config": {
                    "initial_learning_rate": -0.1,
                    "decay_steps": 1,
                    "decay_rate": 0.5,
                },
            }
        },
        "the schedule begins with -0.1",
    ),
    ("keras:SGD", {"learning_rate": {"class_name": "x"}}, "makes no schedule"),
    ("keras:Optimizer", {}, "NotImplementedError"),
    ("keras:LossScaleOptimizer", {}, "inner_optimizer"),
    ("keras:Adafactor", {}, "one XLA program"),
]


@pytest.mark.parametrize(("spec", "arguments", "message"), BAD)
def test_what_cannot_be_trained_says_so_in_one_line(spec, arguments, message):
    with pytest.raises(MethodError) as error:
        try_out(method_key(spec, arguments), Protocol())
    assert message in str(error.value)
    assert "\n" not in str(error.value)


WHOLE = """\
import keras, numpy as np, tensorflow as tf
from keras import ops
class Mine(keras.optimizers.Optimizer):
    def __init__(self, learning_rate=0.1, beta=0.9, **kwargs):
        super().__init__(learning_rate=learning_rate, **kwargs)
        self.beta = beta
    def build(self, variables):
        super().build(variables)
        self.means = self.add_optimizer_variables(variables, "mean")
    def update_step(self, gradient, variable, learning_rate):
        mean = self.means[self._get_variable_index(variable)]
        self.assign(mean, self.beta * mean + gradient)
        self.assign_sub(variable, learning_rate * mean)
"""
SUPER = "super().__init__(learning_rate=learning_rate, **kwargs)"
ASSIGN = "self.assign(mean, self.beta * mean + gradient)"
STEP = "self.assign_sub(variable, learning_rate * mean)"
MISTAKES = {  # what is changed in the file; the line that is told, and what of it
    "a mistyped attribute": (
        ASSIGN,
        "self.assign(mean, self.bta * mean + gradient)",
        12,
        "'Mine' object has no attribute 'bta'; did you mean beta?",
    ),
    "a mistyped name": (
        ASSIGN,
        "self.assign(mean, self.beta * mean + gradeint)",
        12,
        "'gradeint' is not defined; did you mean gradient?",
    ),
    "a mistyped function": (
        STEP,
        "self.assign_sub(variable, learning_rate * ops.sgn(mean))",
        13,
        "'sgn'",
    ),
    "a step of another shape": (
        STEP,
        "self.assign_sub(variable, learning_rate * mean[:1])",
        13,
        "must have the shape of its variable",
    ),
    "a step that is not returned": (
        STEP,
        "self.assign_sub(variable, (lambda g: print())(mean))",
        13,
        "does a function lack its `return`?",
    ),
    "nothing made beside the weights": (
        'self.means = self.add_optimizer_variables(variables, "mean")',
        "pass",
        11,
        "no attribute 'means'; do `__init__` or `build` make it?",
    ),
    "a build without that of the class": (
        "super().build(variables)",
        "pass",
        7,
        "must call super().build(variables)",
    ),
    "an init without that of the class": (SUPER, "pass", 6, "super().__init__()"),
    "too few arguments": (
        "gradient, variable, learning_rate):",
        "gradient, variable):",
        10,
        "takes 3 positional arguments but 4 were given",
    ),
    "an if on a tensor's value": (
        STEP,
        "self.assign_sub(variable, mean if ops.max(mean) > 0 else -mean)",
        13,
        "one XLA program",
    ),
    "NumPy in the rule": (
        STEP,
        "self.assign_sub(variable, np.sign(np.array(mean)))",
        13,
        "one XLA program",
    ),
    "what XLA does not have": (
        ASSIGN,
        "tf.print(tf.strings.as_string(gradient)[0])",
        12,
        "XLA has no AsString: an epoch is one XLA program",
    ),
    "a script that ends": (ASSIGN, "raise SystemExit(3)", 12, "SystemExit: 3"),
    "a division of zero by zero": (
        STEP,
        "self.assign_sub(variable, learning_rate * mean / ops.abs(mean))",
        13,
        "RealDiv gives NaN or infinity",
    ),
    "steps that grow without end": (
        STEP,
        "self.assign_sub(variable, 1e38 * ops.sign(mean) * 1e38)",
        13,
        "gives NaN or infinity",
    ),
    "a step that is only returned": (
        STEP,
        "return variable - learning_rate * mean",
        10,
        "what `update_step` returns is not used",
    ),
    "a step into a name of its own": (
        STEP,
        "variable = variable - learning_rate * mean",
        10,
        "changes no weight",
    ),
    "a subtraction in place": (
        STEP,
        "variable -= learning_rate * mean",
        13,
        "write self.assign_sub(variable, step)",
    ),
    "a syntax error": (ASSIGN, "self.assign(mean mean)", 12, "SyntaxError"),
    "a module that is not there": (
        "from keras import ops",
        "from kreas import ops",
        2,
        "No module named 'kreas'",
    ),
    "an error at once": ("from keras import ops", "1 / 0", 2, "ZeroDivisionError"),
}


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """Makes the method of a class `Mine` in a file of this source."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "mine_of_test", raising=False)

    def make(source, arguments=None):
        (tmp_path / "mine_of_test.py").write_text(source)
        return method_key("mine_of_test:Mine", arguments or {})

    return make


def test_without_a_mistake_nothing_is_said(mine):
    key = mine(WHOLE, {"gradient_accumulation_steps": 3})
    try_out(key, Protocol())
    try_out(key, Protocol(batch_size=32))


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_file_and_line(name, mine):
    right, wrong, line, reason = MISTAKES[name]
    assert WHOLE.count(right) == 1
    source = WHOLE.replace(right, wrong)
    with pytest.raises(MethodError) as error:
        try_out(mine(source), Protocol())
    message = str(error.value)
    code = source.splitlines()[line - 1].strip()
    assert f"mine_of_test.py, line {line}, `{code}`: " in message
    assert reason in message
    assert "\n" not in message
    assert "line" not in message.replace(f"line {line}", "")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("class Mine: ...", "no keras.optimizers.Optimizer"),
        ("x = 1", "not there"),
        (WHOLE.replace("Mine", "Mime"), "did you mean mine_of_test:Mime?"),
        ("import keras\nclass Mine(keras.optimizers.Optimizer): ...", "NotImplemented"),
    ],
)
def test_a_module_without_such_an_optimizer_says_so_in_one_line(source, message, mine):
    with pytest.raises(MethodError) as error:
        try_out(mine(source, {"learning_rate": 0.1}), Protocol())
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_schedule_that_is_none_is_no_mistake_of_the_file(mine):
    key = mine(WHOLE, {"learning_rate": {"class_name": "Nothing", "config": {}}})
    with pytest.raises(MethodError, match="^learning_rate: Keras makes no schedule"):
        try_out(key, Protocol())


def test_a_run_that_has_changed_no_weight_has_not_converged(mine):
    """Found at its end too: a schedule may begin with steps of zero."""
    later = {
        "class_name": "PiecewiseConstantDecay",
        "config": {"boundaries": [10**6], "values": [0.0, 0.1]},
    }
    key = mine(WHOLE, {"learning_rate": later})
    short = Protocol(subset=20, max_epochs=3)
    with pytest.raises(MethodError, match="changes no weight"):
        train(Cell(1, key, 0), short)
