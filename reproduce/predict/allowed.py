"""Which parts a model given to `predict` may be made of."""

import json
import math

from .errors import ModelFileError

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
MAX_UNITS = 4096
MAX_LAYERS = 20
SHAPES = ("batch_shape", "build_input_shape", "input_shape", "shape")


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
        _check_part(part, name)
    if sum("build_config" in part for part in parts) > MAX_LAYERS:
        raise ModelFileError(f"{name}: more than {MAX_LAYERS} layers; give another")
    return config


def _parts(value):
    """All objects in the description, at any depth."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for child in value:
            yield from _parts(child)


def _check_part(part, name):
    kind, module = part.get("class_name"), part.get("module")
    if "class_name" in part or "module" in part or "registered_name" in part:
        foreign = not (module is None or f"{module}.".startswith("keras."))
        known = isinstance(kind, str) and kind in CLASSES
        if foreign or not known or part.get("registered_name") not in (None, kind):
            raise ModelFileError(
                f"{name}: contains {_title(part)}, which is not among the parts of "
                "a plain dense network; it is not loaded, as it could run code"
            )
    sizes = [part.get("units")] + [_product(part[key]) for key in SHAPES if key in part]
    if any(size is not None and not _is_modest(size) for size in sizes):
        raise ModelFileError(
            f"{name}: a layer is larger than {MAX_UNITS} units; give another file"
        )


def _title(part):
    names = (part.get("module"), part.get("registered_name") or part.get("class_name"))
    return repr(".".join(str(n) for n in names if n))[:90]


def _product(shape):
    if isinstance(shape, list) and all(n is None or _is_modest(n) for n in shape):
        return math.prod(n or 1 for n in shape)
    return None if shape is None else math.inf


def _is_modest(size):
    return type(size) is int and 0 <= size <= MAX_UNITS
