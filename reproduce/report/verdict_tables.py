"""The verdicts as tables."""

import math

from reproduce.experiment.methods import METHODS

from . import verdicts as v
from .markdown import Table, fraction, grid, listed
from .verdict_words import misses_sentences, rule

HEADER = ["Architecture", "Method", "Quantity", "Report", "n", "Mean", "s"]
HEADER += ["Interval", "Width", "Limit of effect", "Verdict", "Why"]


def verdicts_table(verdicts):
    """Every number of the report's comparison tables."""
    return Table(
        name="verdicts",
        title="A verdict for every number of the report (1.5.1 to 1.5.5)",
        data=[_data(verdict) for verdict in verdicts],
        header=HEADER,
        rows=[_cells(verdict) for verdict in verdicts],
        notes=[rule(), *misses_sentences(verdicts)],
    )


def _data(one):
    low, high = one.interval or (None, None)
    return {
        "architecture": one.architecture,
        "method": one.method,
        "quantity": one.quantity,
        "reported": one.reported,
        "n": len(one.values),
        "mean": one.centre,
        "s": one.spread,
        "low": low,
        "high": high,
        "width": None if low is None else high - low,
        "limit": one.limit,
        "verdict": one.verdict,
        "why": one.why,
    }


def _cells(one):
    low, high = one.interval or (None, None)
    return [
        str(one.architecture),
        METHODS[one.method].label,
        v.QUANTITIES[one.quantity],
        write(one, one.reported),
        str(len(one.values)),
        write(one, one.centre, 1),
        write(one, one.spread, 1),
        "–" if low is None else f"{write(one, low, 1)} to {write(one, high, 1)}",
        "–" if low is None else write(one, high - low, 1),
        write(one, one.limit, 1),
        one.verdict,
        one.why,
    ]


def write(one, number, digits=0):
    """A number of the verdict's quantity."""
    if number is None:
        return "–"
    if math.isinf(number):
        return "not ended by the criterion"
    return f"{number:,.{digits}f}" if one.quantity == "epochs" else fraction(number)


def architecture_grid(verdicts, architecture):
    """Verdicts of one architecture: a row a method, a column a quantity."""
    own = {one.key: one for one in verdicts if one.architecture == architecture}
    rows = [
        [METHODS[m].label, *(_short(own[architecture, m, q]) for q in v.QUANTITIES)]
        for m in METHODS
    ]
    return grid(["Method", *v.QUANTITIES.values()], rows)


def _short(one):
    if one.interval is None:
        return f"{one.verdict} (n = {len(one.values)})"
    reach = (one.interval[1] - one.interval[0]) / 2
    return (
        f"**{one.verdict}** (n = {len(one.values)}: {write(one, one.centre, 1)} ± "
        f"{write(one, reach, 1)}; report {write(one, one.reported)})"
    )


def differing_words(verdicts):
    """The numbers that differ, each with ours; empty where none does."""
    far = [one for one in verdicts if one.verdict == v.DIFFERS]
    rows = dict.fromkeys((one.architecture, one.method) for one in far)
    words = [_far(key, [one for one in far if one.key[:2] == key]) for key in rows]
    return f"{'; '.join(words)}." if words else ""


def _far(key, own):
    numbers = [
        f"{v.QUANTITIES[one.quantity].lower()} {write(one, one.reported)} "
        f"({write(one, one.centre, 1)} here)"
        for one in own
    ]
    return f"architecture {key[0]}, {METHODS[key[1]].label}: {listed(numbers)}"
