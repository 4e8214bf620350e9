"""Stop when the error no longer falls by more than a threshold (original, 1.4)."""

import keras

from reproduce.experiment.stopping import StoppingRule


class ConvergenceThreshold(keras.callbacks.Callback):
    """End training when the error of successive epochs has come close enough.

    With `mode="decrease"` it ends training at the same epoch as Keras's own
    `EarlyStopping(monitor, min_delta=threshold, patience=patience)`, and says how:
    after `fit`, `ending` is `threshold`, `rose`, `epoch_limit` or `diverged`
    (`reproduce.experiment.stopping.ENDINGS`), and `stopped_epoch` the epoch (from 1)
    at which the criterion held, or None.

    Args:
        threshold: at least 0 and finite, in units of the monitored value.
            Defaults to 1e-4.
        mode: `decrease`, or `absolute` for the difference without its sign.
            Defaults to `decrease`.
        patience: epochs in a row that must meet the criterion; 0 counts as 1, as in
            Keras. Defaults to 0.
        monitor: key in the epoch's logs. Defaults to `loss`, which Keras
            averages over the epoch while the weights move.
        past: monitored values of the epochs before the first, where training goes
            on from a checkpoint. Defaults to none.

    Raises:
        ValueError: a bad argument; in training: `monitor` is not in the logs.
    """

    def __init__(
        self, threshold=1e-4, mode="decrease", patience=0, monitor="loss", past=()
    ):
        super().__init__()
        self._rule_arguments = threshold, mode, patience
        self.monitor = monitor
        self._past = tuple(past)
        self._restart()

    def on_train_begin(self, logs=None):
        self._restart()  # one instance may serve several fits

    def on_epoch_end(self, epoch, logs=None):
        current = (logs or {}).get(self.monitor)
        if current is None:
            raise ValueError(
                f"`monitor` {self.monitor!r} is not among the epoch's logs: "
                f"{', '.join(sorted(logs or {}))}"
            )
        ending = self._rule(current)
        if ending:
            self.ending = ending
            self.stopped_epoch = None if ending == "diverged" else epoch + 1
            self.model.stop_training = True

    def _restart(self):
        self._rule = StoppingRule(*self._rule_arguments)
        for value in self._past:
            self._rule(value)
        self.stopped_epoch = None
        self.ending = "epoch_limit"
