"""Images are compared with the shapes of training images, the same everywhere."""

import hashlib
import math

import numpy as np
import pytest

from reproduce.data import load_digits, load_foreign
from reproduce.data.familiar import MIN_SIMILARITY, SHAPES, Shapes, training_shapes

KNOWN = (1, 2, 3, 6, 9)
SHA256 = "739bc62fec95abb44156afa4086cf1c6dd763eedb60c63c4da5cc136b50d3822"


def is_familiar(images, digits):
    return training_shapes().familiar(images, digits)


def by_loops(image, shapes):
    """The digit of the most similar shape and its cosine, as another language would."""
    weights = (1, 2, 3, 3, 2, 1)

    def grey(i, j):
        return int(image[i][j]) if 0 <= i < 28 and 0 <= j < 28 else 0

    best = (-1.0, -1)
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            blurred = [
                sum(
                    a * b * grey(2 * i + k - 2 - down, 2 * j + m - 2 - right)
                    for k, a in enumerate(weights)
                    for m, b in enumerate(weights)
                )
                for i in range(14)
                for j in range(14)
            ]
            length = math.sqrt(sum(v * v for v in blurred))
            for values, digit in zip(
                shapes.values.tolist(), shapes.digits, strict=True
            ):
                shape = math.sqrt(sum(v * v for v in values))
                dot = sum(a * b for a, b in zip(blurred, values, strict=True))
                if dot / (length * shape) > best[0]:
                    best = dot / (length * shape), int(digit)
    return best


def test_the_rule_is_the_documented_sum():
    shapes = Shapes(training_shapes().values[::20], training_shapes().digits[::20])
    images = np.concatenate(
        [load_digits().test.images[:6], load_foreign().images[::250]]
    )
    pairs = [by_loops(image, shapes) for image in images]
    for digit in KNOWN:
        expected = [
            value >= MIN_SIMILARITY and label == digit for value, label in pairs
        ]
        digits = np.full(len(images), digit)
        assert shapes.familiar(images, digits).tolist() == expected


def test_the_shapes_are_the_same_on_every_machine():
    shapes = training_shapes()
    assert shapes.values.shape == (SHAPES * len(KNOWN), 196)
    assert shapes.values.dtype == np.uint8 and shapes.values.max() == 15
    assert shapes.digits.tolist() == [d for d in KNOWN for _ in range(SHAPES)]
    assert hashlib.sha256(shapes.values.tobytes()).hexdigest() == SHA256


def test_digits_that_gave_no_shape_are_familiar():
    unused = load_digits().unused
    images, labels = unused.images[::8], unused.labels[::8]
    assert is_familiar(images, labels).mean() > 0.93
    assert is_familiar(images, (labels + 1) % 10).mean() < 0.01


def test_most_other_digits_are_not_whatever_they_are_taken_for():
    images = load_foreign().images
    taken = [is_familiar(images, np.full(len(images), digit)) for digit in KNOWN]
    assert np.sum(taken, axis=0).max() == 1
    assert np.any(taken, axis=0).mean() < 0.35


@pytest.mark.parametrize("down", [-1, 0, 1])
def test_a_shift_by_a_pixel_changes_little(down):
    test = load_digits().test.head(300)
    shifted = np.roll(test.images, down, axis=1)
    agreement = is_familiar(shifted, test.labels) == is_familiar(
        test.images, test.labels
    )
    assert agreement.mean() > 0.96


def test_nothing_at_all_and_noise_are_not_familiar():
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), np.uint8)
    assert not is_familiar(noise, np.ones(20)).any()
    assert not is_familiar(np.zeros((1, 28, 28), np.uint8), np.ones(1)).any()
    assert is_familiar(np.zeros((0, 28, 28), np.uint8), np.zeros(0)).shape == (0,)


def test_own_data_may_have_few_images_and_blank_ones():
    images = np.zeros((5, 28, 28), np.uint8)
    images[0, 4:24, 12:16] = images[1, 12:16, 4:24] = images[2, 4:24, 11:16] = 255
    labels = np.array([0, 7, 0, 7, 0])
    shapes = Shapes.of(images, labels)
    assert shapes.digits.tolist() == [0, 0, 0, 7, 7]
    assert shapes.familiar(images, labels).tolist() == [True, True, True, False, False]
