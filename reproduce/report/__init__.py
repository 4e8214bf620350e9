"""Records and the report's numbers in, tables, figures and REPORT.md out."""

from .build import build

__all__ = ["build"]
