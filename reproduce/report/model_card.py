"""`best_model.md`: the best model's card, for people."""

from reproduce import original
from reproduce.experiment.methods import METHODS
from reproduce.experiment.record import SPLITS

from .distributions import accuracy_interval
from .export import MODEL
from .markdown import fraction, grid, listed, plural
from .settings import protocol_sentence
from .unseen import unseen_sentence

LIMITS = (
    "It knows {digits} and nothing else: any other image, a 4 or a cat, is almost "
    "always called one of these, often with a probability near 1. "
    "`python -m reproduce predict` says when an image is unlike all that the model "
    "was trained on.",
    "It was trained on scanned handwriting of Americans in the 1990s, centred and "
    "scaled to 20 × 20 pixels: other images must be brought into that form, which "
    "`predict` does.",
    "It was chosen among many runs by the validation images, so its accuracy there "
    "is a little flattered; the test images had no say in the choice.",
    "It is for teaching and for checking this reproduction, not for reading cheques.",
)


def model_card(record):
    """The card's bytes.

    Args:
        record: the best record.
    """
    cell, digits = record.cell, listed(list(map(str, original.DIGITS)))
    units = listed(list(map(str, original.HIDDEN_UNITS[cell.architecture])))
    method = METHODS[cell.method].label
    parts = [
        f"# {MODEL}: the digits {digits}",
        f"A fully connected network with hidden layers of {units} units (architecture "
        f"{cell.architecture} of the report), {record.parameters:,} parameters, "
        f"trained by {method} with seed {cell.seed} for "
        f"{plural(record.epochs, 'epoch')}. {protocol_sentence(record.protocol)}",
        "## Use",
        "```python\nimport keras\n\n"
        f'model = keras.models.load_model("{MODEL}", compile=False)\n'
        "probabilities = model.predict(images)\n```",
        "`images`: (num_images, 28, 28), 0 (background) to 255 (ink). "
        f"`probabilities`: (num_images, {record.protocol.num_classes}).",
        f"SHA-256 of the file: `{record.model_sha256}`",
        "## What it scores",
        _scores(record),
        unseen_sentence(record),
        "## Data",
        "MNIST (Y. LeCun, C. Cortes, C. J. C. Burges; CC BY-SA 3.0): "
        f"{sum(original.EXAMPLES.values()):,} images of the digits {digits}, the same "
        "number of each, drawn at random and split as in the report.",
        "## Limits",
        "\n".join(f"- {limit.format(digits=digits)}" for limit in LIMITS),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _scores(record):
    rows = []
    for split in SPLITS:
        scores = record.splits[split]
        images = sum(map(sum, scores["confusion"]))
        low, high = accuracy_interval(scores["accuracy"], images)
        interval = f"{fraction(low)}–{fraction(high)}"
        values = fraction(scores["accuracy"]), interval, fraction(scores["loss"])
        rows.append([split, f"{images:,}", *values])
    return grid(["Split", "Images", "Accuracy", "95% interval", "Loss"], rows)
