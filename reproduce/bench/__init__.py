"""How fast the engine is: beside stock `fit`, JAX, PyTorch and the machine itself."""

from .run import bench

__all__ = ["bench"]
