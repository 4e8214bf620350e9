"""End a child process that has stopped making progress."""

import threading
import time

from .costs import epoch_seconds

LEAST_SECONDS = 600.0  # importing, compiling and evaluating, on a busy machine
TIMES_EXPECTED = 50


def silence_limit(cell, protocol):
    """Seconds without an event after which a cell's process is taken for hung.

    Epochs are what it tells of, so 50 times the longest that one should take.
    """
    return max(LEAST_SECONDS, TIMES_EXPECTED * epoch_seconds(cell, protocol))


class Watchdog:
    """Calls `bite` once, from a thread of its own, after too long a silence.

    Used in a `with` block, inside which it watches.

    Args:
        limit: seconds from one `pat` to the next, at most.
        bite: what ends the silence.

    Attributes:
        bitten: whether it did.
    """

    def __init__(self, limit, bite):
        self.limit, self._bite = limit, bite
        self.bitten = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        self.pat()
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._over.set()
        self._thread.join()

    def pat(self):
        """There was progress."""
        self._last = time.monotonic()

    def _watch(self):
        while (left := self._last + self.limit - time.monotonic()) > 0:
            if self._over.wait(left):
                return
        self.bitten = True
        self._bite()
