"""What is compared: the report's seven methods, and any other that is asked for.

A method is known by its key (`method_keys`).
"""

import hashlib
import re
from dataclasses import dataclass, field, replace

from .method_keys import KERAS, LONGEST, arguments_text, key_of, parts, value_text


@dataclass(frozen=True)
class Method:
    """One training method: a row of the comparison tables.

    Attributes:
        label: the name the report prints; for others, one made from the key.
        optimizer: class name in `reproduce.optimizers`, or `module:Class`.
        hyperparameters: optimizer argument to `Protocol` field.
        full_batch: one update an epoch, from all examples; else one an example.
        colour: in every figure and page.
        arguments: of the optimizer, given by hand; they go before the protocol's.
        sha256: of the file that an optimizer of the user's own is in.
    """

    label: str
    optimizer: str
    hyperparameters: dict
    full_batch: bool
    colour: str
    arguments: dict = field(default_factory=dict)
    sha256: str | None = None


class Methods(dict):
    """The report's methods by key, in its order; others are read from their key.

    `in` and iteration know the report's seven only.
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
)  # order of the report's tables

OTHER_COLOURS = ("#7b3294", "#8c510a", "#111111", "#4d7c0f", "#b2182b", "#0e7490")


def slug(key):
    """A method's name in paths: the key itself for those of the report."""
    if key in METHODS:
        return key
    base, arguments, _ = parts(key, METHODS)
    name = base.replace(":", ".")
    if not arguments:
        return name
    readable = "-".join(f"{n}-{value_text(v)}" for n, v in arguments.items())
    readable = re.sub(r"[^A-Za-z0-9.]+", "-", readable)[:LONGEST].strip("-.")
    digest = hashlib.sha256(key_of(base, arguments).encode()).hexdigest()
    return f"{name}-{readable}-{digest[:8]}"


def reported(key):
    """The report's method that this is, or is a variant of; None: neither."""
    base = key.partition(" ")[0]
    return base if base in METHODS else None


def rank(key):
    """Sorts methods as the report does, others behind, by key."""
    own = list(METHODS)
    return (own.index(key) if key in METHODS else len(own)), key


def colours(keys):
    """A colour each; no two of the others share one while there are enough."""
    chosen = {}
    for key in sorted(keys, key=rank):
        colour = METHODS[key].colour
        if key not in METHODS:
            free = [c for c in OTHER_COLOURS if c not in chosen.values()]
            colour = colour if colour in free or not free else free[0]
        chosen[key] = colour
    return chosen


def _parsed(key):
    """The method that a key writes out.

    Raises:
        KeyError: it writes out none.
    """
    base, arguments, sha256 = parts(key, METHODS)
    digest = int(hashlib.sha256(key.encode()).hexdigest(), 16)
    colour = OTHER_COLOURS[digest % len(OTHER_COLOURS)]
    given = {"arguments": arguments, "sha256": sha256, "colour": colour}
    written = f" ({arguments_text(arguments)})" if arguments else ""
    if base in METHODS:
        own = METHODS[base]
        return replace(own, label=f"{own.label}{written}", **given)
    module, name = base.split(":")
    label = f"Keras {name}" if module == KERAS else name
    return Method(f"{label}{written}", base, {}, False, **given)
