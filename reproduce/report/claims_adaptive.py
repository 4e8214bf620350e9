"""The report's claims about AdaGrad, RMSProp and Adam (1.3.5 to 1.3.7, 1.6)."""

from . import claim_curves as curves
from . import claim_extras as extras
from .claim import ADAPTIVE, ALL, ONE_EXAMPLE, Claim
from .claim_tests import ahead, alike

RATES = {
    "adagrad-speeds-up": Claim(
        "1.3.5",
        "AdaGrad's learning rates for each parameter speed up the convergence.",
        "It takes fewer epochs than SGD.",
        ahead(["adagrad"], ["sgd"]),
    ),
    "adagrad-stops-short": Claim(
        "1.3.5",
        "AdaGrad becomes very slow before reaching the solution.",
        "It ends with a higher training error than every method of one example.",
        ahead(["adagrad"], ONE_EXAMPLE, "train_loss", more=True),
    ),
    "adagrad-slowest": Claim(
        "1.6",
        "Adagrad is taking too long to converge.",
        "It takes the most epochs of the methods with one example an update.",
        ahead(["adagrad"], ONE_EXAMPLE, more=True),
    ),
    "adagrad-mini-batch": Claim(
        "1.3.5, 1.6",
        "Batch or mini-batch gradient descent may avoid AdaGrad's slowness.",
        "With mini-batches AdaGrad takes fewer epochs and is as accurate.",
        extras.mini_batches_cure,
    ),
    "adaptive-avoids": Claim(
        "1.6",
        "Adaptive rates help to avoid oscillations and overshooting.",
        "The error of AdaGrad, RMSProp and Adam rises in fewer runs than SGD's, "
        "momentum's and NAG's.",
        curves.adaptive_avoids,
    ),
    "adaptive-fewest": Claim(
        "1.6",
        "RMSprop and Adam converge faster in all cases.",
        "Both take fewer epochs than every other method.",
        ahead(ADAPTIVE, ALL),
    ),
    "decay-is-why": Claim(
        "1.3.6, 1.6",
        "They are faster as they do not decrease the learning rate aggressively.",
        "RMSProp, AdaGrad but for the decay, takes fewer epochs than AdaGrad.",
        ahead(["rmsprop"], ["adagrad"]),
    ),
    "adaptive-not-smooth": Claim(
        "1.6",
        "The curves of RMSprop and Adam have dips and are not smooth.",
        "Their error rises in more runs than that of the others.",
        curves.adaptive_curves_rise,
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
        "Their validation accuracies are equivalent, to within 0.01.",
        alike("rmsprop", "adam", "validation_accuracy"),
    ),
    "adaptive-alike-fast": Claim(
        "1.6",
        "RMSprop and Adam are very competitive: equally fast.",
        "Their epochs to convergence are equivalent, to within a factor of 1.15.",
        alike("rmsprop", "adam", "epochs"),
    ),
}
