"""When a run ends: the original's convergence criterion (1.4), read in two ways.

"Convergence criterion for all models is the difference between successive epochs is
less than or equal to 10^-4". With its sign, `decrease`, that is Keras's own
`EarlyStopping(monitor="loss", min_delta=threshold, patience=patience)`, which the
original most likely used: an epoch that does not better the best error so far by more
than the threshold counts as waiting, a rise of the error included, and training ends
when `patience` epochs in a row have waited (0 and 1 are the same).
"""

import math

MODES = ("decrease", "absolute")
ENDINGS = {
    "threshold": "the decrease of the error fell to the threshold",
    "rose": "the error rose",
    "epoch_limit": "the limit of epochs was reached",
    "diverged": "the error was no longer finite",
}  # how a run ends; the first two are the criterion's


class StoppingRule:
    """The criterion, told one error an epoch.

        decrease: error + threshold >= the lowest error before
        absolute: |error - the error before| <= threshold

    Args:
        threshold: at least 0 and finite, in units of the error.
        mode: `decrease` or `absolute`.
        patience: epochs in a row that must meet it, at least 0; 0 counts as 1.

    Raises:
        ValueError: a bad argument.
    """

    def __init__(self, threshold=1e-4, mode="decrease", patience=0):
        if isinstance(threshold, bool) or not 0 <= float(threshold) < math.inf:
            raise ValueError(
                f"`threshold` must be at least 0 and finite. Received: {threshold!r}"
            )
        if mode not in MODES:
            raise ValueError(
                f"`mode` must be one of {', '.join(MODES)}. Received: {mode!r}"
            )
        if isinstance(patience, bool) or patience != int(patience) or patience < 0:
            raise ValueError(
                f"`patience` must be a whole number of at least 0. Received: "
                f"{patience!r}"
            )
        self.threshold, self.mode = float(threshold), mode
        self.patience = int(patience)
        self._reference = math.inf  # the lowest error so far, or the one before
        self._waited = 0

    def __call__(self, error):
        """Take the next epoch's error; return how it ends the run, or None.

        The answer is a key of `ENDINGS`.
        """
        if not math.isfinite(error):
            return "diverged"
        reference = self._reference
        if self.mode == "absolute":
            waits = abs(error - reference) <= self.threshold
            self._reference = error
        else:
            waits = not error + self.threshold < reference
            self._reference = reference if waits else error
        self._waited = self._waited + 1 if waits else 0
        if self._waited < max(1, self.patience):
            return None
        return "rose" if self.mode == "decrease" and error > reference else "threshold"


def find_stop(errors, threshold, mode="decrease", patience=0):
    """Where the criterion ends a run with these errors.

    Args:
        errors: one an epoch.
        threshold, mode, patience: as for `StoppingRule`.

    Returns:
        (epoch, from 1; key of `ENDINGS`), or None: not by the last of them.
    """
    rule = StoppingRule(threshold, mode, patience)
    for epoch, error in enumerate(errors, start=1):
        if ending := rule(error):
            return epoch, ending
    return None
