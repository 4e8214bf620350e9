"""Every named set of runs: what is trained, under which protocol, and why.

`python -m reproduce run --study NAME…` trains them, `make published` all of them. The
study `report` is the original's 35 cells as it states them; the others ask what it
left unsaid, or what its claims need beyond these.
"""

from dataclasses import dataclass, replace
from itertools import product

from reproduce.errors import MethodError

from .methods import METHODS, RATE, at_rate, method_key
from .protocol import ARCHITECTURES, Cell, Protocol

REPORT = Protocol()
RATES = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0)
FAST = ("sgd", "momentum", "nag", "rmsprop", "adam")
PLAIN = ("sgd", "momentum", "nag")
FASTER = ("momentum", "nag", "rmsprop", "adam")
ADAPTIVE = ("rmsprop", "adam")
SINGLE = tuple(key for key, method in METHODS.items() if not method.full_batch)
SLOW = ("adagrad", "batch_gd")
STUDY_FOLDER = "studies"


@dataclass(frozen=True)
class Part:
    """Some cells of a study: all of architectures × methods × the first seeds.

    Attributes:
        architectures, methods: of its cells.
        seeds: how many, from 0 on.
        times: epochs expected, as a multiple of the original's.
        max_epochs: the limit of these cells; None: the study's.
    """

    architectures: tuple
    methods: tuple
    seeds: int
    times: float = 1.0
    max_epochs: int | None = None


@dataclass(frozen=True)
class Study:
    """A named set of runs under one protocol (limits of epochs aside).

    Attributes:
        name: on the command line, and of its folder.
        question: what it is for, in one line.
        protocol: the settings, named after the study.
        parts: which cells.
    """

    name: str
    question: str
    protocol: Protocol
    parts: tuple

    @property
    def folder(self):
        """Below the output folder; the study `report` is the output folder's own."""
        return "" if self.name == REPORT.name else f"{STUDY_FOLDER}/{self.name}"

    def cells(self, seeds=None):
        """Its cells, each once.

        Args:
            seeds: which, the same for every cell; None: as many as its part has.
        """
        return list(self.protocols(seeds))

    def protocols(self, seeds=None):
        """Each of its cells to the protocol that it is trained under."""
        protocols = {}
        for part in self.parts:
            protocol = self.protocol
            if part.max_epochs is not None:
                protocol = replace(protocol, max_epochs=part.max_epochs)
            chosen = range(part.seeds) if seeds is None else seeds
            for seed, architecture, method in product(
                chosen, part.architectures, part.methods
            ):
                protocols.setdefault(Cell(architecture, method, seed), protocol)
        return protocols

    def times(self, cell):
        """Epochs expected of a cell, as a multiple of the original's."""
        return next(
            part.times
            for part in self.parts
            if cell.architecture in part.architectures and cell.method in part.methods
        )


def _study(name, question, *parts, **changes):
    return Study(name, question, replace(REPORT, name=name, **changes), parts)


SWEEP = Protocol(name="sweep", max_epochs=30, patience=5)
SWEEP_SEEDS = {1: 5, 2: 3, 3: 1, 4: 1, 5: 1}  # more where a run is short


def sweep(architectures, methods, rates, seeds, protocol=SWEEP):
    """The study of the same learning rates for every method.

    A rate is an argument of the method (`adam {"learning_rate": 0.01}`), so that all
    runs have one protocol. In the published one batch GD has ten times the epochs,
    each of which is one update, and only two architectures: it is there for what its
    steps do to the error, not to be compared with the others.

    Args:
        architectures: some of 1 to 5.
        methods: keys without a learning rate of their own.
        rates: of every method.
        seeds: how many.
        protocol: of all runs; it waits for five epochs without a better error.

    Raises:
        MethodError: a method has a learning rate of its own.
    """
    for method in methods:
        if RATE in METHODS[method].arguments:
            raise MethodError(
                f"{METHODS[method].label}: leave {RATE} out of its arguments; a "
                "sweep sets it"
            )
    keys = tuple(
        at_rate(method, rate) for method in methods for rate in sorted(set(rates))
    )
    question = "how much of the ranking is the one learning rate?"
    return Study(
        "sweep", question, protocol, (Part(tuple(architectures), keys, seeds),)
    )


def _published_sweep():
    """Each architecture with its own number of seeds, and batch GD with ten times
    the epochs.
    """
    study = sweep(ARCHITECTURES, SINGLE, RATES, 1)
    keys = study.parts[0].methods
    batch_gd = tuple(at_rate("batch_gd", rate) for rate in RATES)
    limit = 10 * study.protocol.max_epochs
    parts = (
        *(Part((a,), keys, seeds) for a, seeds in SWEEP_SEEDS.items()),
        Part((1,), batch_gd, 3, max_epochs=limit),
        Part((4,), batch_gd, 1, max_epochs=limit),
    )
    return replace(study, parts=parts)


def _traced(methods):
    return tuple(at_rate(method, rate) for method in methods for rate in (0.001, 0.01))


def decayed(method):
    """The key of a method with weight decay: 0.01 of its learning rate an update.

    With 0.1 momentum on architecture 1 ended after three epochs, at 93 % accuracy.
    """
    return method_key(method, {"weight_decay": 0.01})


_LONG = {"threshold": 5e-5, "mode": "absolute", "evaluate_epochs": True}

_ALL = (
    _study(
        "report",
        "the original's cells, by its stated rule",
        Part(ARCHITECTURES, FAST, 10),
        Part(ARCHITECTURES, SLOW, 5),
        # Where 10 do not tell whether two methods are equal:
        Part((2, 5), ADAPTIVE, 20),
        Part((3,), ("adam",), 20),  # some of its runs end before they have learned
        Part((5,), ("momentum", "nag"), 30),
    ),
    _study(
        "patience-2",
        "does Keras's patience of 2 explain the epochs?",
        Part((4, 5), SINGLE, 5, 1.4),
        Part((1, 2, 3), FAST, 3, 1.4),
        patience=2,
    ),
    _study(
        "glorot",
        "what would Keras's default initial weights have given?",
        Part(ARCHITECTURES, FAST, 3),
        kernel_initializer="glorot_uniform",
    ),
    _study(
        "he-normal",
        "did the weights start from He's normal distribution?",
        Part((1, 2), FAST, 3),
        kernel_initializer="he_normal",
    ),
    _study(
        "normal-0.05",
        "did the weights start from Keras's RandomNormal default?",
        Part((1, 2), FAST, 3),
        kernel_initializer="random_normal_0.05",
    ),
    _study(
        "glorot-output",
        "did the output layer alone start from Glorot's distribution?",
        Part((1, 2), FAST, 3),
        Part((1,), ("batch_gd",), 3, 0.5),
        output_initializer="glorot_uniform",
    ),
    _study(
        "per-pixel",
        "was each pixel scaled by its own extremes?",
        Part((1, 2), FAST, 3),
        scaling="per_pixel",
    ),
    _study(
        "longer",
        "signed or absolute, 1e-4 or 5e-5, while weights move or after?",
        Part((1, 2), PLAIN, 3, 1.4, 400),
        Part((1, 2), ADAPTIVE, 3, 4.0, 40),
        **_LONG,
    ),
    _study(
        "tighter",
        "does a threshold of 5e-5 explain architectures 4 and 5?",
        Part((4, 5), FAST, 3, 1.2),
        threshold=5e-5,
    ),
    _study(
        "five-outputs",
        "do five outputs, as its summaries print, matter on 4 and 5?",
        Part((4, 5), FASTER, 3),
        num_classes=5,
    ),
    _study(
        "accumulator-0.1",
        "did AdaGrad's accumulator start from Keras's 0.1?",
        Part((1,), ("adagrad",), 3),
        initial_accumulator_value=0.1,
    ),
    _study(
        "trace",
        "does the error oscillate from update to update?",
        Part((1, 4), _traced(FAST), 3),
        # Where 3, and then 10, do not tell who oscillates:
        Part((1,), _traced(PLAIN), 10),
        Part((1,), _traced(("momentum", "nag")), 100),
        trace_updates=200,
    ),
    _study(
        "mini-batch",
        "do mini-batches of 32 make AdaGrad faster?",
        Part(ARCHITECTURES, ("adagrad",), 3, 1.2),
        batch_size=32,
    ),
    _study(
        "past-stopping",
        "does AdaGrad's error go on falling after the criterion has ended a run?",
        Part((1,), ("adagrad",), 3, 5.0),
        max_epochs=3400,  # five times those that the rule gives it
        threshold=0.0,
        mode="absolute",
    ),
    _study(
        "weight-decay",
        "does regularization make the models more accurate on new images?",
        Part(ARCHITECTURES, (decayed("momentum"), decayed("nag")), 3),
    ),
    _published_sweep(),
)
STUDIES = {study.name: study for study in _ALL}
NAMED = {study.protocol.name: study.protocol for study in _ALL}
