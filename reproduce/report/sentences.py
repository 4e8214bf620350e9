"""Every sentence of the report's 1.3 and 1.6, and where it is tested, or why not."""

from .markdown import Table

MEANS = "says what the method is; its equation is tested beside the optimizer"
CAUSE = "a cause that no record shows; its effect is what is tested"
OPINION = "a judgement, or about more than these networks"
UNSEEN = "a single update's, of which no record keeps the error"

SENTENCES = (
    ("1.3.1", "Parameters are updated after every data point.", MEANS),
    ("1.3.1", "SGD has not the true gradient but an approximation of it.", MEANS),
    ("1.3.1", "Not each iteration need decrease the loss.", UNSEEN),
    ("1.3.1", "This results in oscillations before convergence.", "sgd-oscillates"),
    ("1.3.2", "Parameters are updated after one epoch.", MEANS),
    ("1.3.2", "VGD takes the true gradient of the error function.", MEANS),
    ("1.3.2", "Each step guarantees a decrease in error.", "batch-gd-descends"),
    ("1.3.2", "Many calculations a weight update: slow.", "batch-gd-slow"),
    ("1.3.3", "Momentum converges faster …", "momentum-speeds-up"),
    ("1.3.3", "… and more reliably.", "momentum-reliable"),
    ("1.3.3", "It accumulates gradients and smooths out their changes.", MEANS),
    ("1.3.3", "Δw(m) = −ηΔw(m) + αΔw(m−1), and the weight update rule.", MEANS),
    ("1.3.3", "The same sign twice increases the net weight change.", MEANS),
    ("1.3.3", "Different signs decrease it.", MEANS),
    ("1.3.3", "Faster convergence by large steps.", "momentum-speeds-up"),
    ("1.3.3", "It helps to escape local minima and saddle points.", CAUSE),
    ("1.3.3", "More complex to implement and hard to tune than SGD.", OPINION),
    ("1.3.3", "It can oscillate if the momentum term is too high.",
     "the report has one momentum term, 0.9"),
    ("1.3.4", "NAG reduces momentum's oscillations.", "nag-oscillates-less"),
    ("1.3.4", "Momentum considers the gradient and the weight change history.", MEANS),
    ("1.3.4", "NAG looks ahead, then takes the gradient there; its rule.", MEANS),
    ("1.3.4", "It corrects its course faster than momentum.", "nag-faster"),
    ("1.3.4", "There are fewer oscillations.", "nag-oscillates-less"),
    ("1.3.4", "It can navigate through valleys in the loss surface.", CAUSE),
    ("1.3.5", "Different rates speed up the convergence.", "adagrad-speeds-up"),
    ("1.3.5", "It adapts the rate for each parameter; its rule.", MEANS),
    ("1.3.5", "Only suitable for batches and mini-batches.", "adagrad-mini-batch"),
    ("1.3.5", "Movement will tend to slow over time.", "adagrad-stops-short"),
    ("1.3.5", "Very slow before reaching the solution.", "adagrad-stops-short"),
    ("1.3.6", "RMSProp's rule, AdaGrad's with a decay factor.", MEANS),
    ("1.3.6", "It tries to avoid the aggressive decay.", "decay-is-why"),
    ("1.3.6", "v starts at 0, a bias that disappears over time.", MEANS),
    ("1.3.7", "Adam's rule: momentum and adaptive rate together.", MEANS),
    ("1.3.7", "Equation 1 takes care of the rate, 2 of momentum.", MEANS),
    ("1.3.7", "Current SOTA for the choice of optimisers.", OPINION),
    ("1.6", "The models perform well.", "models-perform-well"),
    ("1.6", "Batch GD with three hidden layers is poor.", "batch-gd-poor"),
    ("1.6", "It is likely stuck in a suboptimal region.", "batch-gd-stuck"),
    ("1.6", "The learning rate may be too high.", "batch-gd-oscillates"),
    ("1.6", "Each optimizer has its own convergence time.", "times-differ"),
    ("1.6", "Batch gradient descent is slow.", "batch-gd-slow"),
    ("1.6", "Momentum and NAG speed up the process.",
     "momentum-speeds-up momentum-next"),
    ("1.6", "Adaptive rates: large steps for sparse parameters.", MEANS),
    ("1.6", "This helps to avoid oscillations.", "adaptive-avoids"),
    ("1.6", "Adagrad is taking too long.", "adagrad-slowest"),
    ("1.6", "It may make its rate too small in time.", "decay-is-why"),
    ("1.6", "Batches or mini-batches may avoid this.", "adagrad-mini-batch"),
    ("1.6", "RMSprop and Adam converge faster in all cases …", "adaptive-fewest"),
    ("1.6", "… as they do not decrease the rate aggressively.", "decay-is-why"),
    ("1.6", "Their curves have dips and are not smooth.", "adaptive-not-smooth"),
    ("1.6", "Steep regions reduce the rate, flat ones increase it.", CAUSE),
    ("1.6", "Both perform well and are very competitive.",
     "adaptive-well adaptive-alike adaptive-alike-fast"),
    ("1.6", "Training reaches 100%, validation 95%.", "memorizes"),
    ("1.6", "This calls for regularization.", "needs-regularization"),
)  # fmt: skip


def sentences_table(entries):
    """Every sentence with the verdicts of its claims.

    Args:
        entries: the ledger.
    """
    verdicts = {entry.key: entry.verdict for entry in entries}
    rows = []
    for section, words, where in SENTENCES:
        keys = [key for key in where.split() if key in verdicts]
        found = ", ".join(f"{key}: {verdicts[key]}" for key in keys)
        rows.append(
            {
                "section": section,
                "sentence": words,
                "claims": " ".join(keys),
                "tested": bool(keys),
                "found": found or f"not tested: {where}",
            }
        )
    return Table(
        name="sentences",
        title="Every sentence of 1.3 and 1.6, and where it is tested",
        data=rows,
        header=["Section", "Sentence, shortened", "Tested as"],
        rows=[[row["section"], row["sentence"], row["found"]] for row in rows],
    )
