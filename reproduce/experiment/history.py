"""A record's history in a quarter of the memory that lists of numbers take."""

from array import array
from collections.abc import Mapping


class History(Mapping):
    """A table of numbers by epoch, to be read only.

    Each look at a quantity gives a new list, with None where it has no number.

    Args:
        table: name of a quantity to a list of numbers, of which some may be None.
    """

    def __init__(self, table):
        self._packed = {name: _packed(numbers) for name, numbers in table.items()}

    def __getitem__(self, name):
        length, places, numbers = self._packed[name]
        if len(numbers) == length:
            return [*numbers]
        unpacked = [None] * length
        for place, number in zip(places, numbers, strict=True):
            unpacked[place] = number
        return unpacked

    def __iter__(self):
        return iter(self._packed)

    def __len__(self):
        return len(self._packed)

    def __eq__(self, other):
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None

    def __repr__(self):
        return repr(dict(self))


def _packed(numbers):
    """How many there are, the places of those that are not None, and these."""
    known, places = numbers, ()
    if None in numbers:
        places = array("I", [i for i, n in enumerate(numbers) if n is not None])
        known = [numbers[place] for place in places]
    whole = int in map(type, known)  # which an array would make floats, 1 to 1.0
    return len(numbers), places, tuple(known) if whole else array("d", known)
