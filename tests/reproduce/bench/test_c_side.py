"""The hand-written C loop does what the engine does, so that their times compare."""

import numpy as np
import pytest

from reproduce.bench.c_side import RULES, Network, compiler
from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.training.cell import fit_in_order, make_model, order

pytestmark = pytest.mark.skipif(compiler() is None, reason="no C compiler")
EXAMPLES = 60


def test_there_is_a_rule_for_each_method_of_single_examples():
    assert list(RULES) == [m for m in METHODS if not METHODS[m].full_batch]


def trained(method, late=0):
    """Weights before and after two epochs, by the engine and by C.

    Args:
        late: updates that the second epoch is told to come after.
    """
    cell, split = Cell(1, method, 0), load_digits().train.head(EXAMPLES)
    model = make_model(cell, Protocol(), split)
    start = model.get_weights()
    hyperparameters = Protocol().hyperparameters(method)
    network = Network(method, hyperparameters, start, split.images, split.labels)
    for epoch in range(2):
        fit_in_order(model, cell, EXAMPLES, epochs=1)
        network.train(order(cell, EXAMPLES, 0))
        if late and not epoch:
            start = model.get_weights()
            model.optimizer.iterations.assign(late)
            network.updates = late
    return zip(start, model.get_weights(), network.weights, strict=True)


@pytest.mark.parametrize(
    ("method", "late"),
    [
        *((method, 0) for method in RULES),
        pytest.param("adam", 5000, id="adam-after-its-early-updates"),
    ],
)
def test_epochs_lead_to_the_engines_weights(method, late):
    for old, engine, c in trained(method, late):
        moved = np.abs(engine - old).max()
        assert moved > 0
        np.testing.assert_allclose(c, engine, rtol=0, atol=1e-3 * moved)
