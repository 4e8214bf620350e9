"""One cell, from its protocol to its record and its trained model."""

import hashlib
import time

import keras
import numpy as np
import tensorflow as tf

from callbacks import ConvergenceThreshold
from models import FullBatchSequential, OnlineSequential, build_model
from reproduce.data import load_digits
from reproduce.optimizers import OPTIMIZERS

from .evaluation import EpochEvaluation, Progress, evaluate, output_units
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
    started, cpu_started = time.perf_counter(), time.process_time()
    digits = load_digits()
    splits = {name: getattr(digits, name).head(protocol.subset) for name in SPLITS}
    model = make_model(cell, protocol, splits["train"])
    initial_sha256 = weights_sha256(model)
    criterion = ConvergenceThreshold(
        protocol.threshold, protocol.mode, protocol.monitor
    )
    callbacks = [criterion, Progress(on_epoch)] if on_epoch else [criterion]
    if protocol.evaluate_epochs:
        callbacks.insert(0, EpochEvaluation(splits, protocol.num_classes))
    begun = time.perf_counter()
    history = model.fit(
        orders(cell, len(splits["train"].labels)),
        steps_per_epoch=1,
        epochs=protocol.max_epochs,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    ).history
    trained = time.perf_counter()
    diverged = criterion.status == "diverged"
    plain = _inference_model(model, cell, protocol)
    saved = None if diverged else archive_bytes(plain)
    plain.compile(loss=LOSS)
    splits = {} if diverged else {n: evaluate(plain, s) for n, s in splits.items()}
    record = Record(
        cell=cell,
        protocol=protocol,
        status=criterion.status,
        epochs=len(history["loss"]),
        history=_finite(history),
        splits=splits,
        parameters=model.count_params(),
        initial_sha256=initial_sha256,
        model_sha256=saved and hashlib.sha256(saved).hexdigest(),
        seconds={
            "setup": round(begun - started, 3),
            "training": round(trained - begun, 3),
            "cpu": round(time.process_time() - cpu_started, 3),
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


def make_model(cell, protocol, examples):
    """Build, compile and fill the model that trains the cell."""
    method = METHODS[cell.method]
    keras.utils.set_random_seed(cell.seed)
    full_batch = method.full_batch and protocol.batch_size is None
    model_class = FullBatchSequential if full_batch else OnlineSequential
    model = _build(cell, protocol, model_class)
    optimizer = OPTIMIZERS[method.optimizer](**protocol.hyperparameters(cell.method))
    units = output_units(examples.labels, protocol.num_classes)
    if full_batch:  # matrix products, which are faster outside XLA
        model.compile(optimizer, LOSS)
        model.hold(examples.images, units)
    else:
        model.compile(optimizer, LOSS, jit_compile=True)
        model.hold(examples.images, units, protocol.batch_size or 1)
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
    """Endless orders of the examples, one an epoch, whatever the method."""

    def generate():
        epoch = 0
        while True:
            rng = np.random.default_rng((cell.seed, cell.architecture, epoch))
            yield rng.permutation(num_examples).astype(np.int32)
            epoch += 1

    signature = tf.TensorSpec((num_examples,), tf.int32)
    options = tf.data.Options()
    # The autotuner sleeps for up to a minute, and the end of `fit` waits for it.
    options.autotune.enabled = False
    orders = tf.data.Dataset.from_generator(generate, output_signature=signature)
    return orders.with_options(options)


def _finite(history):
    """The history as lists of numbers, ending before the first that is not finite."""
    losses = history["loss"]
    end = next((i for i, x in enumerate(losses) if not np.isfinite(x)), len(losses))
    return {name: [rounded(x) for x in history[name][:end]] for name in history}
