"""The best model on MNIST images of the five digits that are in no split."""

import hashlib
import json
from pathlib import Path

from reproduce.data.build import left_over, whole_mnist
from reproduce.experiment.records import write_atomically
from reproduce.report.export import MODEL
from reproduce.report.unseen import UNSEEN


def score_unseen(folder, source):
    """Evaluate the folder's best model; write `best_model_unseen.json` beside it.

    Args:
        folder: an output folder with a best model.
        source: folder of MNIST's four IDX files, or Keras's `mnist.npz`.

    Returns:
        what was written: `images` (their number), `loss`, `accuracy` (fraction),
        `confusion` (10 x 10 counts, rows true digits), `model_sha256`, and
        `images_sha256`.

    Raises:
        DataError: MNIST cannot be read from `source`.
        ModelFileError: the folder has no best model, or a damaged one.
    """
    from reproduce.predict.model_files import load_model

    folder = Path(folder)
    model = load_model(folder / MODEL)  # first: it keeps TensorFlow quiet
    from reproduce.experiment.evaluation import evaluate
    from reproduce.experiment.training import LOSS

    split = left_over(*whole_mnist(source))
    model.compile(loss=LOSS)
    scores = {
        "images": len(split.labels),
        "images_sha256": split.sha256,
        "model_sha256": hashlib.sha256((folder / MODEL).read_bytes()).hexdigest(),
        **evaluate(model, split),
    }
    text = json.dumps(scores, sort_keys=True, allow_nan=False)
    write_atomically(folder / UNSEEN, f"{text}\n".encode())
    return scores
