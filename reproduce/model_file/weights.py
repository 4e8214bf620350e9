"""The weights in a model's HDF5 file, read by a child process.

The HDF5 library that h5py brings along (1.14.6) copies beyond its memory when it reads
a file made for that (CVE-2025-44904), and TensorFlow forbids a newer one. So the file
is parsed in a process that has next to no rights (`hdf5.py`), and its answer is no more
than so many bytes.
"""

import json
import math
import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np

from reproduce.errors import ModelFileError

from .archive import HDF5, REMEDY

READER = Path(__file__).with_name("hdf5.py")
SECONDS = 60  # of a clock on the wall; a second is usual
MAX_LINE = 400
BYTES = 4  # of a float32
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def read_weights(content, layers):
    """The weights of a model's dense layers.

    Args:
        content: bytes of the archive's `model.weights.h5`.
        layers: of each dense layer the shapes of its weights.

    Returns:
        Of each the weights, float32 arrays of these shapes.

    Raises:
        ModelFileError: damaged, or not the plain arrays that Keras writes.
    """
    if not content.startswith(HDF5):
        raise ModelFileError(f"its weights are damaged; {REMEDY}")
    places = [
        (f"layers/dense{f'_{index}' if index else ''}/vars/{number}", shape)
        for index, shapes in enumerate(layers)
        for number, shape in enumerate(shapes)
    ]
    arrays = iter(_arrays(content, places))
    return [tuple(next(arrays) for _ in shapes) for shapes in layers]


def _arrays(content, places):
    sizes = [math.prod(shape) for _, shape in places]
    answer = _answer(content, places, MAX_LINE + BYTES * sum(sizes))
    status, _, values = answer.partition(b"\n")
    if status != b"ok" or len(values) != BYTES * sum(sizes):
        problem = status[:MAX_LINE].decode("ascii", "replace")
        problem = "could not be read" if problem in ("ok", "") else problem
        raise ModelFileError(f"its weights {problem}; {REMEDY}")
    parts = np.split(np.frombuffer(values, "<f4"), np.cumsum(sizes)[:-1])
    return [part.reshape(shape) for part, (_, shape) in zip(parts, places, strict=True)]


def _answer(content, places, size):
    """What the child says, cut where it would say more than it has to say."""
    child = subprocess.Popen(
        [sys.executable, "-P", str(READER), json.dumps(places)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **ONE_THREAD},
    )
    watch = threading.Timer(SECONDS, child.kill)
    watch.start()
    try:
        with suppress(BrokenPipeError):  # it has ended before
            with child.stdin:
                child.stdin.write(content)
        return child.stdout.read(size)
    finally:
        watch.cancel()
        child.kill()
        child.wait()
        child.stdout.close()
