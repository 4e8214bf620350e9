"""One cell, from its protocol to its record and its trained model."""

import hashlib
import time

import keras
import numpy as np
import tensorflow as tf

from callbacks import ConvergenceThreshold
from models import FullBatchSequential, OnlineSequential, build_model
from reproduce.data import DIGITS, load_digits
from reproduce.optimizers import OPTIMIZERS

from .protocol import METHODS
from .provenance import provenance
from .records import SPLITS, Record, rounded
from .saving import archive_bytes

LOSS = "sparse_categorical_crossentropy"


def train(cell, protocol, on_epoch=None):
    """Train one cell to its end.

    Args:
        cell: what to train, with which seed.
        protocol: the settings.
        on_epoch: called after each epoch with its number (from 1) and its error.

    Returns:
        The record, and the trained model as the bytes of a `.keras` file (None
        when the run diverged).
    """
    started = time.perf_counter()
    digits = load_digits()
    splits = {name: getattr(digits, name).head(protocol.subset) for name in SPLITS}
    model = make_model(cell, protocol, splits["train"])
    initial_sha256 = weights_sha256(model)
    criterion = ConvergenceThreshold(protocol.threshold, protocol.mode)
    begun = time.perf_counter()
    history = model.fit(
        orders(cell, len(splits["train"].labels)),
        steps_per_epoch=1,
        epochs=protocol.max_epochs,
        callbacks=[criterion, *([_Progress(on_epoch)] if on_epoch else [])],
        shuffle=False,
        verbose=0,
    ).history
    trained = time.perf_counter()
    diverged = criterion.status == "diverged"
    plain = _inference_model(model, cell, protocol)
    saved = None if diverged else archive_bytes(plain)
    plain.compile(loss=LOSS)
    record = Record(
        cell=cell,
        protocol=protocol,
        status=criterion.status,
        epochs=len(history["loss"]),
        history=_finite(history),
        splits={} if diverged else {n: _evaluate(plain, s) for n, s in splits.items()},
        parameters=model.count_params(),
        initial_sha256=initial_sha256,
        model_sha256=saved and hashlib.sha256(saved).hexdigest(),
        seconds={
            "setup": round(begun - started, 3),
            "training": round(trained - begun, 3),
        },
        provenance=provenance(digits),
    )
    return record, saved


def weights_sha256(model):
    """Hex digest of a model's weights, in order, as float32."""
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight, np.float32).tobytes())
    return digest.hexdigest()


def output_units(labels, num_classes):
    """Indices of the output units of true digits, (num_examples,)."""
    if num_classes == len(DIGITS):
        return np.searchsorted(DIGITS, labels)
    return labels.astype(np.int64)


def make_model(cell, protocol, examples):
    """Build, compile and fill the model that trains the cell."""
    method = METHODS[cell.method]
    keras.utils.set_random_seed(cell.seed)
    model_class = FullBatchSequential if method.full_batch else OnlineSequential
    model = _build(cell, protocol, model_class)
    optimizer = OPTIMIZERS[method.optimizer](**protocol.hyperparameters(cell.method))
    # Full batches are matrix products, which are faster outside XLA.
    model.compile(optimizer, LOSS, jit_compile=not method.full_batch)
    model.hold(examples.images, output_units(examples.labels, protocol.num_classes))
    return model


def _build(cell, protocol, model_class):
    return build_model(
        cell.architecture,
        protocol.num_classes,
        protocol.kernel_initializer,
        protocol.output_initializer,
        seed=cell.seed,
        model_class=model_class,
    )


def _inference_model(model, cell, protocol):
    """The same network as a plain Sequential, which loads without this project."""
    plain = _build(cell, protocol, keras.Sequential)
    plain.set_weights(model.get_weights())
    return plain


def orders(cell, num_examples):
    """Endless orders of the examples, one an epoch; the seed alone decides them."""

    def generate():
        epoch = 0
        while True:
            order = np.random.default_rng((cell.seed, epoch)).permutation(num_examples)
            yield order.astype(np.int32)[:, None]
            epoch += 1

    signature = tf.TensorSpec((num_examples, 1), tf.int32)
    options = tf.data.Options()
    # The autotuner sleeps for up to a minute, and the end of `fit` waits for it.
    options.autotune.enabled = False
    orders = tf.data.Dataset.from_generator(generate, output_signature=signature)
    return orders.with_options(options)


def _evaluate(model, split):
    """Loss, accuracy and confusion counts (rows true, columns predicted digits)."""
    images = split.images.astype(np.float32)
    outputs = model.predict(images, batch_size=1024, verbose=0)
    units = output_units(split.labels, outputs.shape[1])
    loss = model.evaluate(images, units, batch_size=1024, verbose=0)
    predicted = outputs.argmax(axis=1)
    if outputs.shape[1] == len(DIGITS):
        predicted = np.array(DIGITS)[predicted]
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (split.labels, predicted), 1)
    return {
        "loss": rounded(loss),
        "accuracy": int(np.trace(confusion)) / len(split.labels),
        "confusion": confusion.tolist(),
    }


def _finite(history):
    """The history as lists of numbers, ending before the first that is not finite."""
    losses = history["loss"]
    end = next((i for i, x in enumerate(losses) if not np.isfinite(x)), len(losses))
    return {
        name: [rounded(number) for number in history[name][:end]]
        for name in ("loss", "accuracy")
    }


class _Progress(keras.callbacks.Callback):
    """Tells somebody of each epoch."""

    def __init__(self, on_epoch):
        super().__init__()
        self._on_epoch = on_epoch

    def on_epoch_end(self, epoch, logs=None):
        self._on_epoch(epoch + 1, logs["loss"])
