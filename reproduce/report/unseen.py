"""What `best_model_unseen.json` says of the best model, if it is about that model."""

import json

from .distributions import wilson
from .markdown import fraction

UNSEEN = "best_model_unseen.json"


def unseen_scores(folder, record):
    """The file's content; None if there is none, or it is about another model."""
    path = folder / UNSEEN
    if record is None or not path.is_file():
        return None
    try:
        scores = json.loads(path.read_bytes())
        about = scores["model_sha256"], scores["images"], scores["accuracy"]
    except (ValueError, KeyError, TypeError):
        return None
    return scores if about[0] == record.model_sha256 else None


def unseen_sentence(scores):
    """Accuracy on the images no split has, with its Wilson interval."""
    images = scores["images"]
    correct = round(scores["accuracy"] * images)
    low, high = wilson(correct, images)
    return (
        f"On the {images:,} MNIST images of these digits that are in no split it gets "
        f"{correct:,} right: accuracy {fraction(scores['accuracy'])} "
        f"({fraction(low)} to {fraction(high)}, 95% Wilson interval)."
    )
