"""When the page doubts that a drawing is one of the five digits, and how rightly."""

from dataclasses import dataclass

import numpy as np

from reproduce import original
from reproduce.report.markdown import listed

from .foreign import load_foreign

REFUSED = 0.07  # of the validation images, as `reproduce.predict.familiar` does


@dataclass(frozen=True)
class Doubt:
    """A threshold on the network's outputs, and what it does.

    Attributes:
        threshold: below it an image is taken for none of the five digits.
        refused: share of the test images of the five digits taken for none.
        caught: share of images of other digits taken for none.
        by_digit: the same for each other digit.
    """

    threshold: float
    refused: float
    caught: float
    by_digit: dict


def familiarity(logits):
    """How far the largest logit is above the next, (num_images,)."""
    ordered = np.sort(logits, axis=1)
    return ordered[:, -1] - ordered[:, -2]


def measure(network, splits):
    """Set the threshold on the validation images and measure it on others.

    Args:
        network: a `Network`.
        splits: name to `Split`.
    """
    scores = familiarity(network.logits(splits["validation"].images))
    threshold = float(np.quantile(scores, REFUSED))
    foreign = load_foreign()
    caught = familiarity(network.logits(foreign.images)) < threshold
    refused = familiarity(network.logits(splits["test"].images)) < threshold
    return Doubt(
        threshold,
        float(refused.mean()),
        float(caught.mean()),
        _by_digit(caught, foreign.labels),
    )


def _by_digit(caught, labels):
    """Share caught of each digit there is."""
    digits = sorted(set(labels.tolist()))
    return {digit: float(caught[labels == digit].mean()) for digit in digits}


def sentence(doubt):
    """What it does, in words."""
    strangers = [f"{digit}: {share:.0%}" for digit, share in doubt.by_digit.items()]
    five = listed(list(map(str, original.DIGITS)))
    return (
        f"It calls a drawing none of {five} where the two largest logits are less than "
        f"{doubt.threshold:.2f} apart. Of MNIST's test images this refuses "
        f"{doubt.refused:.0%} of these digits and {doubt.caught:.0%} of the others "
        f"({', '.join(strangers)}). So many strangers still pass: a network that was "
        "only shown five digits cannot know what else there is."
    )
