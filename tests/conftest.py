"""Shared by all tests: one thread, quiet TensorFlow, the engine's own XLA flags."""

import os

from reproduce.experiment.environment import environment

os.environ.update(environment())
