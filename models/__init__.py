"""The report's five fully connected networks, and the model that trains them."""

from .architectures import ARCHITECTURES, build_model

__all__ = ["ARCHITECTURES", "build_model"]
