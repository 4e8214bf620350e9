"""Values on the command line, and what is said of the wrong ones."""

import argparse
import difflib
import json
import math
import re


def choice(kind, options):
    """A converter from a name to its value, with a hint for a mistyped one.

    Args:
        kind: what is chosen, for the message.
        options: name to value.
    """

    def convert(text):
        if text in options:
            return options[text]
        close = difflib.get_close_matches(text.lower(), options, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise argparse.ArgumentTypeError(
            f"unknown {kind} {text!r}{hint} Choose from {', '.join(options)}"
            if hint
            else f"unknown {kind} {text!r}: choose from {', '.join(options)}"
        )

    return convert


def count(text):
    """A whole number of at least 1."""
    if not re.fullmatch(r"\d{1,9}", text) or int(text) < 1:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a whole number of at least 1"
        )
    return int(text)


def count_or_none(text):
    """A whole number; 0 for none."""
    return 0 if text == "0" else count(text)


def positive(text):
    """A number above 0."""
    return _number(text, lambda x: x > 0, "a number above 0")


def non_negative(text):
    """A number of at least 0."""
    return _number(text, lambda x: x >= 0, "a number of at least 0")


def fraction(text):
    """A decay rate: 0 included, 1 not."""
    return _number(text, lambda x: 0 <= x < 1, "a number of at least 0 and below 1")


def _number(text, allowed, words):
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and allowed(number)):
        raise argparse.ArgumentTypeError(f"{text!r} is not {words}")
    return number


def count_or_seeds(text):
    """Seeds: `3` for the first three, `0,4` for these two, `3-5` for a range."""
    seeds = []
    for part in text.split(","):
        bounds = re.fullmatch(r"(\d{1,6})(?:-(\d{1,6}))?", part)
        if not bounds:
            raise argparse.ArgumentTypeError(
                f"{text!r} is neither a number of seeds (3) nor a list (0,4) or a "
                "range (3-5) of them"
            )
        first, last = bounds.group(1), bounds.group(2)
        seeds += range(int(first), int(last or first) + 1)
    if "," not in text and "-" not in text:
        seeds = list(range(count(text)))
    if not seeds or len(set(seeds)) < len(seeds):
        raise argparse.ArgumentTypeError(
            f"{text!r} names no seed, or one of them twice"
        )
    return seeds


def scheduler(text):
    """Where a Dask scheduler is: `tcp://HOST:PORT`, or `file:PATH` of its file."""
    if not re.fullmatch(r"(tcp|tls)://[^\s/]+:\d{1,5}|file:.+", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither tcp://HOST:PORT nor file:SCHEDULER.json"
        )
    return text


class Optimizers(argparse.Action):
    """Collects `--optimizer SPEC` and the `--optimizer-args JSON` that follow each."""

    def __call__(self, parser, namespace, value, option_string=None):
        asked = list(getattr(namespace, self.dest) or [])
        if self.type is None:
            asked.append((value, {}))
        elif not asked:
            raise argparse.ArgumentError(self, "comes after the --optimizer it is for")
        else:
            asked[-1] = (asked[-1][0], value)
        setattr(namespace, self.dest, asked)


def table(text):
    """A JSON object: argument names to values."""

    def refuse(constant):
        raise ValueError(constant)

    try:
        value = json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a JSON object, such as '{{\"learning_rate\": 0.01}}'"
        )
    return value
