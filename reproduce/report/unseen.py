"""What a model gets right of the embedded images that its run did not draw."""

from .distributions import wilson
from .markdown import fraction


def unseen_sentence(record):
    """Accuracy on them, with its Wilson interval; empty where there are none."""
    scores = record.splits.get("unused")
    if scores is None:
        return ""
    images = sum(map(sum, scores["confusion"]))
    correct = round(scores["accuracy"] * images)
    low, high = wilson(correct, images)
    return (
        f"On the {images:,} MNIST images of these digits that are in none of its "
        f"splits it gets {correct:,} right: accuracy {fraction(scores['accuracy'])} "
        f"({fraction(low)} to {fraction(high)}, 95% Wilson interval)."
    )
