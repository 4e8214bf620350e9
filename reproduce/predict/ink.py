"""Tell ink from paper: dark on light or light on dark, unevenly lit, with specks."""

import numpy as np

from .regions import largest_regions

WINDOW = 0.4  # of the longer side: wider than any stroke, narrower than a shadow
MIN_CONTRAST = 16  # grey levels between ink and paper
NOISES = 8  # paper is darker or lighter than its surroundings by fewer deviations
FAINT = 0.1  # of the ink's usual strength: compression's traces around strokes
BORDER = 0.9  # of the way from the middle to the edge
EVEN = 5  # standard deviation of grey levels
SPECK = 0.04  # of the largest region's ink


def find_ink(grey):
    """How much ink is on each pixel.

    Args:
        grey: (height, width), 0 to 255.

    Returns:
        float64, (height, width), 0 (paper) to 255; None when there is no ink.
    """
    relief, noise = _relief(grey)
    sign = -1 if relief.max() + relief.min() < 0 else 1
    window = round(WINDOW * max(grey.shape))
    # A smooth fall of light is flat in the relief, the edge of a shadow in `grey`.
    strength = np.minimum(*(_above(sign * view, window) for view in (relief, grey)))
    limit = max(_otsu(strength), NOISES * noise, MIN_CONTRAST)
    strong = strength > limit
    if not strong.any():
        return None
    usual = np.median(strength[strong])
    weak = strength > min(limit, max(FAINT * usual, NOISES * noise))
    regions = largest_regions(weak, strength * strong, SPECK)
    return np.where(regions, np.minimum(strength * (255 / usual), 255), 0)


def _relief(grey):
    """What stands out from the paper, judged by the outer tenth of the image.

    Half of it within a few grey levels of its median: the paper is evenly that.
    Else a quadratic surface, fitted twice, the second time without what lies far
    from the first, so that a stroke up to the border bends it little.

    Returns:
        Grey levels above the paper, (height, width), and their standard deviation
        on the border.
    """
    y, x = np.meshgrid(*(np.linspace(-1, 1, n) for n in grey.shape), indexing="ij")
    terms = np.stack([np.ones_like(x), x, y, x * y, x**2, y**2])
    border = np.maximum(abs(x), abs(y)) >= BORDER
    values, known = grey[border], terms[:, border].T
    factors = np.array([np.median(values), 0, 0, 0, 0, 0])
    if _deviation(values - factors[0]) > EVEN:
        factors = np.linalg.lstsq(known, values)[0]
        far = abs(values - known @ factors)
        near = far <= 3 * _deviation(far)
        factors = np.linalg.lstsq(known[near], values[near])[0]
    return grey - np.tensordot(factors, terms, 1), _deviation(values - known @ factors)


def _deviation(errors):
    """Standard deviation of normal errors, whatever a minority of them is."""
    return 1.4826 * np.median(abs(errors))


def _above(light, window):
    """Height above what is as light on a whole square window (a white top-hat)."""
    opened = light
    for extreme, pad in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        for axis in (0, 1):
            opened = _running(extreme, opened, window | 1, axis, pad)
    return light - opened


def _running(extreme, values, window, axis, pad):
    """Extreme over windows centred on each pixel, by doubling their length."""
    values = np.moveaxis(values, axis, 0)
    half = [(window // 2, window // 2), (0, 0)]
    values = np.pad(values, half, constant_values=pad)
    length = 1
    while length < window:
        step = min(length, window - length)
        values = extreme(values[:-step], values[step:])
        length += step
    return np.moveaxis(values, 0, axis)


def _otsu(strength):
    """The threshold that parts ink and paper best (Otsu 1979)."""
    counts, edges = np.histogram(strength, 256, (0, 255))
    levels = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = counts.sum() - below
    sums = np.cumsum(counts * levels)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = sums / below - (sums[-1] - sums) / above
    return edges[1:][np.argmax(np.nan_to_num(below * above * gap**2))]
