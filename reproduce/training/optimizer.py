"""A method's optimizer, found and made; what is wrong with it; and the way back."""

import difflib
import importlib
import inspect
import json
import linecache
import math
import os
import re
import sys
import traceback
from operator import methodcaller
from pathlib import Path

import keras
import numpy as np

from reproduce.errors import MethodError, meant
from reproduce.experiment.methods import (
    KERAS,
    METHODS,
    RATE,
    method_key,
    reason,
    source_path,
    source_sha256,
)
from reproduce.optimizers import OPTIMIZERS

Optimizer = keras.optimizers.Optimizer
_IN_OTHER_WORDS = {
    "(?i)symbolic|eager execution|XLA has no": "an epoch is one XLA program, in which "
    "NumPy, float() and an `if` on a tensor's value do not work; keras.ops do, such as "
    "ops.where",
    "Fusion kind": "it does not work in XLA, and an epoch is one XLA program",
    "None values not supported": "does a function lack its `return`?",
    "must be equal": "a step must have the shape of its variable",
    "is not supported. Use `var": "write self.assign_sub(variable, step)",
    "Unknown variable": "`build` must call super().build(variables)",
    "gives NaN": "a division by zero, a root of less than zero, a step too large? The "
    "weights of blank pixels have gradients of exactly 0",
}  # what is meant by what Keras and TensorFlow say


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
        return _optimizer(kind, method, protocol)
    except MethodError:  # it is about the rate
        raise
    except (Exception, SystemExit) as error:  # code of others may do anything
        raise mistake(method, error, "__init__") from None


def _optimizer(kind, method, protocol):
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
        usual = _optimizer(kind, key, protocol)
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
        for key, method in METHODS.items():
            if method.optimizer == name:
                return key
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
    classes = kind.__mro__[: kind.__mro__.index(Optimizer)]
    signatures = [inspect.signature(each.__init__) for each in classes]
    return {
        parameter.name
        for signature in signatures
        for parameter in list(signature.parameters.values())[1:]
        if parameter.kind not in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
    }


def find_class(method):
    """The optimizer class that a method's key names.

    Raises:
        MethodError: there is none, it is written in another file, or its file is not
            the one that the key is of.
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
    kind = getattr(module, class_name, None)
    if not (inspect.isclass(kind) and issubclass(kind, Optimizer)):
        names = [n for n, value in vars(module).items() if _is_optimizer(value)]
        close = difflib.get_close_matches(class_name, names, n=1, cutoff=0.5)
        hint = f"; did you mean {module_name}:{close[0]}?" if close else ""
        problem = "no keras.optimizers.Optimizer" if kind else "not there"
        raise MethodError(f"{name}: {problem}{hint}")
    if module_name != KERAS and kind.__module__ != module_name:
        place = f"{kind.__module__}:{class_name}"
        raise MethodError(
            f"{name}: {module_name} only imports it, and records tell the version of a "
            f"file by its checksum; give the file that it is written in: {place}"
        )
    return kind


def mistake(method, error, where="update_step"):
    """The `MethodError` that tells of an error in an optimizer: in which line, if it
    is the user's own, and what is meant.

    Args:
        method: key.
        error: an exception, or a text.
        where: name of the method of the class that the mistake must be in, if no step
            of the error is in the user's file.
    """
    spec, arguments = METHODS[method], METHODS[method].arguments
    refuses = f" refuses {arguments}" if arguments and where == "__init__" else ""
    path = function = None
    if spec.sha256:
        path = source_path(spec.optimizer.partition(":")[0])
        function = getattr(find_class(method), where)
    return MethodError(
        f"{spec.optimizer}{refuses}: {_explained(error, path, function)}"
    )


def _explained(error, path, function=None):
    """An error in one line, with the line of a file that it comes from.

    Args:
        error: an exception, or a text.
        path: of the file; None: there is none that a user could mend.
        function: in that file, where it must be otherwise.
    """
    message = error if isinstance(error, str) else _in_words(error)
    number = path and _line_number(error, os.fspath(path), function)
    if not number:
        return message
    folder = Path.cwd()
    shown = path.relative_to(folder) if path.is_relative_to(folder) else path
    code = linecache.getline(os.fspath(path), number).strip()
    return f"{shown}, line {number}, `{code}`: {message}"


def _in_words(error):
    message = f"{type(error).__name__}: {reason(error)}"
    for pattern, words in _IN_OTHER_WORDS.items():
        if re.search(pattern, message):
            return f"{message.split('. ')[0].rstrip('.')}: {words}"
    return f"{message}{_did_you_mean(error)}"


def _line_number(error, path, function):
    """Where in the file an error comes from: the last of its steps in there."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno
    if not isinstance(error, str):
        steps = traceback.extract_tb(error.__traceback__)
        numbers = [step.lineno for step in steps if step.filename == path]
        # Errors of compiled programs tell theirs as text, of the path only the end.
        pattern = rf'File "\S*{re.escape(os.path.basename(path))}", line (\d+)'
        numbers = numbers or [int(number) for number in re.findall(pattern, str(error))]
        if numbers:
            return numbers[-1]
    code = getattr(function, "__code__", None)
    return code.co_firstlineno if code and code.co_filename == path else None


def _did_you_mean(error):
    """What a mistyped name may have been meant to be, as a question."""
    otherwise = ""
    if isinstance(error, AttributeError):
        known = dir(error.obj)
        if isinstance(error.obj, Optimizer):
            otherwise = "; do `__init__` or `build` make it?"
    elif isinstance(error, NameError):
        *_, (frame, _) = traceback.walk_tb(error.__traceback__)
        known = [*frame.f_locals, *frame.f_globals]
    else:
        return ""
    return meant(error.name, known, otherwise)


def knows_idle_rows(optimizer):
    """Whether its `idle_steps` surely goes with its `update_step`.

    A subclass may have changed the one and inherited the other.
    """
    return type(optimizer) in OPTIMIZERS.values()


def _imported(name):
    try:
        return importlib.import_module(name)
    except (Exception, SystemExit) as error:
        message = _explained(error, source_path(name))
        raise MethodError(f"{name}: cannot be imported: {message}") from None


def _is_optimizer(value):
    return inspect.isclass(value) and issubclass(value, Optimizer)


def _rate(value):
    """A learning rate as Keras takes it; a table is the configuration of a schedule.

    Raises:
        MethodError: it is none, or of one that begins with less than 0.
    """
    if not isinstance(value, dict):
        return float(value)
    try:
        schedule = keras.optimizers.schedules.deserialize(value)
        first = float(schedule(0))
    except Exception as error:  # Keras raises whatever odd tables make it raise
        problem = f"{type(error).__name__}: {reason(error)}"
        raise MethodError(
            f"{RATE}: Keras makes no schedule of {value}: {problem}"
        ) from None
    if not 0 <= first < math.inf:
        raise MethodError(
            f"{RATE}: the schedule begins with {first:g}, below 0: {value}"
        )
    return schedule


def _takes_rate(kind):
    parameters = inspect.signature(kind).parameters.values()
    return any(p.name == RATE or p.kind is p.VAR_KEYWORD for p in parameters)
