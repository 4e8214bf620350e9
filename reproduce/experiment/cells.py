"""The grid: architecture x method x seed, and the order in which to run it."""

from dataclasses import dataclass

from .protocol import METHODS

ARCHITECTURES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Cell:
    """One run: what is trained (architecture 1 to 5), how (method key), which seed."""

    architecture: int
    method: str
    seed: int

    @property
    def path(self):
        """The record's place below an output folder."""
        return f"runs/arch{self.architecture}/{self.method}/seed-{self.seed}.json"

    @property
    def rank(self):
        """Sorts cells as the report's tables do, seeds last."""
        return self.architecture, list(METHODS).index(self.method), self.seed

    def __str__(self):
        return f"arch{self.architecture} {self.method} seed {self.seed}"


def grid(architectures=ARCHITECTURES, methods=tuple(METHODS), seeds=(0,)):
    """All cells of the product, in table order."""
    return [Cell(a, m, s) for s in seeds for a in architectures for m in methods]
