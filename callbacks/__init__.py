"""What ends a run: the report's convergence criterion."""

from .convergence import ConvergenceThreshold

__all__ = ["ConvergenceThreshold"]
