"""Connected regions of a mask."""

import numpy as np


def largest_regions(mask, weight, share):
    """The regions that weigh at least `share` of the heaviest.

    Args:
        mask: bool, (height, width); pixels that touch, even by a corner, are one
            region.
        weight: not negative, (height, width).
        share: 0 to 1.

    Returns:
        bool, (height, width).
    """
    rows, starts, ends = _runs(mask)
    roots = _joined(rows, starts, ends)
    totals = np.concatenate([np.zeros((len(weight), 1)), weight.cumsum(1)], axis=1)
    of_run = totals[rows, ends] - totals[rows, starts]
    of_region = np.bincount(roots, of_run, len(roots))
    heavy = of_region[roots] >= share * of_region.max()
    edges = np.zeros((mask.shape[0], mask.shape[1] + 1), int)
    np.add.at(edges, (rows[heavy], starts[heavy]), 1)
    np.add.at(edges, (rows[heavy], ends[heavy]), -1)
    return edges.cumsum(1)[:, :-1] > 0


def _runs(mask):
    """Row, first column and column after the last of each run of pixels in a row."""
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, starts = np.nonzero(edges > 0)
    return rows, starts, np.nonzero(edges < 0)[1]


def _joined(rows, starts, ends):
    """For each run, one run that stands for its whole region (union-find)."""
    parent = list(range(len(rows)))

    def root(run):
        while parent[run] != run:
            parent[run] = run = parent[parent[run]]
        return run

    above = 0
    for run in range(len(rows)):
        while rows[above] < rows[run] - 1 or (
            rows[above] == rows[run] - 1 and ends[above] < starts[run]
        ):
            above += 1
        neighbour = above
        while rows[neighbour] == rows[run] - 1 and starts[neighbour] <= ends[run]:
            parent[root(neighbour)] = root(run)
            neighbour += 1
    return np.array([root(run) for run in range(len(rows))], int)
