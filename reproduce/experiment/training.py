"""One cell, from its protocol to its record and its trained model."""

import hashlib
from dataclasses import asdict

import keras
import numpy as np

from callbacks import ConvergenceThreshold
from models import FullBatchSequential, OnlineSequential, build_model
from reproduce.data import load_digits, load_other

from .evaluation import EpochEvaluation, Progress, evaluate, output_units
from .fingerprint import code_sha256
from .methods import METHODS
from .optimizer import knows_idle_rows, make_optimizer
from .orders import orders
from .provenance import provenance
from .records import SPLITS, Record, rounded
from .resuming import CheckpointWriter, RunState, Stopwatch
from .saving import archive_bytes

LOSS = "sparse_categorical_crossentropy"


def train(cell, protocol, on_epoch=None, checkpoints=None, data=None):
    """Train one cell to its end, from its latest checkpoint if there is one.

    Args:
        cell: what to train, with which seed.
        protocol: the settings.
        on_epoch: called after each epoch with its number (from 1) and its error.
        checkpoints: the cell's `Checkpoints`; None: none are read or written.
        data: where other data is stored, if the protocol is of other data.

    Returns:
        The record, and the trained model as the bytes of a `.keras` file (None
        when the run diverged): the same, `seconds` aside, however often the run
        was interrupted.
    """
    stopwatch = Stopwatch()
    other = protocol.data_sha256
    digits = load_other(data, other) if other else load_digits()
    source = provenance(digits)
    splits = {name: getattr(digits, name).head(protocol.subset) for name in SPLITS}
    model = make_model(cell, protocol, splits["train"])
    initial_sha256 = weights_sha256(model)
    state = RunState(_identity(cell, protocol, source), model, stopwatch)
    status = _fit(state, cell, protocol, splits, on_epoch, checkpoints)
    history, diverged = state.history.history, status == "diverged"
    plain = _inference_model(model, cell, protocol)
    saved = None if diverged else archive_bytes(plain)
    plain.compile(loss=LOSS)
    splits = {} if diverged else {n: evaluate(plain, s) for n, s in splits.items()}
    record = Record(
        cell=cell,
        protocol=protocol,
        status=status,
        epochs=len(history["loss"]),
        history=_finite(history),
        splits=splits,
        parameters=model.count_params(),
        initial_sha256=initial_sha256,
        model_sha256=saved and hashlib.sha256(saved).hexdigest(),
        seconds=stopwatch.seconds(),
        provenance=source,
    )
    return record, saved


def _identity(cell, protocol, source):
    """What a checkpoint must agree in to be gone on from."""
    return {
        "cell": asdict(cell),
        "protocol": protocol.to_dict(),
        "code": code_sha256(),
        **{name: value for name, value in source.items() if name != "commit"},
    }


def _fit(state, cell, protocol, splits, on_epoch, checkpoints):
    """Train the model until a callback or the last epoch ends it; return why."""
    begun = checkpoints and checkpoints.load(state.identity)
    if begun:
        state.restore(begun)
    criterion = ConvergenceThreshold(
        protocol.threshold,
        protocol.mode,
        protocol.monitor,
        previous=begun and begun.history[protocol.monitor][-1],
    )
    callbacks = [state.history, criterion]
    if protocol.evaluate_epochs:
        callbacks.insert(0, EpochEvaluation(splits, protocol.num_classes))
    if on_epoch:
        callbacks.append(Progress(on_epoch))
    if checkpoints:
        callbacks.append(CheckpointWriter(checkpoints, state))
    state.stopwatch.begin()
    state.model.fit(
        orders(cell, len(splits["train"].labels), state.epoch),
        steps_per_epoch=1,
        initial_epoch=state.epoch,
        epochs=protocol.max_epochs,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
    state.stopwatch.end()
    return criterion.status


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
    optimizer = make_optimizer(cell.method, protocol)
    units = output_units(examples.labels, protocol.num_classes)
    if full_batch:  # matrix products, which are faster outside XLA
        model.compile(optimizer, LOSS)
        model.hold(examples.images, units)
    else:
        model.compile(optimizer, LOSS, jit_compile=True)
        use_rows = knows_idle_rows(optimizer)
        model.hold(examples.images, units, protocol.batch_size or 1, use_rows)
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


def _finite(history):
    """The history as lists of numbers, ending before the first that is not finite."""
    losses = history["loss"]
    end = next((i for i, x in enumerate(losses) if not np.isfinite(x)), len(losses))
    return {name: [rounded(x) for x in history[name][:end]] for name in history}
