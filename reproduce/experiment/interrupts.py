"""Ctrl-C: once to stop when what runs is done, twice to stop now."""

import signal
import threading
from contextlib import contextmanager


@contextmanager
def ctrl_c():
    """Give an event that the first Ctrl-C sets; the second raises.

    Outside the main thread signals go elsewhere, and the event is never set.

    Raises:
        KeyboardInterrupt: at the second one.
    """
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return

    def handle(*_):
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    before = signal.signal(signal.SIGINT, handle)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
