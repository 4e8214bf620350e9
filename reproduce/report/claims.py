"""The report's inferences (1.6), each as a test that numbers can fail."""

from collections.abc import Callable
from dataclasses import dataclass

from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.protocol import METHODS

PERFECT, GAP = 0.9995, 0.03  # "100%" as rounded; well apart, as 100 and 95 % are
ALL = tuple(METHODS)
ONE_EXAMPLE = tuple(key for key in METHODS if not METHODS[key].full_batch)


@dataclass(frozen=True)
class Numbers:
    """One method's medians in the rerun, or what the report prints for it."""

    epochs: float
    train: float
    validation: float


@dataclass(frozen=True)
class Claim:
    """A sentence of section 1.6 that numbers can contradict.

    Attributes:
        words: the report's, shortened.
        meaning: what is tested, on each architecture.
        methods: those it is about; without all of them it is not judged.
        rivals: those they are compared with, as far as there are numbers.
        holds: (numbers of the methods, numbers of the rivals) to bool.
        architectures: those it is about.
    """

    words: str
    meaning: str
    methods: tuple
    rivals: tuple
    holds: Callable
    architectures: tuple = ARCHITECTURES


def _faster(own, rivals):
    return max(n.epochs for n in own) < min(n.epochs for n in rivals)


def _slower(own, rivals):
    return _faster(rivals, own)


def _better(own, rivals):
    return min(n.validation for n in own) > max(n.validation for n in rivals)


def _worse(own, rivals):
    return _better(rivals, own)


def _memorize(_, rivals):
    return any(n.train >= PERFECT and n.train - n.validation >= GAP for n in rivals)


CLAIMS = (
    Claim(
        "Batch gradient descent is slow to converge.",
        "It takes more epochs than every other method.",
        ("batch_gd",),
        ALL,
        _slower,
    ),
    Claim(
        "Batch gradient descent with three hidden layers shows poor accuracy.",
        "Its validation accuracy is the lowest.",
        ("batch_gd",),
        ALL,
        _worse,
        (1, 2, 3),
    ),
    Claim(
        "Momentum and NAG speed up the process.",
        "Both take fewer epochs than SGD.",
        ("momentum", "nag"),
        ("sgd",),
        _faster,
    ),
    Claim(
        "Adagrad is taking too long to converge.",
        "It takes the most epochs of the methods with one example an update.",
        ("adagrad",),
        ONE_EXAMPLE,
        _slower,
    ),
    Claim(
        "RMSprop and Adam converge faster in all cases.",
        "Both take fewer epochs than every other method.",
        ("rmsprop", "adam"),
        ALL,
        _faster,
    ),
    Claim(
        "In all cases, both RMSprop and Adam perform well.",
        "Both have a higher validation accuracy than every other method.",
        ("rmsprop", "adam"),
        ALL,
        _better,
    ),
    Claim(
        "In a few cases, training accuracy reaches 100% and validation accuracy 95%.",
        f"Some method has a training accuracy of {PERFECT} or more and a validation "
        f"accuracy lower by {GAP} or more.",
        (),
        ALL,
        _memorize,
    ),
)
