"""A method's key: a text that says all of it.

Those of the report have short ones (`adam`); any other is written out, so that a
record carries it whole:

    adam {"beta_2": 0.99}                          the report's, other arguments
    keras:Lion                                     built into Keras
    my_module:Mine {"learning_rate": 0.01} sha256:…   of the file it is in
"""

import json
import re

KERAS = "keras"
LONGEST = 36  # characters of arguments in a label or a file's name
_KEY = re.compile(
    r"(?P<base>\w+|[\w.]+:\w+)(?: (?P<arguments>\{.*\}))?"
    r"(?: sha256:(?P<sha256>[0-9a-f]{64}))?",
    re.ASCII,
)
_SYMBOLS = {"learning_rate": "η", "beta_1": "β₁", "beta_2": "β₂", "momentum": "α"}


def key_of(base, arguments, sha256=None):
    """The one key of a method.

    Args:
        base: key of a method of the report, `keras:Class` or `module:Class`.
        arguments: dict of what JSON can write.
        sha256: hex digest of the module's file, for `module:Class`.
    """
    key = base
    if arguments:
        key += " " + json.dumps(arguments, sort_keys=True, allow_nan=False)
    return f"{key} sha256:{sha256}" if sha256 else key


def parts(key, reported):
    """Base, arguments and hash of a key.

    Args:
        key: as `key_of` writes it.
        reported: the report's methods.

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
    of_report = base in reported
    hashed = not of_report and not base.startswith(f"{KERAS}:")
    if (
        (":" not in base and not (of_report and arguments))
        or bool(sha256) != hashed
        or key_of(base, arguments, sha256) != key
    ):
        raise KeyError(key)
    return base, arguments, sha256


def arguments_text(arguments):
    """Arguments for a label: `η=0.01, β₁=0.9`."""
    text = ", ".join(
        f"{_SYMBOLS.get(n, n)}={value_text(v)}" for n, v in arguments.items()
    )
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def value_text(value):
    """An argument's value, short."""
    if isinstance(value, dict):  # a learning-rate schedule
        return value.get("class_name", "…")
    return f"{value:g}" if type(value) in (int, float) else str(value)
