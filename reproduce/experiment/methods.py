"""What is compared: the original's seven methods, and any other that is asked for.

A method is known by its key, a text that says all of it. Those of the original have
short ones (`adam`); any other is written out, so that a record carries it whole:

    adam {"beta_2": 0.99}                          the original's, other arguments
    keras:Lion                                     built into Keras
    my_module:Mine {"learning_rate": 0.01} sha256:…   of the file it is in
"""

import difflib
import hashlib
import importlib.util
import json
import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from reproduce.errors import MethodError, visible

KERAS = "keras"
LONGEST = 36  # characters of arguments in a label or a file's name
RATE = "learning_rate"
_KEY = re.compile(
    r"(?P<base>\w+|[\w.]+:\w+)(?: (?P<arguments>\{.*\}))?"
    r"(?: sha256:(?P<sha256>[0-9a-f]{64}))?",
    re.ASCII,
)
_SYMBOLS = {"learning_rate": "η", "beta_1": "β₁", "beta_2": "β₂", "momentum": "α"}
_SPEC = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)
_ACCOUNTS = ("in user code:", "Graph execution error:")  # their point comes last
_POINTS = {
    r"unsupported operations .*?: (\w+) \(No registered": "XLA has no {}",
    r'Detected Infinity or NaN .* op "(\w+)"': "{} gives NaN or infinity",
}  # of TensorFlow's longest accounts


@dataclass(frozen=True)
class Method:
    """One training method: a row of the comparison tables.

    Attributes:
        label: the name the original prints; for others, one made from the key.
        optimizer: class name in `reproduce.optimizers`, or `module:Class`.
        hyperparameters: optimizer argument to `Protocol` field.
        full_batch: one update an epoch, from all examples; else one an example.
        colour: in every figure and page.
        arguments: of the optimizer, given by hand; they go before the protocol's.
        sha256: of the file that holds a custom optimizer.
    """

    label: str
    optimizer: str
    hyperparameters: dict
    full_batch: bool
    colour: str
    arguments: dict = field(default_factory=dict)
    sha256: str | None = None


class Methods(dict):
    """The original's methods by key, in its order; others are read from their key.

    `in` and iteration know the original's seven only.
    """

    def __missing__(self, key):
        return _parsed(key)


_MOMENTUM = {"momentum": "momentum"}
_ADAM = {"beta_1": "beta_1", "beta_2": "beta_2", "epsilon": "epsilon"}
_RMSPROP = {"rho": "rho", "epsilon": "epsilon"}
_ADAGRAD = {
    "initial_accumulator_value": "initial_accumulator_value",
    "epsilon": "epsilon",
}

METHODS = Methods(
    sgd=Method("SGD", "GradientDescent", {}, False, "#0072b2"),
    batch_gd=Method("Batch GD", "GradientDescent", {}, True, "#5b6770"),
    momentum=Method("Momentum", "Momentum", _MOMENTUM, False, "#e69f00"),
    nag=Method("NAG", "Nesterov", _MOMENTUM, False, "#009e73"),
    adagrad=Method("AdaGrad", "AdaGrad", _ADAGRAD, False, "#cc79a7"),
    rmsprop=Method("RMSProp", "RMSProp", _RMSPROP, False, "#d55e00"),
    adam=Method("Adam", "Adam", _ADAM, False, "#56b4e9"),
)  # order of the original's tables

CUSTOM_COLOURS = ("#7b3294", "#8c510a", "#111111", "#4d7c0f", "#b2182b", "#0e7490")


def slug(key):
    """A method's name in paths: the key itself for those of the original."""
    if key in METHODS:
        return key
    base, arguments, _ = parts(key)
    name = base.replace(":", ".")
    if not arguments:
        return name
    readable = "-".join(f"{n}-{value_text(v)}" for n, v in arguments.items())
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", readable)[:LONGEST].strip("-.")
    digest = hashlib.sha256(key_of(base, arguments).encode()).hexdigest()
    return f"{name}-{readable}-{digest[:8]}"


def variant_of(key):
    """The original's method that this is, or is a variant of; None: neither."""
    base = _base(key)
    return base if base in METHODS else None


def rank(key):
    """Sorts methods as the original does, custom ones behind, by key."""
    order = list(METHODS)
    return (order.index(key) if key in METHODS else len(order)), key


def colours(keys):
    """A colour each; no two custom methods share one while there are enough."""
    chosen = {}
    for key in sorted(keys, key=rank):
        colour = METHODS[key].colour
        if key not in METHODS:
            free = [c for c in CUSTOM_COLOURS if c not in chosen.values()]
            colour = colour if colour in free or not free else free[0]
        chosen[key] = colour
    return chosen


def _parsed(key):
    """The method that a key writes out.

    Raises:
        KeyError: it writes out none.
    """
    base, arguments, sha256 = parts(key)
    digest = int(hashlib.sha256(key.encode()).hexdigest(), 16)
    colour = CUSTOM_COLOURS[digest % len(CUSTOM_COLOURS)]
    settings = {"arguments": arguments, "sha256": sha256, "colour": colour}
    written = f" ({arguments_text(arguments)})" if arguments else ""
    if base in METHODS:
        method = METHODS[base]
        return replace(method, label=f"{method.label}{written}", **settings)
    module, name = base.split(":")
    label = f"Keras {name}" if module == KERAS else name
    return Method(f"{label}{written}", base, {}, False, **settings)


def key_of(base, arguments, sha256=None):
    """The one key of a method.

    Args:
        base: key of a method of the original, `keras:Class` or `module:Class`.
        arguments: dict of what JSON can write.
        sha256: hex digest of the module's file, for `module:Class`.
    """
    key = base
    if arguments:
        key += " " + json.dumps(arguments, sort_keys=True, allow_nan=False)
    return f"{key} sha256:{sha256}" if sha256 else key


def parts(key):
    """Base, arguments and hash of a key.

    Args:
        key: as `key_of` writes it.

    Raises:
        KeyError: it is no such key.
    """
    match = _KEY.fullmatch(key) if isinstance(key, str) else None
    if match is None:
        raise KeyError(key)
    try:
        arguments = json.loads(match["arguments"] or "{}")
    except ValueError:
        raise KeyError(key) from None
    base, sha256 = match["base"], match["sha256"]
    of_original = base in METHODS
    hashed = not of_original and not base.startswith(f"{KERAS}:")
    if (
        (":" not in base and not (of_original and arguments))
        or bool(sha256) != hashed
        or key_of(base, arguments, sha256) != key
    ):
        raise KeyError(key)
    return base, arguments, sha256


def arguments_text(arguments):
    """Arguments for a label: `η=0.01, β₁=0.9`."""
    parts = (f"{_SYMBOLS.get(n, n)}={value_text(v)}" for n, v in arguments.items())
    text = visible(", ".join(parts))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def value_text(value):
    """An argument's value, short."""
    if isinstance(value, dict):  # a learning-rate schedule
        return value.get("class_name", "…")
    return f"{value:g}" if type(value) in (int, float) else str(value)


def at_rate(method, rate):
    """The key of a method at a learning rate."""
    definition = METHODS[method]
    return key_of(
        _base(method), {**definition.arguments, RATE: float(rate)}, definition.sha256
    )


def without_rate(key):
    """The method that `at_rate` made a key of, and the rate (None: there is none)."""
    method = METHODS[key]
    arguments = {k: v for k, v in method.arguments.items() if k != RATE}
    return key_of(_base(key), arguments, method.sha256), method.arguments.get(RATE)


def _base(key):
    return key.partition(" ")[0]


def method_key(spec, arguments):
    """The key of `module:Class`, `keras:Class` or a method of the original.

    The file of `module` is looked up as `import` would, from the current folder
    first, and hashed.

    Args:
        spec: as given to `--optimizer`.
        arguments: dict, as given to `--optimizer-args`.

    Raises:
        MethodError: no such thing, or no such learning rate.
    """
    if RATE in arguments and not _can_be_rate(arguments[RATE]):
        raise MethodError(
            f"{spec}: {RATE} must be a number above 0, or a table that describes a "
            f"schedule. Received: {json.dumps(arguments[RATE])}"
        )
    if spec in METHODS:
        return key_of(spec, arguments)
    module = spec.partition(":")[0]
    if not _SPEC.fullmatch(spec) or module.endswith(".py"):
        raise MethodError(
            f"{spec!r} is no optimizer{_did_you_mean(spec)} module:Class, "
            f"keras:Class or one of {', '.join(METHODS)}"
        )
    if module == KERAS:
        return key_of(spec, arguments)
    if source_path(module) is None:
        raise MethodError(
            f"{module}: no such module{_did_you_mean(spec)} "
            f"{module.replace('.', '/')}.py in the current folder, or an installed one"
        )
    return key_of(spec, arguments, source_sha256(module))


def _can_be_rate(value):
    """Whether it is a positive number, or may be the configuration of a schedule."""
    if type(value) in (int, float):
        return 0 < value <= sys.float_info.max
    return isinstance(value, dict)


def _did_you_mean(spec):
    """What a mistyped optimizer may have been meant to be, as a question."""
    words = re.split(r"[:./]+", re.sub(r"\.py\b", "", os.path.relpath(spec or ".")))
    *folders, name = words
    if words[0] in (KERAS, "tf"):
        hints = [f"{KERAS}:{name}"]
    elif Path(f"{'/'.join(folders)}.py").is_file():
        hints = [f"{'.'.join(folders)}:{name}"]
    else:
        known = {key: key for key in METHODS} | _local_classes()
        close = difflib.get_close_matches(":".join(words).lower(), known, n=1)
        hints = [known[key] for key in close]
        if spec == name and name[:1].isupper() and name.lower() not in known:
            hints.append(f"{KERAS}:{name}")
    return f"; did you mean {' or '.join(hints)}? Expected" if hints else ": expected"


def _local_classes():
    """What the modules in the current folder define: names in small letters to
    `module:Class`."""
    classes = {}
    for path in sorted(Path().glob("*.py")):
        text = path.read_text(encoding="utf-8", errors="replace")
        for name in re.findall(r"^class (\w+)", text, re.MULTILINE):
            spec = f"{path.stem}:{name}"
            classes[name.lower()] = classes[spec.lower()] = spec
    return classes


def source_sha256(module):
    """Hex digest of the file that `module` would be imported from.

    Raises:
        MethodError: there is no such file.
    """
    path = source_path(module)
    if path is None:
        raise MethodError(f"{module}: no such module")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def add_current_folder_to_path():
    """Let this process and its children import modules of the current folder.

    This project's folder goes before it: a file `models.py` in the current folder
    must not replace `models`.
    """
    first = [str(Path(__file__).parents[2]), os.getcwd()]
    sys.path[:] = first + [place for place in sys.path if place not in (*first, "")]


def source_path(module):
    """The file that `module` would be imported from; None: there is none.

    Raises:
        MethodError: the package that it is in cannot be imported.
    """
    try:
        spec = importlib.util.find_spec(module)
    except (Exception, SystemExit) as error:  # a package's own code may do anything
        raise MethodError(
            f"{module}: cannot be found ({type(error).__name__}: {reason(error)})"
        ) from None
    has_file = spec is not None and spec.has_location
    path = Path(spec.origin) if has_file else None
    return path if path and path.suffix == ".py" and path.is_file() else None


def reason(error):
    """What an error says, in one line; of TensorFlow's long accounts the point."""
    message = str(error)
    for pattern, point in _POINTS.items():
        if match := re.search(pattern, message):
            return point.format(match[1])
    lines = [line.strip() for line in message.splitlines()]
    lines = [line for line in lines if line and not line.startswith("[[")]
    if not lines:
        return "no reason given"
    line = lines[-1 if lines[0].startswith(_ACCOUNTS) else 0]
    return line.partition(" for '{{node ")[0]
