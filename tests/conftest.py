"""Shared by all tests: one thread, quiet TensorFlow, the engine's own XLA flags."""

import os

from reproduce.training.pool import environment

os.environ.update(environment())
