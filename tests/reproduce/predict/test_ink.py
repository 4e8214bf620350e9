"""Ink is told from paper, and specks from ink."""

import numpy as np
import pytest
from scipy import ndimage

from reproduce.predict.ink import find_ink
from reproduce.predict.regions import largest_regions


@pytest.mark.parametrize("share", [0.0, 0.04, 0.5, 1.0])
@pytest.mark.parametrize("density", [0.1, 0.4, 0.6])
def test_regions_are_those_of_scipy(density, share):
    generator = np.random.default_rng(0)
    mask, weight = generator.random((2, 40, 60))
    mask = mask < density
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    totals = ndimage.sum_labels(weight, labels, range(count + 1))
    totals[0] = 0
    expected = mask & (totals[labels] >= share * totals.max())
    np.testing.assert_array_equal(largest_regions(mask, weight, share), expected)


def test_clean_ink_keeps_its_grey_levels():
    grey = np.zeros((40, 40))
    grey[10:30, 18:22] = 255
    grey[10:30, 22] = 100
    np.testing.assert_array_equal(find_ink(grey), grey)
    np.testing.assert_array_equal(find_ink(255 - grey), grey)


def test_a_stroke_up_to_the_border_is_still_ink():
    grey = np.full((60, 60), 230.0)
    grey[:, 28:33] = 20
    assert (find_ink(grey) > 0).sum() == 60 * 5


@pytest.mark.parametrize("dark", [False, True])
def test_light_that_falls_off_is_not_ink(dark):
    y, x = np.meshgrid(*[np.linspace(-1, 1, 120)] * 2, indexing="ij")
    paper = 200 - 60 * (x**2 + y**2) / 2 if dark else 60 + 60 * x
    assert find_ink(paper) is None
    grey = paper.copy()
    grey[40:80, 55:62] += -80 if dark else 80
    np.testing.assert_array_equal(find_ink(grey) > 127, grey != paper)


def test_a_second_part_of_the_digit_is_kept_and_a_speck_is_not():
    grey = np.zeros((100, 100))
    grey[20:60, 50:56] = grey[64:75, 50:56] = grey[5, 5] = 255
    ink = find_ink(grey)
    assert ink[70, 52] == 255 and ink[5, 5] == 0
