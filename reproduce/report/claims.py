"""The report's claims (1.3, 1.6 and 1.7), each put so that numbers can fail it."""

from collections.abc import Callable
from dataclasses import dataclass

from reproduce.experiment.protocol import METHODS

from . import claim_counts as counts
from . import claim_extras as extras
from . import claim_pairs as pairs
from .claim_tests import ahead, alike

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


CLAIMS = {
    "batch-gd-descends": Claim(
        "1.3.2",
        "Each step of batch GD guarantees a decrease in error.",
        "No full-batch step raises the training error.",
        counts.each_step_lowers,
    ),
    "batch-gd-slow": Claim(
        "1.3.2, 1.6",
        "Batch gradient descent is slow to converge.",
        "It takes more epochs than every other method.",
        ahead(["batch_gd"], ALL, more=True),
    ),
    "batch-gd-poor": Claim(
        "1.6",
        "Batch GD with three hidden layers shows poor accuracy.",
        "Its validation accuracy is below every other method's.",
        ahead(ONE_EXAMPLE, ["batch_gd"], "validation_accuracy", True, (1, 2, 3)),
    ),
    "batch-gd-oscillates": Claim(
        "1.6",
        "Its learning rate is possibly too high, so that it oscillates.",
        "Some full-batch step raises the training error.",
        counts.batch_oscillates,
    ),
    "momentum-speeds-up": Claim(
        "1.3.3, 1.6",
        "Momentum and NAG speed up the process.",
        "Both take fewer epochs than SGD.",
        ahead(["momentum", "nag"], ["sgd"]),
    ),
    "momentum-next": Claim(
        "1.5, 1.6",
        "Momentum and NAG come next to RMSProp and Adam.",
        "Both take fewer epochs than SGD, AdaGrad and batch GD.",
        ahead(["momentum", "nag"], ["sgd", "adagrad", "batch_gd"]),
    ),
    "nag-oscillates-less": Claim(
        "1.3.4",
        "NAG has fewer oscillations than momentum.",
        "Its error rises between epochs less often.",
        pairs.nag_oscillates_less,
    ),
    "adagrad-slowest": Claim(
        "1.6",
        "Adagrad is taking too long to converge.",
        "It takes the most epochs of the methods with one example an update.",
        ahead(["adagrad"], ONE_EXAMPLE, more=True),
    ),
    "adagrad-mini-batch": Claim(
        "1.3.5, 1.6",
        "Batch or mini-batch gradient descent may avoid that.",
        "With mini-batches AdaGrad takes fewer epochs and is as accurate.",
        extras.mini_batches_cure,
    ),
    "adaptive-fewest": Claim(
        "1.6",
        "RMSprop and Adam converge faster in all cases.",
        "Both take fewer epochs than every other method.",
        ahead(ADAPTIVE, ALL),
    ),
    "adaptive-not-smooth": Claim(
        "1.6",
        "The curves of RMSprop and Adam have dips and are not smooth.",
        "Their error rises in more runs than that of the others.",
        pairs.adaptive_curves_rise,
    ),
    "adaptive-well": Claim(
        "1.6",
        "In all cases, both RMSprop and Adam perform well.",
        "Both have a higher validation accuracy than every other method.",
        ahead(ADAPTIVE, ALL, "validation_accuracy", True),
    ),
    "adaptive-alike": Claim(
        "1.6",
        "RMSprop and Adam are very competitive: equally accurate.",
        "Their validation accuracies are equivalent.",
        alike("rmsprop", "adam", "validation_accuracy"),
    ),
    "adaptive-alike-fast": Claim(
        "1.6",
        "RMSprop and Adam are very competitive: equally fast.",
        "Their epochs to convergence are equivalent.",
        alike("rmsprop", "adam", "epochs"),
    ),
    "memorizes": Claim(
        "1.6",
        "In a few cases, training accuracy reaches 100% and validation 95%.",
        "Some run has such a gap.",
        counts.memorizes,
    ),
    "needs-regularization": Claim(
        "1.6",
        "That calls for regularization techniques.",
        "From Glorot initialization at least half of the gap stays.",
        pairs.needs_regularization,
    ),
    "none-outside": Claim(
        "1.4",
        "The model should not classify any input outside the five digits.",
        "No validation or test image is taken for another digit.",
        counts.none_outside,
    ),
    "four-layers-best": Claim(
        "1.7",
        "The architecture with 4 hidden layers is the best choice.",
        "No smaller one is as accurate (complexity, time and accuracy count).",
        pairs.four_layers_best,
    ),
}
