"""A method's optimizer: found, and made with its arguments."""

import difflib
import importlib
import inspect

import keras

from reproduce.errors import MethodError
from reproduce.experiment.methods import KERAS, METHODS, RATE, reason, source_sha256
from reproduce.optimizers import OPTIMIZERS

Optimizer = keras.optimizers.Optimizer


def make_optimizer(method, protocol):
    """The optimizer of a method, with the protocol's settings and its own arguments.

    The protocol's learning rate goes to every optimizer that takes one and was not
    given another.

    Args:
        method: key.
        protocol: the settings.

    Raises:
        MethodError: it is not there, or refuses its arguments.
    """
    kind, arguments = find_class(method), protocol.hyperparameters(method)
    if RATE not in METHODS[method].arguments and not _takes_rate(kind):
        del arguments[RATE]
    try:
        if RATE in arguments:
            arguments[RATE] = _rate(arguments[RATE])
        return kind(**arguments)
    except Exception as error:  # code of others may do anything
        name, given = METHODS[method].optimizer, METHODS[method].arguments
        raise MethodError(f"{name} refuses {given}: {reason(error)}") from None


def find_class(method):
    """The optimizer class that a method's key names.

    Raises:
        MethodError: there is none, or its file is not the one that the key is of.
    """
    name = METHODS[method].optimizer
    if name in OPTIMIZERS:
        return OPTIMIZERS[name]
    module_name, class_name = name.split(":")
    if module_name == KERAS:
        module = keras.optimizers
    else:
        if source_sha256(module_name) != METHODS[method].sha256:
            raise MethodError(f"{module_name}: its file has changed meanwhile")
        module = _imported(module_name)
    found = getattr(module, class_name, None)
    if not (inspect.isclass(found) and issubclass(found, Optimizer)):
        there = [n for n, value in vars(module).items() if _is_optimizer(value)]
        close = difflib.get_close_matches(class_name, there, n=1, cutoff=0.5)
        hint = f"; did you mean {module_name}:{close[0]}?" if close else ""
        what = "no keras.optimizers.Optimizer" if found else "not there"
        raise MethodError(f"{name}: {what}{hint}")
    return found


def knows_idle_rows(optimizer):
    """Whether its `idle_steps` surely goes with its `update_step`.

    A subclass may have changed the one and inherited the other.
    """
    return type(optimizer) in OPTIMIZERS.values()


def _imported(name):
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        what = f"{type(error).__name__}: {reason(error)}"
        raise MethodError(f"{name}: cannot be imported ({what})") from None


def _is_optimizer(value):
    return inspect.isclass(value) and issubclass(value, Optimizer)


def _rate(value):
    """A learning rate as Keras takes it; a table is the configuration of a schedule."""
    if isinstance(value, dict):
        return keras.optimizers.schedules.deserialize(value)
    return float(value) if isinstance(value, int) else value


def _takes_rate(kind):
    parameters = inspect.signature(kind).parameters.values()
    return any(p.name == RATE or p.kind is p.VAR_KEYWORD for p in parameters)
