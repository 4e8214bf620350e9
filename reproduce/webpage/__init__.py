"""report.html: the report as one page to look at, with a digit to draw.

Everything is in the one file; it loads nothing and says the same as REPORT.md,
from the same records. Above `reproduce.report`, whose findings it shows.
"""
