"""Whether an image is like any that the models were trained on.

A softmax over known digits cannot know that it sees another one; the training images
know more. They are kept as a few hundred mean shapes, small enough for the page that
draws digits, which asks the same question (`publish/static/familiar.js`).

Everything up to the last division is a sum of whole numbers, so every machine, and
the page, comes to the same answer.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from .digits import load_digits

MIN_SIMILARITY = 0.925
BLUR = (1, 2, 3, 3, 2, 1)  # weights down and across, at every second pixel
SIDE = 14  # of a blurred image
SHAPES = 60  # of each digit
ROUNDS = 15  # of k-means
LEVELS = 15  # of a shape's grey, four bits
FINE = 1000  # the length of an image's vector, in whole numbers
MARGIN = (len(BLUR) - 2) // 2
SHIFTS = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
CHUNK = 512  # images at a time


@dataclass(frozen=True)
class Shapes:
    """Mean shapes of training images.

    Attributes:
        values: uint8, (num_shapes, 196), 0 to 15, row by row.
        digits: (num_shapes,), whose shape each is.
    """

    values: np.ndarray
    digits: np.ndarray

    @classmethod
    def of(cls, images, labels):
        """The centres of k-means among each digit's images.

        It begins at the digit's first images, and goes a fixed number of rounds.

        Args:
            images: uint8, (num_images, 28, 28).
            labels: (num_images,).
        """
        digits = np.unique(labels)
        centres = [_centres(_blurred(images[labels == digit])) for digit in digits]
        return cls(
            np.concatenate(centres),
            np.repeat(digits, [len(shapes) for shapes in centres]),
        )

    def familiar(self, images, digits):
        """Whether the most similar shape is similar, and of the same digit.

        Similar: a cosine of at least 0.925 between the shape and the blurred image,
        wherever within one pixel they fit best. Measured with `training_shapes()` and
        two best models (RMSProp on architectures 3 and 1) on the 20,662 images of these
        digits that gave no shape, on `load_foreign()`, and on the printed digits of 47
        fonts:

        | At least | Unseen, doubted | Foreign, caught | Printed, read right, doubted |
        | -------: | --------------: | --------------: | ---------------------------: |
        |    0.910 |     3.6 · 3.3 % |       62 · 62 % |                  1.3 · 1.3 % |
        |    0.920 |     4.7 · 4.4 % |       71 · 70 % |                  2.6 · 2.6 % |
        |    0.925 |     5.5 · 5.3 % |       76 · 75 % |                  7.2 · 7.2 % |
        |    0.930 |     6.8 · 6.6 % |       81 · 80 % |                  9.8 · 9.4 % |
        |    0.940 |   10.8 · 10.7 % |       89 · 88 % |                25.1 · 25.5 % |

        From 0.93 on, printed digits pay for strangers. Of the 3 and 5 % of printed
        digits that are misread (mostly 1s and 6s) none is believed. Still, one foreign
        digit in four passes, and thin lines are doubted: a third of MNIST's digits
        redrawn with strokes of 4 pixels at a height of 200. It is no more than a hint.

        Args:
            images: uint8, (num_images, 28, 28).
            digits: what each was taken for, (num_images,).

        Returns:
            bool, (num_images,).
        """
        chunks = [
            self._familiar(images[start : start + CHUNK], digits[start : start + CHUNK])
            for start in range(0, len(images), CHUNK)
        ]
        return np.concatenate(chunks) if chunks else np.zeros(0, bool)

    def _familiar(self, images, digits):
        known = self.values.astype(float)
        lengths = np.sqrt(np.square(known).sum(axis=1))
        best = np.full(len(images), -1.0)
        nearest = np.full(len(images), -1)
        for shift in SHIFTS:
            blurred = _blurred(images, *shift)
            length = np.sqrt(np.square(blurred).sum(axis=1))
            similarity = blurred @ known.T / np.maximum(1, length[:, None] * lengths)
            shape = similarity.argmax(axis=1)
            value = similarity[np.arange(len(images)), shape]
            nearest = np.where(value > best, self.digits[shape], nearest)
            best = np.maximum(value, best)
        return (best >= MIN_SIMILARITY) & (nearest == digits)


@cache
def training_shapes():
    """The shapes of this project's digits."""
    train = load_digits().train
    return Shapes.of(train.images, train.labels)


def _blurred(images, down=0, right=0):
    """Shifted images, blurred, at half their size: whole numbers, (num_images, 196)."""
    (top, bottom), (left, far) = [
        (MARGIN + shift, MARGIN - shift) for shift in (down, right)
    ]
    grey = np.pad(images.astype(float), ((0, 0), (top, bottom), (left, far)))
    rows = sum(w * grey[:, i : i + 2 * SIDE : 2] for i, w in enumerate(BLUR))
    columns = sum(w * rows[:, :, i : i + 2 * SIDE : 2] for i, w in enumerate(BLUR))
    return columns.reshape(len(images), -1)


def _centres(blurred):
    """Centres of k-means, scaled to four bits."""
    lengths = np.sqrt(np.square(blurred).sum(axis=1, keepdims=True))
    vectors = np.rint(FINE * blurred / np.maximum(1, lengths))
    centres = vectors[:SHAPES]
    for _ in range(ROUNDS):
        gain = vectors @ centres.T - np.square(centres).sum(axis=1) / 2
        nearest = gain.argmax(axis=1)
        centres = np.array(
            [
                np.rint(members.mean(axis=0)) if len(members) else centre
                for index, centre in enumerate(centres)
                for members in [vectors[nearest == index]]
            ]
        )
    largest = np.maximum(1, centres.max(axis=1, keepdims=True))
    return np.rint(LEVELS * centres / largest).astype(np.uint8)
