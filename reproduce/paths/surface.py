"""The loss on a grid of points in a plane."""

import keras
import numpy as np

from models import build_model
from reproduce.training.cell import LOSS
from reproduce.training.evaluation import output_units

MARGIN = 0.12  # of the paths' extent, on each side


def axes(points, across):
    """Coordinates of a grid around points, `across` of them along its longer side.

    Args:
        points: (num_points, 2).

    Returns:
        x and y, equally far apart.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    margin = MARGIN * (high - low).max()
    low, high = low - margin, high + margin
    step = (high - low).max() / (across - 1)
    return [np.arange(a, b + step / 2, step) for a, b in zip(low, high, strict=True)]


def losses(plane, cell, protocol, split, x, y):
    """Mean cross-entropy of the plain network at every point, (len(y), len(x))."""
    model = build_model(cell.architecture, protocol.num_classes)
    images = keras.ops.convert_to_tensor(split.images.astype(np.float32))
    units = output_units(split.labels, protocol.num_classes)
    loss = keras.losses.get(LOSS)
    grid = np.empty((len(y), len(x)))
    for row, column in np.ndindex(grid.shape):
        model.set_weights(_shaped(plane.point(x[column], y[row]), model))
        outputs = model(images, training=False)
        grid[row, column] = np.mean(loss(units, outputs))
    return grid


def _shaped(weights, model):
    shapes = [weight.shape for weight in model.weights]
    ends = np.cumsum([np.prod(shape) for shape in shapes])
    parts = np.split(weights, ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
