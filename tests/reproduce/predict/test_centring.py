"""Crop, scale and centre, against a transcription in plain loops."""

import math

import numpy as np
import pytest

from reproduce.predict.centring import centre


def by_loops(x):
    """The docstring's four steps without NumPy, as another language would."""
    inked = [(i, j) for i, row in enumerate(x) for j, v in enumerate(row) if v > 0]
    top, left = min(i for i, _ in inked), min(j for _, j in inked)
    h = max(i for i, _ in inked) - top + 1
    w = max(j for _, j in inked) - left + 1
    rows, columns = (max(1, math.floor(20 * n / max(h, w) + 0.5)) for n in (h, w))

    def share(n, new, i, k):
        return max(0, min((i + 1) * n / new, k + 1) - max(i * n / new, k)) * new / n

    y = [
        [
            sum(
                share(h, rows, i, k) * share(w, columns, j, m) * x[top + k][left + m]
                for k in range(h)
                for m in range(w)
            )
            for j in range(columns)
        ]
        for i in range(rows)
    ]
    total, largest = sum(map(sum, y)), max(map(max, y))
    r = sum(i * v for i, row in enumerate(y) for v in row) / total
    c = sum(j * v for row in y for j, v in enumerate(row)) / total
    down = min(max(math.floor(14 - r + 0.5 - 1e-6), 0), 28 - rows)
    right = min(max(math.floor(14 - c + 0.5 - 1e-6), 0), 28 - columns)
    field = [[0.0] * 28 for _ in range(28)]
    for i, row in enumerate(y):
        for j, v in enumerate(row):
            field[down + i][right + j] = 255 * v / largest
    return field


@pytest.mark.parametrize("shape", [(3, 2), (20, 20), (37, 11), (9, 41), (1, 30)])
def test_centring_is_the_documented_sum(shape):
    x = np.random.default_rng(0).uniform(0, 255, shape)
    np.testing.assert_allclose(centre(x), by_loops(x.tolist()), atol=1e-6)


def test_a_single_pixel_becomes_a_box_of_twenty():
    field = centre(np.eye(9)[[4]])
    expected = np.pad(np.full((20, 20), 255.0), 4)
    np.testing.assert_allclose(field, expected, atol=1e-6)


def test_scaling_up_by_a_whole_number_changes_nothing(digits):
    for image in digits.images:
        large = np.kron(image, np.ones((8, 8)))
        np.testing.assert_allclose(centre(large), centre(image), atol=1e-6)


def test_mnist_is_left_where_it_is(digits):
    in_a_box = [image for image in digits.images if max(_extent(image)) == 20]
    assert len(in_a_box) > 10
    for image in in_a_box:
        assert np.abs(centre(image) - image).max() <= 255 - image.max() + 1e-9


def _extent(image):
    return [np.ptp(np.flatnonzero(image.any(axis=axis))) + 1 for axis in (0, 1)]


def test_all_ink_stays_in_the_field_however_lopsided():
    ink = np.zeros((100, 100))
    ink[:5, :5] = 255
    ink[-1, -1] = 100
    field = centre(ink)
    assert field[:9, :9].max() == 255 and field[27, 27] > 0
