"""Which parts a model given to `predict` may be made of."""

import json
import math

from reproduce.errors import ModelFileError

CLASSES = {
    "__keras_tensor__",
    "Activation",
    "Constant",
    "DTypePolicy",
    "Dense",
    "Dropout",
    "Flatten",
    "Functional",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "InputLayer",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "RandomNormal",
    "RandomUniform",
    "Rescaling",
    "Sequential",
    "TruncatedNormal",
    "Zeros",
}
NAMES = {"class_name", "module", "registered_name"}
MAX_UNITS = 4096
MAX_LAYERS = 20


def check_config(content, name):
    """The model's description, free of everything that is not on the list.

    Args:
        content: bytes of the archive's `config.json`.
        name: of the file, for messages.

    Returns:
        The description without its compile settings, which nothing here needs.

    Raises:
        ModelFileError: not JSON, or it names a class that is not on the list.
    """
    try:
        config = json.loads(content)
        if not isinstance(config, dict) or "class_name" not in config:
            raise ValueError("it describes no model")
        config.pop("compile_config", None)
        parts = list(_parts(config))
    except (ValueError, RecursionError) as error:
        raise ModelFileError(
            f"{name}: its config.json cannot be read ({error}); copy or train it again"
        ) from None
    for part in parts:
        _check_class(part, name)
        _check_size(part, name)
    if sum(isinstance(p, dict) and "build_config" in p for p in parts) > MAX_LAYERS:
        raise ModelFileError(f"{name}: more than {MAX_LAYERS} layers; give another")
    return config


def _parts(value):
    """All objects and lists in the description, at any depth."""
    if isinstance(value, dict | list):
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from _parts(child)


def _check_class(part, name):
    if not isinstance(part, dict) or NAMES.isdisjoint(part):
        return
    kind, module = part.get("class_name"), part.get("module")
    foreign = not (module is None or f"{module}.".startswith("keras."))
    known = isinstance(kind, str) and kind in CLASSES
    if foreign or not known or part.get("registered_name") not in (None, kind):
        raise ModelFileError(
            f"{name}: contains {_title(part)}, which is not among the parts of "
            "a plain dense network; it is not loaded, as it could run code"
        )


def _title(part):
    names = (part.get("module"), part.get("registered_name") or part.get("class_name"))
    return repr(".".join(str(n) for n in names if n))[:90]


def _check_size(part, name):
    """Every list of numbers may be a shape; Keras would allocate what it says."""
    if isinstance(part, dict):
        units = part.get("units", 1)
        size = units if type(units) is int else math.inf
    elif all(n is None or isinstance(n, int | float) for n in part):
        size = math.prod(n or 1 for n in part)
    else:
        return
    if not 0 < size <= MAX_UNITS:
        raise ModelFileError(
            f"{name}: a layer is larger than {MAX_UNITS} units; give another file"
        )
