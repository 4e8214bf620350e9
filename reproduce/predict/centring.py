"""Crop, scale and centre ink as MNIST was made (LeCun et al. 1998, MNIST page).

Plain arithmetic, meant to be transcribed to other languages: every step below is
a loop over pixels, and the result agrees to 1e-6 in double precision.
"""

import math

import numpy as np

SIZE = 28
BOX = 20
CENTRE = 14.0
TIE = 1e-6


def centre(ink):
    """Ink as MNIST would have it.

    1. Crop: the smallest rectangle that holds all x > 0, h rows by w columns.
    2. Scale: with m = max(h, w), H = max(1, floor(20 h / m + 1/2)) rows and
       W = max(1, floor(20 w / m + 1/2)) columns, each pixel the mean of the area
       it covers, the crop being constant on each of its pixels:

           y[i, j] = sum_k sum_l A(h, H)[i, k] A(w, W)[j, l] x[k, l]
           A(n, N)[i, k] = N / n * max(0, min((i + 1) n / N, k + 1) - max(i n / N, k))

    3. Contrast: y <- 255 y / max(y), so that thin strokes do not fade.
    4. Centre: with r = sum(i y[i, j]) / sum(y), row i goes to row i + t of 28,

           t = min(max(floor(14 - r + 1/2 - 1e-6), 0), 28 - H),

       and columns alike. In MNIST the centre of mass is in [13.5, 14.5) both ways
       in all test images, rows and columns counted from 0; 1e-6 settles ties so,
       whatever the order of summation.

    Args:
        ink: (height, width), 0 (background) and more (ink), some of it positive.

    Returns:
        float64, (28, 28), 0 to 255.
    """
    crop = _crop(np.asarray(ink, np.float64))
    longest = max(crop.shape)
    rows, columns = (max(1, math.floor(BOX * n / longest + 0.5)) for n in crop.shape)
    scaled = _area(crop.shape[0], rows) @ crop @ _area(crop.shape[1], columns).T
    scaled *= 255 / scaled.max()
    top = _offset(scaled.sum(axis=1))
    left = _offset(scaled.sum(axis=0))
    field = np.zeros((SIZE, SIZE))
    field[top : top + rows, left : left + columns] = scaled
    return field


def _crop(ink):
    rows, columns = (np.flatnonzero((ink > 0).any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _area(n, new):
    """A(n, new): each row says how much of each old pixel a new one covers."""
    start = np.arange(new)[:, None]
    old = np.arange(n)[None, :]
    first = np.maximum(start * n / new, old)
    last = np.minimum((start + 1) * n / new, old + 1)
    return np.maximum(0, last - first) * new / n


def _offset(mass):
    """t of step 4, from the sums of each row (or column)."""
    centre_of_mass = (np.arange(len(mass)) * mass).sum() / mass.sum()
    shift = math.floor(CENTRE - centre_of_mass + 0.5 - TIE)
    return min(max(shift, 0), SIZE - len(mass))
