"""Stop when successive epochs differ by at most a threshold (report, 1.4)."""

import math

import keras

MODES = ("decrease", "absolute")


class ConvergenceThreshold(keras.callbacks.Callback):
    """End training when the error of successive epochs has come close enough.

    "Convergence criterion for all models is the difference between successive
    epochs is less than or equal to 10^-4" (1.4). Read with a sign, the default,
    a rise of the error ends training too; that reading explains the report's
    epochs for RMSProp and Adam.

        decrease: previous - current <= threshold
        absolute: |previous - current| <= threshold

    After `fit`, `stopped_epoch` is the epoch (from 1) at which the criterion
    held, or None, and `status` is `converged`, `epoch_limit` (it never held) or
    `diverged` (the monitored value was not finite, which ends training).

    Args:
        threshold: at least 0 and finite, in units of the monitored value.
            Defaults to 1e-4.
        mode: `decrease` or `absolute`. Defaults to `decrease`.
        monitor: key in the epoch's logs. Defaults to `loss`, which Keras
            averages over the epoch while the weights move.
        previous: the monitored value of the epoch before the first, where training
            goes on from one. Defaults to None.

    Raises:
        ValueError: a bad argument; in training: `monitor` is not in the logs.
    """

    def __init__(self, threshold=1e-4, mode="decrease", monitor="loss", previous=None):
        super().__init__()
        if isinstance(threshold, bool) or not 0 <= float(threshold) < math.inf:
            raise ValueError(
                f"`threshold` must be at least 0 and finite. Received: {threshold!r}"
            )
        if mode not in MODES:
            raise ValueError(
                f"`mode` must be one of {', '.join(MODES)}. Received: {mode!r}"
            )
        self.threshold = float(threshold)
        self.mode = mode
        self.monitor = monitor
        self._first = previous
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
        if not math.isfinite(current):
            self._stop("diverged")
        elif self._previous is not None and self._close(self._previous - current):
            self.stopped_epoch = epoch + 1
            self._stop("converged")
        self._previous = current

    def _restart(self):
        self._previous = self._first
        self.stopped_epoch = None
        self.status = "epoch_limit"

    def _close(self, decrease):
        difference = decrease if self.mode == "decrease" else abs(decrease)
        return difference <= self.threshold

    def _stop(self, status):
        self.status = status
        self.model.stop_training = True
