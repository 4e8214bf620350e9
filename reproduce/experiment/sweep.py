"""The same learning rates for every method: which cells, and what they cost."""

from dataclasses import dataclass

from reproduce.errors import MethodError

from .cells import Cell
from .costs import clock, makespan, run_seconds
from .method_keys import key_of
from .methods import METHODS, slug
from .protocol import Protocol
from .records import Store

RATE = "learning_rate"
RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
PROTOCOL = Protocol(name="sweep", max_epochs=30, patience=5)


@dataclass(frozen=True)
class Sweep:
    """Every method at every rate, on one architecture.

    A rate is an argument of the method (`adam {"learning_rate": 0.01}`), so that
    all runs have one protocol and one folder.

    Attributes:
        architecture: 1 to 5.
        methods: keys without a learning rate of their own.
        rates: of every method.
        protocol: of all runs.

    Raises:
        MethodError: a method has a learning rate of its own.
    """

    architecture: int
    methods: tuple
    rates: tuple
    protocol: Protocol

    def __post_init__(self):
        for method in self.methods:
            if RATE in METHODS[method].arguments:
                raise MethodError(
                    f"{METHODS[method].label}: leave {RATE} out of its arguments; a "
                    "sweep sets it"
                )

    @property
    def folder(self):
        """Below an output folder."""
        return "studies/sweep"

    def cells(self, seeds):
        """All cells, those of one method together."""
        return [
            Cell(self.architecture, at_rate(method, rate), seed)
            for method in self.methods
            for rate in sorted(set(self.rates))
            for seed in seeds
        ]

    def plan(self, cells, folder, jobs):
        """Lines that say what is still to train, and how long at the most.

        Args:
            cells: what is asked for.
            folder: where its records are.
            jobs: cells trained at a time.
        """
        store, limit = Store(folder), self.protocol.max_epochs
        rates = ", ".join(f"{rate:g}" for rate in sorted(set(self.rates)))
        yield f"learning rates {rates}; at most {limit} epochs a run"
        total = []
        for method in self.methods:
            seconds = [
                run_seconds(cell, self.protocol, limit)
                for cell in cells
                if without_rate(cell.method)[0] == method
                and not store.path(cell).exists()
            ]
            total += seconds
            yield _line(slug(method), seconds)
        longest = clock(makespan(sorted(total, reverse=True), jobs))
        yield f"{_line('together', total)}; {longest} with {jobs} at a time"


def at_rate(method, rate):
    """The key of a method at a learning rate."""
    own = METHODS[method]
    return key_of(_base(method), {**own.arguments, RATE: float(rate)}, own.sha256)


def without_rate(key):
    """The method that `at_rate` made a key of, and the rate (None: there is none)."""
    own = METHODS[key]
    others = {name: value for name, value in own.arguments.items() if name != RATE}
    return key_of(_base(key), others, own.sha256), own.arguments.get(RATE)


def _base(key):
    return key.partition(" ")[0]


def _line(name, seconds):
    minutes = sum(seconds) / 60
    return f"{name:16} {len(seconds):4} runs, at most {minutes:6.1f} core-minutes"
