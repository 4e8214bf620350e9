"""One cell, from its protocol to its record and its trained model."""

import hashlib
from dataclasses import asdict
from functools import partial

import keras
import numpy as np

from callbacks import ConvergenceThreshold
from models import FullBatchSequential, OnlineSequential, build_model
from reproduce.data import load_digits, load_other

from .evaluation import EpochEvaluation, Progress, evaluate, output_units
from .fingerprint import code_sha256
from .optimizer import knows_idle_rows, make_optimizer
from .orders import order, orders
from .provenance import provenance
from .records import SPLITS, Record, rounded
from .resuming import CheckpointWriter, RunState, Stopwatch
from .saving import archive_bytes
from .trace import Trace

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
    digits = load_other(data, other) if other else load_digits(cell.seed)
    source = provenance(digits)
    splits = {name: getattr(digits, name).head(protocol.subset) for name in SPLITS}
    model = make_model(cell, protocol, splits["train"])
    initial_sha256 = weights_sha256(model)
    state = RunState(_identity(cell, protocol, source), model, stopwatch)
    ending, trace = _fit(state, cell, protocol, splits, on_epoch, checkpoints)
    history = state.history.history
    plain = _inference_model(model, cell, protocol, splits["train"])
    if ending == "diverged":
        saved, scores = None, {}
    else:
        saved = archive_bytes(plain)
        plain.compile(loss=LOSS)
        if digits.unused and protocol.subset is None:
            splits["unused"] = digits.unused
        scores = {name: evaluate(plain, split) for name, split in splits.items()}
    record = Record(
        cell=cell,
        protocol=protocol,
        ending=ending,
        epochs=len(history["loss"]),
        history=_finite(history),
        splits=scores,
        trace={str(epoch): errors for epoch, errors in trace.items()},
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
    """Train the model until a callback or the last epoch ends it.

    Returns:
        how it ended, and the trace.
    """
    train, validation = splits["train"], splits["validation"]
    if protocol.trace_updates:
        checkpoints = None  # of minutes at most, and the trace is not in them
    begun = checkpoints and checkpoints.load(state.identity)
    if begun:
        state.restore(begun)
    criterion = ConvergenceThreshold(
        protocol.threshold,
        protocol.mode,
        protocol.patience,
        protocol.monitor,
        past=begun.history[protocol.monitor] if begun else (),
    )
    callbacks = [
        EpochEvaluation(
            validation,
            protocol.num_classes,
            "validation_loss",
            "validation_accuracy",
            protocol.validation_interval(cell.method),
        ),
        state.history,
        criterion,
    ]
    if protocol.evaluate_epochs:
        callbacks.insert(
            0, EpochEvaluation(train, protocol.num_classes, "evaluated_loss")
        )
    if on_epoch:
        callbacks.append(Progress(on_epoch))
    if checkpoints:
        callbacks.append(CheckpointWriter(checkpoints, state))
    trace = _trace(cell, protocol, train)
    if trace:
        callbacks.append(trace)
    state.stopwatch.begin()
    state.model.fit(
        orders(cell, len(train.labels), state.epoch),
        steps_per_epoch=1,
        initial_epoch=state.epoch,
        epochs=protocol.max_epochs,
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    )
    state.stopwatch.end()
    return criterion.ending, trace.errors if trace else {}


def _trace(cell, protocol, train):
    if not protocol.trace_updates:
        return None
    if protocol.full_batch(cell.method):
        raise ValueError("a trace is of updates from single examples")
    return Trace(
        protocol.trace_updates,
        partial(order, cell, len(train.labels)),
        train,
        protocol.num_classes,
    )


def weights_sha256(model):
    """Hex digest of a model's weights, in order, as float32."""
    digest = hashlib.sha256()
    for weight in model.get_weights():
        digest.update(np.ascontiguousarray(weight, np.float32).tobytes())
    return digest.hexdigest()


def make_model(cell, protocol, examples):
    """Build, compile and fill the model that trains the cell."""
    keras.utils.set_random_seed(cell.seed)
    full_batch = protocol.full_batch(cell.method)
    model_class = FullBatchSequential if full_batch else OnlineSequential
    model = _build(cell, protocol, model_class, examples)
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


def _build(cell, protocol, model_class, examples):
    per_pixel = protocol.scaling == "per_pixel"
    images = examples.images
    return build_model(
        cell.architecture,
        protocol.num_classes,
        protocol.kernel_initializer,
        protocol.output_initializer,
        seed=cell.seed,
        pixel_range=(images.min(axis=0), images.max(axis=0)) if per_pixel else None,
        model_class=model_class,
    )


def _inference_model(model, cell, protocol, examples):
    """The same network as a plain Sequential, which loads without this project."""
    plain = _build(cell, protocol, keras.Sequential, examples)
    plain.set_weights(model.get_weights())
    return plain


def _finite(history):
    """The history as lists of numbers, ending before the first error that is not one.

    What was not evaluated is None; so is a validation loss that is not finite.
    """
    losses = history["loss"]
    end = next((i for i, x in enumerate(losses) if not np.isfinite(x)), len(losses))
    return {
        name: [None if x is None else rounded(x) for x in history[name][:end]]
        for name in history
    }
