"""What a model file says that it is: a chain of plain layers, or it is refused.

Of a description only names, numbers and plain words are used, each known and within
bounds. What it says beyond those may be nothing but `null` and `false`; how training
began, and what held weights back meanwhile, makes no difference any more.
"""

import json
import math
import re
from dataclasses import dataclass

import numpy as np

from reproduce.errors import ModelFileError

from .archive import REMEDY

MAX_BYTES = 100_000  # of the description; one of 20 layers has about 20,000
MAX_DIGITS = 20  # of a whole number
MAX_LAYERS = 20
MAX_UNITS = 4096  # of a layer, and pixels of the input
MAX_PARAMETERS = 10_000_000  # of all layers; architecture 5 has about 600,000
INPUT = (28, 28)
OUTPUTS = ((10,), (5,))
ACTIVATIONS = {
    "elu",
    "exponential",
    "gelu",
    "hard_sigmoid",
    "leaky_relu",
    "linear",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
}
NAME = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.-]{0,99}")
OBJECT = {"module", "class_name", "config", "registered_name", "build_config"}
EVERY = {"name", "trainable", "dtype"}  # setting of a model and of a layer
OF_MODEL = {"layers", "build_input_shape", "input_layers", "output_layers"}
OF_KIND = {
    "InputLayer": {"batch_shape"},
    "Rescaling": {"scale", "offset"},
    "Flatten": {"data_format"},
    "Dropout": {"rate", "seed"},
    "Activation": {"activation"},
    "Dense": {
        *("units", "activation", "use_bias", "activity_regularizer"),
        *("kernel_initializer", "kernel_regularizer", "kernel_constraint"),
        *("bias_initializer", "bias_regularizer", "bias_constraint"),
    },
}  # kind of layer to the settings that it may have
NO_CHAIN = "its layers are not one after the other; give a plain dense network"


@dataclass(frozen=True)
class Layer:
    """One layer.

    Attributes:
        kind: `Rescaling`, `Flatten`, `Dense` or `Activation`, a class of Keras.
        name: of the layer.
        settings: what the class is given besides: numbers and plain words.
        shapes: of its weights: of a `Dense` the kernel's, (inputs, units), and, if it
            has one, the bias's, (units,).
        weights: the weights, float32.
    """

    kind: str
    name: str
    settings: dict
    shapes: tuple = ()
    weights: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class ModelFile:
    """A model from images, (num_images, 28, 28), to (num_images, 10 or 5) numbers.

    Attributes:
        name: of the model.
        input_name: of its input.
        layers: `Layer`s, in order. Those that do nothing in use, as `Dropout`, are
            not among them.
    """

    name: str
    input_name: str
    layers: tuple[Layer, ...]


def describe(content):
    """The model that a file describes, without its weights.

    Args:
        content: bytes of the archive's `config.json`.

    Raises:
        ModelFileError: no such description, or not of a plain dense network.
    """
    model = _parsed(content)
    if not isinstance(model, dict) or "class_name" not in model:
        raise ModelFileError("its config.json describes no model; give another file")
    _check_class(model, ("Sequential", "Functional"))
    _check_entries(model, OBJECT | {"compile_config"}, "the model")
    config = model.get("config")
    _check_entries(config, EVERY | OF_MODEL, "the model")
    _check_dtype(config, "the model")
    parts = config.get("layers")
    if not isinstance(parts, list) or not 0 < len(parts) <= MAX_LAYERS:
        number = f"{len(parts):,}" if isinstance(parts, list) else "no list of"
        raise ModelFileError(
            f"it has {number} layers; expected 1 to {MAX_LAYERS}; give another file"
        )
    for part in parts:
        _check_layer(part)
    names = [_name(part["config"]) for part in parts]
    if len(set(names)) < len(names):
        raise ModelFileError("two of its layers have the same name; give another file")
    if model["class_name"] == "Functional":
        _check_chain(config, parts, names)
    layers = _layers(parts, names)
    return ModelFile(_name(config), names[0], tuple(layers))


def _parsed(content):
    if len(content) > MAX_BYTES:
        raise ModelFileError(
            f"its config.json has {len(content):,} bytes; a plain dense network needs "
            f"less than {MAX_BYTES:,}; give another file"
        )
    try:
        return json.loads(content, parse_int=_whole, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise ModelFileError(
            f"its config.json cannot be read ({error}); copy or train it again"
        ) from None


def _whole(text):
    if len(text) > MAX_DIGITS:
        raise ValueError(f"a whole number of {len(text):,} digits")
    return int(text)


def _refuse(constant):
    raise ValueError(f"{constant} is no number")


# What a description may hold --------------------------------------------------------


def _check_class(part, kinds):
    """An object must say that it is of one of these kinds, a class of Keras."""
    kind, module = part.get("class_name"), part.get("module")
    is_keras = isinstance(module, str) and f"{module}.".startswith("keras.")
    is_expected = isinstance(kind, str) and kind in kinds
    if not (is_keras and is_expected and part.get("registered_name") in (None, kind)):
        names = module, part.get("registered_name") or kind
        title = ".".join(str(name) for name in names if name)[:80]
        raise ModelFileError(
            f"contains {title!r}, which is not among the parts of a plain dense "
            "network; it is not loaded, as it could run code"
        )


def _check_entries(value, known, whose):
    if not isinstance(value, dict):
        raise ModelFileError(f"{whose} has no settings; {REMEDY}")
    for key, entry in value.items():
        if key not in known and entry is not None and entry is not False:
            raise ModelFileError(
                f"{whose} has the setting {key[:40]!r}, which a plain dense network "
                "does not have; give another file"
            )


def _check_layer(part):
    if not isinstance(part, dict):
        raise ModelFileError(f"one of its layers is none; {REMEDY}")
    _check_class(part, OF_KIND)
    kind = part["class_name"]
    _check_entries(part, OBJECT | {"name", "inbound_nodes"}, f"its {kind}")
    _check_entries(part.get("config"), EVERY | OF_KIND[kind], f"its {kind}")
    _check_dtype(part["config"], f"its {kind}")


def _check_dtype(config, whose):
    dtype = config.get("dtype")
    if isinstance(dtype, dict):
        _check_class(dtype, ("DTypePolicy",))
        dtype = dtype.get("config")
        dtype = dtype.get("name") if isinstance(dtype, dict) else dtype
    if dtype not in (None, "float32"):
        raise ModelFileError(
            f"{whose} computes in {str(dtype)[:40]!r}; expected float32; save the "
            "model so"
        )


def _check_chain(config, parts, names):
    """Each layer of a functional model must be fed by the one before it, once."""
    for key, name in (("input_layers", names[0]), ("output_layers", names[-1])):
        if config.get(key) not in ([name, 0, 0], [[name, 0, 0]]):
            raise ModelFileError(NO_CHAIN)
    for before, part in zip([None, *names], parts, strict=False):
        if _sources(part.get("inbound_nodes")) != ([before] if before else []):
            raise ModelFileError(NO_CHAIN)


def _sources(nodes):
    """Names of the layers that feed a layer."""
    names = []
    try:
        for node in nodes:
            (tensor,) = node["args"]
            name, *place = tensor["config"]["keras_history"]
            if any(node["kwargs"].values()) or place != [0, 0]:
                return None
            names.append(name)
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
    return names


# What is used -----------------------------------------------------------------------


def _layers(parts, names):
    """The layers after the input that do something, as `Layer`s."""
    first, *parts = parts
    if first["class_name"] != "InputLayer":
        raise ModelFileError(
            "it does not begin with an InputLayer; train it, or save it again"
        )
    shape = begin = _input_shape(first["config"])
    layers = []
    for part, name in zip(parts, names[1:], strict=True):
        layer, shape = _layer(part["class_name"], name, part["config"], shape)
        layers += [layer] if layer else []
    if begin != INPUT or shape not in OUTPUTS:
        actual, *expected = ((None, *size) for size in (begin, INPUT))
        outputs = " or ".join(str((None, *size)) for size in OUTPUTS)
        raise ModelFileError(
            f"a model from {actual} to {(None, *shape)}; give one from {expected[0]} "
            f"to {outputs}"
        )
    number = sum(math.prod(shape) for layer in layers for shape in layer.shapes)
    if number > MAX_PARAMETERS:
        raise ModelFileError(
            f"it has {number:,} weights; at most {MAX_PARAMETERS:,} are allowed"
        )
    return layers


def _input_shape(config):
    batch_shape = config.get("batch_shape")
    if not isinstance(batch_shape, list) or not 1 < len(batch_shape) < 5:
        raise ModelFileError("its input has no shape; train it, or save it again")
    return tuple(_size(number) for number in batch_shape[1:])


def _layer(kind, name, config, shape):
    """A layer (None if it does nothing) and the shape of what it returns."""
    whose = f"its layer {name!r}"
    if kind == "Rescaling":
        settings = {
            key: _number(config.get(key, usual), whose)
            for key, usual in (("scale", None), ("offset", 0.0))
        }
        return Layer(kind, name, settings), shape
    if kind == "Flatten":
        if config.get("data_format") not in (None, "channels_last"):
            raise ModelFileError(
                f"{whose} flattens otherwise than 'channels_last'; give another file"
            )
        return Layer(kind, name, {}), (_size(math.prod(shape)),)
    if kind == "Activation":
        return Layer(kind, name, {"activation": _activation(config, whose)}), shape
    if kind == "Dense":
        return _dense(name, config, shape, whose)
    if kind == "Dropout":
        return None, shape
    raise ModelFileError("it has more than one input; give a plain dense network")


def _dense(name, config, shape, whose):
    if len(shape) > 1:
        raise ModelFileError(
            f"{whose} comes before the image is flattened; give a plain dense network"
        )
    units, use_bias = _size(config.get("units")), config.get("use_bias", True)
    if not isinstance(use_bias, bool):
        raise ModelFileError(f"{whose} has a use_bias that is neither true nor false")
    settings = {"units": units, "activation": _activation(config, whose)}
    shapes = ((*shape, units), (units,))[: 1 + use_bias]
    return Layer("Dense", name, {**settings, "use_bias": use_bias}, shapes), (units,)


def _size(number):
    if type(number) is not int or not 0 < number <= MAX_UNITS:
        raise ModelFileError(
            f"one of its layers has the size {str(number)[:40]!r}; expected a whole "
            f"number of 1 to {MAX_UNITS}; give another file"
        )
    return number


def _number(value, whose):
    if isinstance(value, bool) or not isinstance(value, int | float):
        value = math.nan
    if not math.isfinite(value):
        raise ModelFileError(f"{whose} scales by what is no number; give another file")
    return float(value)


def _activation(config, whose):
    activation = config.get("activation")
    if activation is None:
        return "linear"
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise ModelFileError(
            f"{whose} has the activation {str(activation)[:60]!r}, which is not among "
            "the parts of a plain dense network; it is not loaded, as it could run code"
        )
    return activation


def _name(config):
    name = config.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise ModelFileError(
            f"the name {str(name)[:40]!r} is not of letters, digits, '_', '.' and '-'; "
            "name the model and its layers so, and save it again"
        )
    return name
