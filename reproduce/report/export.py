"""The best model as files of their own: `best_model.keras`, `best_model.json`."""

import hashlib
import json

from reproduce import original
from reproduce.experiment.record import SPLITS
from reproduce.experiment.store import write_atomically

MODEL, CARD = "best_model.keras", "best_model.json"
MODEL_CARD = "best_model.md"


def export_model(store, record):
    """Put the best run's model where it is found; returns whether it is there.

    The model kept beside the record is copied; without it, a copy made earlier
    stays if it is the same model. A file of another model is left alone.

    Args:
        store: the `Store` of the output folder.
        record: the best record, or None.
    """
    if record is None:
        return False
    target = store.folder / MODEL
    for path in (store.model_path(record.cell), target):
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == record.model_sha256:
            if path != target:
                write_atomically(target, content)
            return True
    return False


def card(record):
    """`best_model.json`: what the model is and what it should score."""
    values = {
        "cell": vars(record.cell),
        "digits": original.DIGITS,
        "epochs": record.epochs,
        "expected": {
            split: {name: record.splits[split][name] for name in ("loss", "accuracy")}
            for split in SPLITS
        },
        "input": "images, (num_images, 28, 28), 0 (background) to 255 (ink)",
        "output": _output(record.protocol.num_classes),
        "parameters": record.parameters,
        "protocol": record.protocol.to_dict(),
        "sha256": record.model_sha256,
    }
    text = json.dumps(values, indent=1, sort_keys=True, allow_nan=False)
    return f"{text}\n".encode()


def _output(num_classes):
    shape = f"probabilities, (num_images, {num_classes}); index i is "
    return shape + (
        "digits[i]" if num_classes == len(original.DIGITS) else "the digit i"
    )
