"""Try to lose a run: kill, corrupt, starve and crowd it, and count what is lost."""

from .run import stress

__all__ = ["stress"]
