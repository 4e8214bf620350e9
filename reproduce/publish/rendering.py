"""Templates filled with values; formats of numbers are their filters."""

import math
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reproduce.experiment.methods import METHODS

from . import text

TEMPLATES = Path(__file__).with_name("templates")


def render(template, **values):
    """The text of a template below `templates/`.

    Values are escaped in `.html.j2` and nowhere else: in Markdown the filters `escaped`
    and `code` do it. A name that is not given is an error, never an empty place.
    """
    return _environment().get_template(template).render(**values)


def phrase(template, macro, *values):
    """What a macro of a template says, in one line.

    Args:
        template: below `templates/`, of macros only.
        macro: its name.
        values: its arguments.
    """
    words = getattr(_macros(template), macro)(*values)
    return " ".join(str(words).split())


@cache
def _macros(template):
    return _environment().get_template(template).module


@cache
def _environment():
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html.j2"),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["infinite"] = math.inf
    environment.filters |= text.KINDS | {
        "method": method_label,
        "missing_runs": missing_runs,
        "code": text.code,
        "escaped": text.escaped,
        "listed": text.listed,
        "plural": text.plural,
    }
    return environment


def method_label(key):
    """A method's label; what is the key of no method stays as it is."""
    try:
        return METHODS[key].label
    except KeyError:
        return key


def missing_runs(needs):
    """Which runs a claim waits for: `study report: SGD on 4 and 5`.

    Args:
        needs: (study, architecture, method) triples.
    """
    architectures = {}
    for study, architecture, method in needs:
        architectures.setdefault((study, method), []).append(architecture)
    return "; ".join(
        f"study {study}: {METHODS[method].label} on {text.listed(sorted(set(numbers)))}"
        for (study, method), numbers in architectures.items()
    )
