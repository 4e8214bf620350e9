"""What ends a run: the original's convergence criterion."""

from .convergence import ConvergenceThreshold

__all__ = ["ConvergenceThreshold"]
