"""The report's claims (1.3, 1.4, 1.6, 1.7), each put so that numbers can fail it."""

from . import claim_counts as counts
from . import claim_extras as extras
from . import claim_pairs as pairs
from .claim import Claim
from .claims_adaptive import RATES
from .claims_descent import DESCENT

MODELS = {
    "models-perform-well": Claim(
        "1.6",
        "The models perform well, but for batch GD.",
        "Every run of the other methods gets 90% of the validation images right.",
        counts.perform_well,
    ),
    "times-differ": Claim(
        "1.6",
        "Each optimizer has a different convergence time (number of epochs).",
        "No two methods take the same number, to within a factor of 1.15.",
        pairs.times_differ,
    ),
    "memorizes": Claim(
        "1.6",
        "In a few cases, training accuracy reaches 100% and validation 95%.",
        "Some run has such a gap.",
        counts.memorizes,
    ),
    "needs-regularization": Claim(
        "1.6",
        "Such memorizing calls for regularization techniques.",
        "From Glorot initialization at least half of the gap stays.",
        extras.needs_regularization,
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
CLAIMS = {**DESCENT, **RATES, **MODELS}
