"""The grid: architecture x method x seed."""

from dataclasses import dataclass

from .methods import METHODS, rank, slug

ARCHITECTURES = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Cell:
    """One run: what is trained, how, with which seed.

    Attributes:
        architecture: 1 to 5.
        method: key, as `methods` has it.
        seed: of initial weights and orders.

    Raises:
        ValueError: the method is no such key.
    """

    architecture: int
    method: str
    seed: int

    def __post_init__(self):
        try:
            slug(self.method)
        except KeyError:
            raise ValueError(f"unknown method {self.method!r}") from None

    @property
    def path(self):
        """The record's place below an output folder."""
        return f"runs/arch{self.architecture}/{slug(self.method)}/seed-{self.seed}.json"

    @property
    def rank(self):
        """Sorts cells as the report's tables do, seeds last."""
        return self.architecture, rank(self.method), self.seed

    def __str__(self):
        return f"arch{self.architecture} {slug(self.method)} seed {self.seed}"


def grid(architectures=ARCHITECTURES, methods=tuple(METHODS), seeds=(0,)):
    """All cells of the product, each once, one seed after another."""
    product = (Cell(a, m, s) for s in seeds for a in architectures for m in methods)
    return list(dict.fromkeys(product))
