"""What the report may have left unsaid: candidate settings, as plain data.

A `RunSet` is trained; a `Reading` is what a run set says under one criterion. One
history answers for several: whoever stops later passed by the earlier stop.
"""

from dataclasses import dataclass, replace

from .cells import ARCHITECTURES, grid
from .protocol import PROTOCOLS, Protocol

FAST = ("sgd", "momentum", "nag", "rmsprop", "adam")
FASTER = ("momentum", "nag", "rmsprop", "adam")
ADAPTIVE = ("rmsprop", "adam")
REPORT = Protocol()


@dataclass(frozen=True)
class RunSet:
    """Cells trained under one protocol, in a folder of their own.

    Attributes:
        folder: below the output folder; the default protocol's is empty.
        protocol: the settings.
        architectures, methods: of its cells; seeds are asked for.
        times: epochs expected, as a multiple of the report's.
    """

    folder: str
    protocol: Protocol
    architectures: tuple
    methods: tuple
    times: float = 1.0

    def cells(self, seeds):
        return grid(self.architectures, self.methods, seeds)


def _set(name, architectures, methods, times=1.0, **changes):
    protocol = replace(REPORT, name=name, **changes)
    return RunSet(f"candidates/{name}", protocol, architectures, methods, times)


_LONG = {"threshold": 5e-5, "mode": "absolute", "evaluate_epochs": True}

CANDIDATES = {
    "report": RunSet("", REPORT, (1, 2), FAST),
    "report-4-5": RunSet("", REPORT, (4, 5), FASTER),
    "report-adagrad": RunSet("", REPORT, (1,), ("adagrad",)),
    "glorot": RunSet("keras-defaults", PROTOCOLS["keras-defaults"], (1, 2), FAST),
    "he-normal": _set("he-normal", (1, 2), FAST, kernel_initializer="he_normal"),
    "normal-0.05": _set(
        "normal-0.05", (1, 2), FAST, kernel_initializer="random_normal_0.05"
    ),
    "glorot-output": _set(
        "glorot-output", (1, 2), FAST, output_initializer="glorot_uniform"
    ),
    "report-batch": RunSet("", REPORT, (1,), ("batch_gd",)),
    "glorot-output-batch": _set(
        "glorot-output", (1,), ("batch_gd",), 0.5, output_initializer="glorot_uniform"
    ),
    "longer": _set("longer", (1, 2), FAST[:3], 1.4, max_epochs=400, **_LONG),
    "longer-adaptive": _set(
        "longer-adaptive", (1, 2), ADAPTIVE, 4.0, max_epochs=40, **_LONG
    ),
    "tighter": _set("tighter", (4, 5), FASTER, 1.2, threshold=5e-5),
    "five-outputs": _set("five-outputs", (4, 5), FASTER, num_classes=5),
    "accumulator-0.1": _set(
        "accumulator-0.1", (1,), ("adagrad",), initial_accumulator_value=0.1
    ),
}
EXTRAS = {
    "keras-defaults": replace(CANDIDATES["glorot"], architectures=ARCHITECTURES),
    "mini-batch": replace(
        _set("mini-batch", (1, 2), ("adagrad",), 3.0, batch_size=32),
        folder="mini-batch",
    ),
    "past-stopping": replace(
        _set("past-stopping", (3, 5), ADAPTIVE, 3.0, mode="absolute", max_epochs=60),
        folder="past-stopping",
    ),
}  # what claims need beyond the candidates
RUN_SETS = {**CANDIDATES, **EXTRAS}
NAMED = PROTOCOLS | {
    own.protocol.name: own.protocol for own in RUN_SETS.values()
}  # what `run --protocol` can start from


@dataclass(frozen=True)
class Reading:
    """A candidate: run sets, read under a criterion.

    Attributes:
        label: in tables.
        sets: keys of `CANDIDATES`; together they hold the cells.
        mode, threshold, monitor: the criterion; those of the report by default.
    """

    label: str
    sets: tuple
    mode: str = REPORT.mode
    threshold: float = REPORT.threshold
    monitor: str = REPORT.monitor


_BOTH = ("longer", "longer-adaptive")
QUESTIONS = {
    "Kernel initializer": (
        Reading("N(0, 1)", ("report",)),
        Reading("Glorot uniform", ("glorot",)),
        Reading("He normal", ("he-normal",)),
        Reading("N(0, 0.05²)", ("normal-0.05",)),
    ),
    "Output layer's initializer": (
        Reading("as the others", ("report", "report-batch")),
        Reading("Glorot uniform", ("glorot-output", "glorot-output-batch")),
    ),
    "Criterion": (
        Reading("decrease ≤ threshold", _BOTH),
        Reading("absolute difference ≤ threshold", _BOTH, mode="absolute"),
    ),
    "Error watched": (
        Reading("averaged while the weights move", _BOTH),
        Reading("evaluated after the epoch", _BOTH, monitor="evaluated_loss"),
    ),
    "Threshold on architectures 1 and 2": (
        Reading("1e-4", _BOTH),
        Reading("5e-5", _BOTH, threshold=5e-5),
    ),
    "Threshold on architectures 4 and 5": (
        Reading("1e-4", ("report-4-5",)),
        Reading("5e-5", ("tighter",), threshold=5e-5),
    ),
    "Outputs on architectures 4 and 5": (
        Reading("10", ("report-4-5",)),
        Reading("5", ("five-outputs",)),
    ),
    "AdaGrad's accumulator": (
        Reading("from 0", ("report-adagrad",)),
        Reading("from 0.1", ("accumulator-0.1",)),
    ),
}  # of each, the default protocol's answer first
