"""Shared by all tests: one thread, quiet TensorFlow, the engine's own XLA flags."""

import os

from reproduce.experiment.children import ONE_THREAD, XLA_FLAGS

os.environ.update({**ONE_THREAD, "XLA_FLAGS": XLA_FLAGS})
