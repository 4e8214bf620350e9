"""The original's five fully connected networks, and the models that train them."""

from .architectures import ARCHITECTURES, INITIALIZERS, build_model
from .full_batch import FullBatchSequential
from .online import OnlineSequential

__all__ = [
    "ARCHITECTURES",
    "INITIALIZERS",
    "FullBatchSequential",
    "OnlineSequential",
    "build_model",
]
