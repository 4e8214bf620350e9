"""Templates filled with values; formats of numbers are their filters."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reproduce.experiment.methods import METHODS

from . import text

TEMPLATES = Path(__file__).with_name("templates")


def render(template, **values):
    """The text of a template below `templates/`.

    Values are escaped in `.html.j2` and nowhere else; a name that is not given is an
    error, never an empty place.
    """
    return _environment().get_template(template).render(**values)


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
    environment.filters |= text.KINDS | {
        "method": lambda key: METHODS[key].label if key in METHODS else key,
        "missing_runs": missing_runs,
        "listed": text.listed,
        "plural": text.plural,
    }
    return environment


def missing_runs(needs):
    """Which runs a claim waits for: `study report: SGD on 4 and 5`.

    Args:
        needs: (study, architecture, method) triples.
    """
    found = {}
    for study, architecture, method in needs:
        found.setdefault((study, method), []).append(architecture)
    return "; ".join(
        f"study {study}: {METHODS[method].label} on {text.listed(sorted(set(where)))}"
        for (study, method), where in found.items()
    )
