"""The list of all figures of the report, and the files that they are kept in."""

import json
from pathlib import Path

import numpy as np

from reproduce.analysis import speed
from reproduce.errors import MethodError
from reproduce.experiment.methods import METHODS, colours, slug
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.record import SPLITS
from reproduce.files import read_regular

from . import original_figures, run_figures
from .drawing import png
from .run_tables import runs_by_cell

PATHS = "paths/paths.json"  # what `python -m reproduce paths` leaves in a folder
# What looking into JSON may raise that is of another shape than expected.
MISSHAPEN = (ValueError, RecursionError, LookupError, TypeError, AttributeError)


def figures(findings, folder):
    """Path below the output folder to (title, bytes of a PNG file), which repeat.

    In the order of the report.
    """
    return _files(drawn(findings, folder))


def sweep_figures(sweeps):
    """The files of the sweeps alone, as `figures` has them."""
    return _files(_drawn_sweeps(sweeps))


def _files(named):
    return {
        f"figures/{name}.png": (figure.get_label(), png(figure))
        for name, figure in named
    }


def _drawn_sweeps(sweeps):
    for sweep in sweeps:
        yield f"sweep-{sweep.architecture}", run_figures.sweep_figure(sweep)


def drawn(findings, folder):
    """(name, Figure) of all that there are values for; see `PATHS` for the folder."""
    cells, architectures = runs_by_cell(findings), {}
    palette = colours({method for _, method in cells})
    for (architecture, method), runs in cells.items():
        if run_figures.drawable(runs):
            architectures.setdefault(architecture, {})[method] = runs
    for architecture, methods in architectures.items():
        name = f"architecture-{architecture}"
        yield f"{name}-all", run_figures.architecture_figure(methods)
        for method, runs in methods.items():
            figure = run_figures.cell_figure(runs, findings.stated, palette[method])
            yield f"{name}-{slug(method)}", figure
    if findings.records:
        yield "verdicts", original_figures.verdict_figure(findings.stated)
    chosen = {"": findings.selection, "-original-choice": findings.original_selection}
    for end, selection in chosen.items():
        for split in SPLITS if selection.best else ():
            name, best = f"confusion-{split}{end}", selection.best
            yield name, original_figures.confusion_figure(split, best, bool(end))
    if any(answer.nearest for answer in findings.answers):
        yield "candidates", original_figures.candidate_figure(findings.answers)
    if rows := original_figures.stopping_rows(findings.stated, findings.patient):
        yield "stopping-4-5", original_figures.stopping_figure(rows)
    if cells:
        times = {target: findings.times(target) for target in speed.TARGETS}
        yield "time-to-target", run_figures.times_figure(times)
        yield "profiles", run_figures.profile_figure(times)
    yield from _drawn_sweeps(findings.sweeps)
    if cells and (paths := read_paths(folder, findings.protocol)):
        yield "paths", run_figures.paths_figure(paths)


def read_paths(folder, protocol):
    """The content of `paths.json`; None if there is none of that protocol.

    A file that cannot be read, or not be drawn, counts as none.
    """
    try:
        content = json.loads(read_regular(Path(folder) / PATHS))
        has_protocol = Protocol.from_dict(content["protocol"]) == protocol
        return content if has_protocol and _can_be_drawn(content) else None
    except (OSError, MethodError, *MISSHAPEN):
        return None


def _can_be_drawn(content):
    """Whether it has a surface over a grid, and two paths or more.

    Raises:
        MISSHAPEN: something is missing, or is no number.
        MethodError: a path is of no method.
    """
    x, y, surface = (_numbers(content[name]) for name in ("x", "y", "surface"))
    paths, shares = content["paths"], content["shares"]
    places = [content["architecture"], content["seed"]]
    arrays = [x, y, surface]
    for share in (content["share"], *shares.values()):
        arrays.append(_numbers([share]))
    for method, path in paths.items():
        METHODS[method]
        parts = [_numbers(path[name]) for name in ("epochs", "losses", "x", "y")]
        if len(path["x"]) != len(path["y"]):
            return False
        arrays += parts
    return (
        surface.shape == (len(y), len(x))
        and {*map(type, places)} == {int}
        and len(paths) > 1
        and set(shares) == set(paths)
        and all(array.size and np.isfinite(array).all() for array in arrays)
        and {array.ndim for array in arrays if array is not surface} == {1}
        and all(len(axis) > 1 and (np.diff(axis) > 0).all() for axis in (x, y))
        and surface.min() > 0  # its logarithm is shown
    )


def _numbers(value):
    """An array of numbers.

    Raises:
        TypeError, ValueError: it is none.
    """
    array = np.asarray(value)
    if array.dtype.kind not in "iuf":
        raise TypeError(array.dtype)
    return array
