"""What a claim of the report is."""

from collections.abc import Callable
from dataclasses import dataclass

from reproduce.experiment.methods import METHODS

ALL = tuple(METHODS)
ONE_EXAMPLE = tuple(key for key in METHODS if not METHODS[key].full_batch)
ADAPTIVE = ("rmsprop", "adam")


@dataclass(frozen=True)
class Claim:
    """A sentence of the report that numbers can contradict.

    Attributes:
        section: where it stands.
        words: the report's, shortened.
        meaning: what is tested.
        judge: `Evidence` to `Finding`.
    """

    section: str
    words: str
    meaning: str
    judge: Callable
