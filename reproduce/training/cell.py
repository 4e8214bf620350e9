"""One cell, from its protocol to its record and its trained model."""

import hashlib
import io
import json
import math
import re
import tempfile
import time
import zipfile
from dataclasses import asdict
from functools import partial
from itertools import count
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from callbacks import ConvergenceThreshold
from models import FullBatchSequential, OnlineSequential, build_model
from reproduce.data import load_digits, load_user_data
from reproduce.errors import MethodError
from reproduce.experiment.record import (
    SPLITS,
    Record,
    are_seconds,
    epochs_of,
    rounded,
)

from .checkpoints import Checkpoint, restore, state_of
from .evaluation import EpochEvaluation, Trace, evaluate, output_units
from .optimizer import knows_idle_rows, make_optimizer, mistake
from .provenance import code_sha256, provenance

NO_DATE = "1980-01-01@00:00:00"
LOSS = "sparse_categorical_crossentropy"
TOLD_BETTER = ("commit", "lock_sha256")  # by the code and the versions that train
NO_CHANGE = (
    "changes no weight: its steps are zero, or lost. Write them with "
    "self.assign_sub(variable, step); what `update_step` returns is not used"
)


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

    Raises:
        MethodError: the optimizer cannot be made, or has changed no weight.
    """
    stopwatch = Stopwatch()
    sha256 = protocol.data_sha256
    digits = load_user_data(data, sha256) if sha256 else load_digits(cell.seed)
    source = provenance(digits)
    splits = {name: getattr(digits, name).head(protocol.subset) for name in SPLITS}
    model = make_model(cell, protocol, splits["train"])
    initial_sha256 = weights_sha256(model)
    state = RunState(_identity(cell, protocol, source), model, stopwatch)
    ending, trace = _fit(state, cell, protocol, splits, on_epoch, checkpoints)
    if weights_sha256(model) == initial_sha256:
        raise mistake(cell.method, NO_CHANGE)
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
        **{name: value for name, value in source.items() if name not in TOLD_BETTER},
    }


def _fit(state, cell, protocol, splits, on_epoch, checkpoints):
    """Train the model until a callback or the last epoch ends it.

    Returns:
        how it ended, and the trace.
    """
    train, validation = splits["train"], splits["validation"]
    if protocol.trace_updates:
        checkpoints = None  # of minutes at most, and the trace is not in them
    begun = checkpoints and checkpoints.load(partial(state.fits, protocol))
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
    fit_in_order(
        *(state.model, cell, len(train.labels), protocol.max_epochs, callbacks),
        first_epoch=state.epoch,
    )
    state.stopwatch.end()
    return criterion.ending, trace.errors if trace else {}


def _trace(cell, protocol, train):
    if not protocol.trace_updates:
        return None
    if protocol.full_batch(cell.method):
        raise MethodError(
            "a trace is of updates from single examples: leave batch GD, or "
            "--trace-updates, out"
        )
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


def order(cell, num_examples, epoch):
    """The order of one epoch (from 0), int32, (num_examples,).

    Drawn from seed, architecture and epoch alone, whatever the method.
    """
    rng = np.random.default_rng((cell.seed, cell.architecture, epoch))
    return rng.permutation(num_examples).astype(np.int32)


def fit_in_order(model, cell, num_examples, epochs, callbacks=(), first_epoch=0):
    """Train a model that holds its examples, an order of them an epoch.

    Args:
        model: of `make_model`.
        cell: which decides the orders.
        num_examples: that it holds.
        epochs: the last one, counted from 1.
        callbacks: Keras's.
        first_epoch: to begin with, counted from 0.
    """
    model.fit(
        orders(cell, num_examples, first_epoch),
        steps_per_epoch=1,
        initial_epoch=first_epoch,
        epochs=epochs,
        callbacks=[*callbacks],
        shuffle=False,
        verbose=0,
    )


def orders(cell, num_examples, first_epoch=0):
    """Endless orders of the examples, one an epoch, from any epoch on."""

    def generate():
        for epoch in count(first_epoch):
            yield order(cell, num_examples, epoch)

    signature = tf.TensorSpec((num_examples,), tf.int32)
    options = tf.data.Options()
    # The autotuner sleeps for up to a minute, and the end of `fit` waits for it.
    options.autotune.enabled = False
    orders = tf.data.Dataset.from_generator(generate, output_signature=signature)
    return orders.with_options(options)


class Progress(keras.callbacks.Callback):
    """Tells somebody of each epoch: its number, from 1, and its error."""

    def __init__(self, on_epoch):
        super().__init__()
        self._on_epoch = on_epoch

    def on_epoch_end(self, epoch, logs=None):
        self._on_epoch(epoch + 1, logs["loss"])


class Stopwatch:
    """Seconds of a run: of all its parts, where it was interrupted."""

    def __init__(self):
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        self._begun = self._ended = None
        self._before = {}

    def add(self, seconds):
        """Count what the parts before this one took, as `seconds` gives it."""
        self._before = seconds

    def begin(self):
        """The training begins."""
        self._begun = time.perf_counter()

    def end(self):
        """The training has ended."""
        self._ended = time.perf_counter()

    def seconds(self):
        """`setup`, `training` and `cpu`, as a record has them."""
        passed = {
            "setup": self._begun - self._wall,
            "training": (self._ended or time.perf_counter()) - self._begun,
            "cpu": time.process_time() - self._cpu,
        }
        return {k: round(passed[k] + self._before.get(k, 0), 3) for k in passed}


class RunState:
    """Everything that training changes.

    Args:
        identity: of the run, see `Checkpoint`.
        model: compiled.
        stopwatch: the run's.

    Attributes:
        history: the `keras.callbacks.History` to train with.
        epoch: epochs trained before this part of the run.
    """

    def __init__(self, identity, model, stopwatch):
        self.identity, self.model, self.stopwatch = identity, model, stopwatch
        self.history = keras.callbacks.History()
        self.epoch = 0

    def checkpoint(self, epoch):
        """The state after `epoch` epochs."""
        return Checkpoint(
            self.identity,
            epoch,
            self.history.history,
            self.stopwatch.seconds(),
            [variable.numpy() for variable in state_of(self.model)],
        )

    def fits(self, protocol, checkpoint):
        """Whether it is a checkpoint of this run, from which it can go on.

        Raises:
            Exception: it cannot.
        """
        if checkpoint.identity != self.identity:
            return False
        epoch, history = checkpoint.epoch, checkpoint.history
        quantities = {"loss", "accuracy", "validation_loss", "validation_accuracy"}
        if protocol.evaluate_epochs:
            quantities.add("evaluated_loss")
        ours = [variable.numpy() for variable in state_of(self.model)]
        return (
            type(epoch) is int
            and 0 < epoch < protocol.max_epochs
            and set(history) == quantities
            and epochs_of(_finite(history)) == epoch
            and all(map(math.isfinite, history[protocol.monitor]))
            and are_seconds(checkpoint.seconds)
            and _kinds(checkpoint.arrays) == _kinds(ours)
            and all(np.isfinite(array).all() for array in checkpoint.arrays)
        )

    def restore(self, checkpoint):
        """Bring a newly made model to where a checkpoint that fits was taken."""
        restore(self.model, checkpoint.arrays)
        self.history.history, self.epoch = checkpoint.history, checkpoint.epoch
        self.stopwatch.add(checkpoint.seconds)


def _kinds(arrays):
    return [(array.shape, array.dtype) for array in arrays]


class CheckpointWriter(keras.callbacks.Callback):
    """Writes a checkpoint after an epoch, once the last one is old enough.

    Comes last of the callbacks: an epoch that ends training needs none.

    Args:
        checkpoints: the `Checkpoints` of the run.
        state: its `RunState`.
    """

    def __init__(self, checkpoints, state):
        super().__init__()
        self._checkpoints, self._state = checkpoints, state

    def on_train_begin(self, logs=None):
        self._last = time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        young = time.monotonic() - self._last < self._checkpoints.every
        ended = self.model.stop_training or epoch + 1 == self.params["epochs"]
        if young or ended:
            return
        self._checkpoints.write(self._state.checkpoint(epoch + 1))
        self._last = time.monotonic()


def archive_bytes(model):
    """The model as the bytes of a `.keras` archive without dates and addresses.

    Keras writes the time into the archive, and memory addresses to tell shared
    objects apart; without them the checksum tells whether two models are the same.

    Raises:
        OSError: no room in the folder for temporary files, which it names.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        try:
            model.save(path)
        except OSError as error:
            if error.errno:  # of a full disk, which does not say where
                error.filename = folder
            raise
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in sorted(archive.namelist())}
    metadata = json.loads(members["metadata.json"])
    metadata["date_saved"] = NO_DATE
    members["metadata.json"] = json.dumps(metadata, sort_keys=True).encode()
    members["config.json"] = _renumbered(members["config.json"].decode()).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, member in members.items():
            archive.writestr(zipfile.ZipInfo(name), member)
    return content.getvalue()


def _renumbered(config):
    """The configuration with its shared objects numbered in order of appearance."""
    numbers = {}

    def number(match):
        return f'"shared_object_id": {numbers.setdefault(match[1], len(numbers))}'

    return re.sub(r'"shared_object_id": (\d+)', number, config)
