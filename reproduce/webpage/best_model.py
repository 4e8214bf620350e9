"""The best model: its matrices beside the report's, and the images it gets wrong."""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from reproduce import original
from reproduce.data import load_digits
from reproduce.errors import ModelFileError
from reproduce.experiment.record import SPLITS
from reproduce.report.best import name
from reproduce.report.export import MODEL

from . import heat_maps
from .markup import data_uri, element, join, markdown
from .weights import Network, read_network

MOST_IMAGES = 24  # a cell


@dataclass(frozen=True)
class Model:
    """The best run's trained model, or why there is none.

    Attributes:
        record: of the best run, or None.
        network: its weights, or None.
        missing: why there are none, a sentence; empty if they are there.
        mistaken: split to (true digit, predicted digit) to indices in the split.
    """

    record: object
    network: Network | None
    missing: str
    mistaken: dict


def read(findings, folder, model_there):
    """The model in the output folder."""
    record = findings.selection.winner
    if record is None:
        return Model(
            None, None, "The criterion ended no run, so there is no best model.", {}
        )
    if not model_there:
        missing = (
            f"The trained model of {name(record)} is not in this folder ({MODEL})."
        )
        return Model(record, None, missing, {})
    try:
        network = read_network(folder / MODEL, original.DIGITS)
    except ModelFileError as error:
        why = str(error).removeprefix(f"{folder / MODEL}: ")
        return Model(record, None, f"{MODEL} cannot be shown: {why}.", {})
    splits = examples(record)
    mistaken = {split: _mistaken(network, splits[split]) for split in SPLITS}
    return Model(record, network, "", mistaken)


def examples(record):
    """Name to `Split`, as the run was given them."""
    size = record.protocol.subset or max(original.EXAMPLES.values())
    digits = load_digits(record.cell.seed)
    return {name: getattr(digits, name).head(size) for name in SPLITS}


def _mistaken(network, split):
    predicted = network.predict(split.images)
    found = {}
    for index in np.flatnonzero(predicted != split.labels):
        pair = int(split.labels[index]), int(predicted[index])
        found.setdefault(pair, []).append(int(index))
    return found


def images(model):
    """Split to `true-predicted` to [index, address] of the first images of a cell."""
    if model.network is None:
        return {}
    splits = examples(model.record)
    return {
        split: {
            f"{true}-{predicted}": [
                [index, data_uri(png(splits[split].images[index]))]
                for index in indices[:MOST_IMAGES]
            ]
            for (true, predicted), indices in sorted(found.items())
        }
        for split, found in model.mistaken.items()
    }


def png(image):
    """One image of MNIST as a file: 16 grey levels tell as much at its size."""
    content = io.BytesIO()
    grey = Image.fromarray(255 - image)
    grey.quantize(16).save(content, format="png", optimize=True)
    return content.getvalue()


def section(chapter, findings, files, model):
    """The chapter's body: how it was chosen, then the matrices."""
    others = [p for p in chapter.parts if not p.title.startswith("Confusion matrix")]
    return join(
        markdown(chapter.head, files),
        *(
            join(element("h3", part.title), markdown(part.body, files))
            for part in others
        ),
        heat_maps.section(model) if model.record else None,
    )
