"""REPORT.md taken apart by its headings, so that the page says the same words."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Chapter:
    """One heading and what is below it.

    Attributes:
        title: of the heading.
        head: Markdown up to the first heading a level down.
        parts: the chapters a level down.
    """

    title: str
    head: str
    parts: tuple

    @property
    def anchor(self):
        """What a link to it is called."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")

    @property
    def body(self):
        """All of it but its heading."""
        return "\n\n".join(
            [self.head, *(f"### {part.title}\n\n{part.body}" for part in self.parts)]
        )


def read(source, level=1):
    """The chapter that a Markdown text with one heading of `level` is."""
    heading, _, rest = source.strip().partition("\n")
    mark = f"\n{'#' * (level + 1)} "
    head, *parts = f"\n{rest}".split(mark)
    return Chapter(
        heading.lstrip("# "),
        head.strip(),
        tuple(read(f"{mark}{part}", level + 1) for part in parts),
    )
