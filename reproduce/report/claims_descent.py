"""The report's claims about SGD, batch GD, momentum and NAG (1.3.1 to 1.3.4, 1.6)."""

from . import claim_counts as counts
from . import claim_curves as curves
from . import claim_pairs as pairs
from .claim import ALL, ONE_EXAMPLE, Claim
from .claim_tests import ahead

DESCENT = {
    "sgd-oscillates": Claim(
        "1.3.1",
        "SGD oscillates before convergence.",
        "The average training error rises in some epoch of most SGD runs.",
        curves.sgd_oscillates,
    ),
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
    "batch-gd-stuck": Claim(
        "1.6",
        "Batch GD is likely stuck in a suboptimal region, not improving the accuracy.",
        "In the last tenth of its epochs training accuracy moves by 0.01 at most.",
        curves.batch_stuck,
    ),
    "batch-gd-oscillates": Claim(
        "1.6",
        "Batch GD's learning rate is possibly too high, so that it oscillates.",
        "Some full-batch step raises the training error.",
        counts.batch_oscillates,
    ),
    "momentum-speeds-up": Claim(
        "1.3.3, 1.6",
        "Momentum and NAG speed up the process.",
        "Both take fewer epochs than SGD.",
        ahead(["momentum", "nag"], ["sgd"]),
    ),
    "momentum-reliable": Claim(
        "1.3.3",
        "Momentum converges more reliably than SGD.",
        "Its epochs lie nearer to their median over the seeds, in proportion.",
        pairs.momentum_reliable,
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
        curves.nag_oscillates_less,
    ),
    "nag-faster": Claim(
        "1.3.4",
        "Looking ahead helps NAG to correct its course faster than momentum.",
        "NAG takes fewer epochs than momentum.",
        ahead(["nag"], ["momentum"]),
    ),
}
