"""Take a run's state down in a checkpoint, and go on from one."""

import sys
import time

import keras

from .checkpoints import Checkpoint


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
        own = {
            "setup": self._begun - self._wall,
            "training": (self._ended or time.perf_counter()) - self._begun,
            "cpu": time.process_time() - self._cpu,
        }
        return {k: round(own[k] + self._before.get(k, 0), 3) for k in own}


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
            [variable.numpy() for variable in self._variables()],
        )

    def restore(self, checkpoint):
        """Bring a newly made model to where the checkpoint was taken."""
        self.model.optimizer.build(self.model.trainable_variables)
        for variable, array in zip(self._variables(), checkpoint.arrays, strict=True):
            variable.assign(array)
        self.history.history, self.epoch = checkpoint.history, checkpoint.epoch
        self.stopwatch.add(checkpoint.seconds)

    def _variables(self):
        """The orders of examples are not among them: they follow from the epoch."""
        return [*self.model.weights, *self.model.optimizer.variables]


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
        try:
            self._checkpoints.write(self._state.checkpoint(epoch + 1))
        except OSError as error:  # a disk that is full now may have room at the end
            print(f"no checkpoint: {error}", file=sys.stderr)
        self._last = time.monotonic()
