"""The plane through the initial weights that lies closest to several paths."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Plane:
    """Two directions from the initial weights.

    Attributes:
        start: float32, (num_parameters,).
        directions: float32, (2, num_parameters), orthonormal.
        share: of the squared distances from the start, 0 to 1, that lies in the
            plane, weighted as when it was chosen.
        shares: method to that share of its path.
    """

    start: np.ndarray
    directions: np.ndarray
    share: float
    shares: dict

    def coordinates(self, weights):
        """Where weights, (num, num_parameters), are in the plane: (num, 2)."""
        return (weights - self.start) @ self.directions.T

    def point(self, x, y):
        """The weights at a point of the plane."""
        return self.start + x * self.directions[0] + y * self.directions[1]


def closest_plane(walks):
    """Principal components of the paths, seen from where they all begin.

    Of a path counts the mean of its squared distances over its last distance, so
    about its length: neither the longest path decides alone, nor one that hardly
    moves as much as one that goes far.

    Args:
        walks: method to `Walk`; all begin at the same weights.
    """
    start = next(iter(walks.values())).weights[0]
    paths = {method: walk.weights[1:] - start for method, walk in walks.items()}
    scaled = np.concatenate(
        [
            path / np.sqrt(len(path) * np.linalg.norm(path[-1]))
            for path in paths.values()
        ]
    )
    values, vectors = np.linalg.eigh((scaled @ scaled.T).astype(np.float64))
    largest = [-1, -2]
    directions = (vectors[:, largest] / np.sqrt(values[largest])).T @ scaled
    directions = _wide(directions.astype(np.float32), paths)
    shares = {
        method: float(np.square(path @ directions.T).sum() / np.square(path).sum())
        for method, path in paths.items()
    }
    share = float(values[largest].sum() / values.sum())
    return Plane(start, directions, share, shares)


def _wide(directions, paths):
    """The same plane with the farther reaching direction first, both towards it."""
    places = np.concatenate([path @ directions.T for path in paths.values()])
    farthest = places[np.abs(places).argmax(axis=0), [0, 1]]
    order = np.argsort(-np.ptp(places, axis=0))
    return (directions * np.sign(farthest)[:, None])[order]
