"""Import Keras without what TensorFlow's libraries say about missing GPUs."""

import os
import sys
from contextlib import contextmanager


def quiet_keras():
    """The `keras` module; messages of its first import are dropped."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _no_stderr():
        import keras
    return keras


@contextmanager
def _no_stderr():
    """Send what is written to file descriptor 2, from C too, nowhere."""
    sys.stderr.flush()
    stderr_copy = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(stderr_copy, 2)
        os.close(stderr_copy)
        os.close(nowhere)
