"""Whether an image is like any that the models were trained on.

A softmax over known digits cannot know that it sees another one; the training
images themselves know more, and need no other model. With the published model, a
fifteenth of this project's test images are called unsure, and four in five of
MNIST's other digits; a threshold on the softmax that calls as many test images
unsure stops half of them.

So one foreign digit in five passes, and it is no more than a hint for drawings:
MNIST's strokes are thick, and half of its own digits become unsure when redrawn
with strokes of 3 pixels at a height of 200.
"""

import numpy as np

from reproduce.data import load_digits

MIN_SIMILARITY = 0.9
CHUNK = 256


def is_familiar(images, digits):
    """Whether the most similar training image is similar, and of the same digit.

    Similar: cosine of at least 0.9 between the images, each blurred by 3 x 3
    means. On the validation images this threshold leaves 6 % out.

    Args:
        images: uint8, (num_images, 28, 28).
        digits: what each was taken for, (num_images,).

    Returns:
        bool, (num_images,).
    """
    train = load_digits().train
    known = _directions(train.images)
    familiar = []
    for start in range(0, len(images), CHUNK):
        similarity = _directions(images[start : start + CHUNK]) @ known.T
        nearest = similarity.argmax(axis=1)
        familiar.append(
            (similarity.max(axis=1) >= MIN_SIMILARITY)
            & (train.labels[nearest] == digits[start : start + CHUNK])
        )
    return np.concatenate(familiar)


def _directions(images):
    """Blurred images as vectors of length 1."""
    padded = np.pad(images.astype(np.float32), ((0, 0), (1, 1), (1, 1)))
    rows = padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:]
    blurred = rows[:, :, :-2] + rows[:, :, 1:-1] + rows[:, :, 2:]
    vectors = blurred.reshape(len(images), -1)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
