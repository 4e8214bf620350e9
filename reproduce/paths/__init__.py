"""Where the seven methods go from the same weights, on a plane of the loss surface."""

import json
import os
from pathlib import Path

import numpy as np

from reproduce.files import write_atomically
from reproduce.training.pool import environment

__all__ = ["draw_paths"]

FILE = "paths/paths.json"  # in an output folder
EXAMPLES = 2000  # for the loss of a point; the surface looks the same with all
ACROSS = 61  # points along the longer side
DIGITS = 5  # significant ones, of coordinates and losses


def draw_paths(folder, cells, protocol, say):
    """Train cells of one architecture and seed; write `paths/paths.json`.

    It holds coordinates, losses, the surface and what the plane explains. The same
    cells give the same bytes.

    Args:
        folder: an output folder.
        cells: one a method.
        protocol: the settings.
        say: called with lines for people.
    """
    os.environ.update(environment(protocol))  # as workers have it
    from reproduce.predict.quiet import quiet_keras

    quiet_keras()
    from .walk import walk

    walks = {}
    for cell in cells:
        walks[cell.method] = walk(cell, protocol)
        epochs = walks[cell.method].epochs
        say(f"{cell}: {epochs[-1]} epochs, {len(epochs)} places kept")
    content = describe(walks, cells[0], protocol)
    say(f"{write(folder, content)}; `report` draws it")


def describe(walks, cell, protocol):
    """What `paths.json` holds."""
    from reproduce.data import load_digits

    from .plane import closest_plane
    from .surface import axes, losses

    plane = closest_plane(walks)
    places = {m: plane.coordinates(walk.weights) for m, walk in walks.items()}
    x, y = axes(np.concatenate(list(places.values())), ACROSS)
    train = load_digits(cell.seed).train.head(protocol.subset).head(EXAMPLES)
    return {
        "architecture": cell.architecture,
        "seed": cell.seed,
        "protocol": protocol.to_dict(),
        "examples": len(train.labels),
        "share": _short(plane.share),
        "shares": {method: _short(share) for method, share in plane.shares.items()},
        "paths": {
            method: {
                "epochs": walk.epochs,
                "losses": walk.losses,
                "x": _short(places[method][:, 0]),
                "y": _short(places[method][:, 1]),
            }
            for method, walk in walks.items()
        },
        "x": _short(x),
        "y": _short(y),
        "surface": _short(losses(plane, cell, protocol, train, x, y)),
    }


def write(folder, content):
    """Write the file; returns its path."""
    lines = (f"{json.dumps(k)}: {json.dumps(v)}" for k, v in content.items())
    path = Path(folder) / FILE
    write_atomically(path, ("{\n" + ",\n".join(lines) + "\n}\n").encode())
    return path


def _short(values):
    if np.ndim(values):
        return [_short(value) for value in values]
    return float(f"{values:.{DIGITS}g}")
