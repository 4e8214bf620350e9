"""The hand-written C loop that the engine is held against, where a compiler is."""

import ctypes
import platform
import shutil
import subprocess
import tempfile
import time
from ctypes import POINTER, Structure, byref, c_float, c_int
from functools import cache
from pathlib import Path

import numpy as np

from reproduce.data import load_digits
from reproduce.experiment.protocol import Protocol
from reproduce.original import kernel_shapes

from .side import serve

SOURCE = Path(__file__).with_suffix(".c")
COMPILERS = ("cc", "gcc", "clang")
# What helps it most: sums in any order, so that they run on whole vectors, and those
# as wide as the engine's.
FLAGS = ("-O3", "-march=native", "-ffast-math", "-funroll-loops", "-shared", "-fPIC")
if platform.machine() in ("x86_64", "AMD64"):
    FLAGS += ("-mprefer-vector-width=512",)
UPDATES = 3000
RULES = ("sgd", "momentum", "nag", "adagrad", "rmsprop", "adam")  # as in the source


class _Rule(Structure):
    settings = ("learning_rate", "momentum", "rho", "beta_1", "beta_2", "epsilon")
    tables = ("lag", "left", "other_left", "mean")
    _fields_ = [
        ("rule", c_int),
        *((name, c_float) for name in (*settings, "rate", "scale")),
        *((name, POINTER(c_float)) for name in tables),
    ]


def compiler():
    """Path of the C compiler, or None."""
    return next(filter(None, map(shutil.which, COMPILERS)), None)


@cache
def library():
    """The compiled loop.

    Raises:
        subprocess.CalledProcessError: the compiler refuses it.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "c_side.so")
        command = [compiler(), *FLAGS, "-o", target, SOURCE, "-lm"]
        subprocess.run(command, check=True, capture_output=True)
        return ctypes.CDLL(str(target))


class Network:
    """A network, its training examples and a rule, in arrays that C updates.

    Args:
        method: one of `RULES`.
        hyperparameters: as `Protocol.hyperparameters` gives them.
        weights: kernel and bias of each layer in turn.
        images: uint8, (num_images, 28, 28).
        labels: integers, (num_images,), indices of output units.

    Attributes:
        weights: kernel and bias of each layer in turn, float32, as trained.
        updates: so far.
    """

    def __init__(self, method, hyperparameters, weights, images, labels):
        self.weights = [np.array(weight, np.float32, order="C") for weight in weights]
        first = hyperparameters.get("initial_accumulator_value", 0.0)
        self._states = [np.full_like(weight, first) for weight in self.weights]
        self._others = [np.zeros_like(weight) for weight in self.weights]
        flat = images.reshape(len(images), -1)
        counts = np.count_nonzero(flat, axis=1)
        places = np.argsort(flat == 0, axis=1, kind="stable")[:, : counts.max()]
        self._places, self._counts = places.astype(np.int32), counts.astype(np.int32)
        self._values = np.take_along_axis(flat, places, 1) / np.float32(255)
        self._labels = np.ascontiguousarray(labels, np.int32)
        kernels = self.weights[::2]
        widths = [*(len(kernel) for kernel in kernels), kernels[-1].shape[1]]
        self._widths = np.array(widths, np.int32)
        self._method, self._hyperparameters = method, hyperparameters
        self.updates = 0

    def train(self, order):
        """Update from one image after another, as an engine's epoch does.

        Args:
            order: integers, (num_updates,), indices of images.
        """
        values = self._hyperparameters
        order = np.ascontiguousarray(order, np.int32)
        steps = np.arange(self.updates + len(order) + 1.0)
        missed = {
            key: table.astype(np.float32)
            for key, table in _missed(self._method, values, steps).items()
        }
        rule = _Rule(
            RULES.index(self._method),
            **{key: values[key] for key in _Rule.settings if key in values},
            **{key: _pointer(table) for key, table in missed.items()},
        )
        self._look_ahead(1)
        library().train(
            byref(rule),
            len(self.weights) // 2,
            self._widths.ctypes,
            *map(_pointers, (self.weights, self._states, self._others)),
            self._places.ctypes,
            self._values.ctypes,
            self._counts.ctypes,
            self._places.shape[1],
            self._labels.ctypes,
            order.ctypes,
            len(order),
            self.updates,
        )
        self.updates += len(order)
        self._look_ahead(-1)

    def _look_ahead(self, sign):
        """NAG: from its weights to the point ahead, which C updates, or back."""
        if self._method == "nag":
            for weight, delta in zip(self.weights, self._states, strict=True):
                weight += np.float32(sign * self._hyperparameters["momentum"]) * delta


def _missed(method, hyperparameters, steps):
    """What k = `steps` updates without gradient do, by `idle_steps`: tables for C."""
    alpha = hyperparameters.get("momentum", 0.0)
    if method != "adam":
        left = (hyperparameters.get("rho") or alpha or 1.0) ** steps
        lag = alpha * (1 - left) / (1 - alpha) * (alpha if method == "nag" else 1.0)
        return {"lag": lag, "left": left}
    beta_1, beta_2 = hyperparameters["beta_1"], hyperparameters["beta_2"]
    shares = beta_1 ** steps[1:]
    lag = np.cumsum(shares)
    mean = np.cumsum(shares * beta_2 ** -steps[1:]) / lag
    return {
        "lag": np.append(0.0, lag),  # of no update
        "left": beta_1**steps,
        "other_left": beta_2**steps,
        "mean": np.append(1.0, mean),
    }


def _pointer(array):
    return array.ctypes.data_as(POINTER(c_float))


def _pointers(arrays):
    return (POINTER(c_float) * len(arrays))(*map(_pointer, arrays))


def prepare(cell):
    """Seconds of an update."""
    train, rng = load_digits().train, np.random.default_rng(0)
    weights = [
        array
        for inputs, units in kernel_shapes(cell.architecture)
        for array in (rng.normal(size=(inputs, units)), np.zeros(units))
    ]
    hyperparameters = Protocol().hyperparameters(cell.method)
    network = Network(cell.method, hyperparameters, weights, train.images, train.labels)

    def measure():
        order = rng.permutation(len(train.labels))[:UPDATES]
        begun = time.perf_counter()
        network.train(order)
        return {"c": (time.perf_counter() - begun) / UPDATES}

    return measure


if __name__ == "__main__":
    serve(prepare)
