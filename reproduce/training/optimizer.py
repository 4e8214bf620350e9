"""A method's optimizer, found and made with its arguments; an optimizer's method."""

import difflib
import importlib
import inspect
import json
import sys
from operator import methodcaller
from pathlib import Path

import keras
import numpy as np

from reproduce.errors import MethodError
from reproduce.experiment.methods import (
    KERAS,
    METHODS,
    RATE,
    method_key,
    reason,
    source_sha256,
)
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
    kind = find_class(method)
    try:
        return _made(kind, method, protocol)
    except Exception as error:  # code of others may do anything
        name, given = METHODS[method].optimizer, METHODS[method].arguments
        raise MethodError(f"{name} refuses {given}: {reason(error)}") from None


def _made(kind, method, protocol):
    arguments = protocol.hyperparameters(method)
    if RATE not in METHODS[method].arguments and not _takes_rate(kind):
        del arguments[RATE]
    if RATE in arguments:
        arguments[RATE] = _rate(arguments[RATE])
    return kind(**arguments)


def key_of_optimizer(optimizer, protocol):
    """The key of the method that trains with an optimizer's class and arguments.

    Arguments are what its `get_config` tells; those that `make_optimizer` gives anyway
    are left out. What it has learned is no part of it.

    Args:
        optimizer: of a class in a file, a built-in one, or one of the original's.
        protocol: the settings.

    Raises:
        MethodError: its class or its arguments cannot be written down.
    """
    kind = type(optimizer)
    spec = _spec(kind)
    key = method_key(spec, {})
    try:
        usual = _made(kind, key, protocol)
    except Exception:  # it cannot do without arguments
        usual = Optimizer(protocol.learning_rate)
    config, usual = _config(optimizer), _config(usual)
    if untold := sorted(_parameters(kind) - set(config)):
        raise MethodError(
            f"{kind.__name__}: its get_config leaves out {', '.join(untold)}, so that "
            "no record could tell them; add them to what it returns"
        )
    arguments = {
        name: value
        for name, value in config.items()
        if name != "name" and (name not in usual or value != usual[name])
    }
    return method_key(spec, arguments)


def _spec(kind):
    """What `--optimizer` takes for a class."""
    name, module = kind.__qualname__, kind.__module__
    if OPTIMIZERS.get(name) is kind:
        return next(key for key, own in METHODS.items() if own.optimizer == name)
    if getattr(keras.optimizers, name, None) is kind:
        return f"{KERAS}:{name}"
    if not name.isidentifier():
        raise MethodError(
            f"{name}: a class inside another thing, where no other process finds it; "
            "move it to the top level of its file"
        )
    return f"{_script(name) if module == '__main__' else module}:{name}"


def _script(name):
    """The module that a class of the running script can be imported from."""
    main = sys.modules["__main__"]
    if main.__spec__ is not None:
        return main.__spec__.name
    if not hasattr(main, "__file__"):
        raise MethodError(
            f"{name}: typed in here, where the process that trains cannot import it; "
            "save it in a file and import it from there (in a notebook: begin its cell "
            "with %%writefile my_optimizer.py)"
        )
    return Path(main.__file__).stem


def _config(optimizer):
    """Its arguments, as JSON has them; the rate, which is a float32, in few digits."""
    try:
        config = optimizer.get_config()
        if isinstance(config.get(RATE), float):
            config[RATE] = float(str(np.float32(config[RATE])))
        return json.loads(json.dumps(config, default=methodcaller("item")))
    except Exception as error:  # code of others may do anything
        raise MethodError(
            f"{type(optimizer).__name__}: its get_config gives no table that a record "
            f"could hold ({type(error).__name__}: {reason(error)})"
        ) from None


def _parameters(kind):
    """Names of the arguments that it takes, Keras's own aside."""
    own = kind.__mro__[: kind.__mro__.index(Optimizer)]
    signatures = [inspect.signature(each.__init__) for each in own]
    return {
        parameter.name
        for signature in signatures
        for parameter in list(signature.parameters.values())[1:]
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    }


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
