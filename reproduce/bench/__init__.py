"""How fast the engine is: beside stock `fit`, JAX, PyTorch and the machine itself."""

from .run import PARTS, bench

__all__ = ["PARTS", "bench"]
