"""The update rules on lists of arrays, for the peers: JAX and PyTorch run these.

Each rule takes and returns lists: weights `w`, gradients `g`, two states `a` and
`b` (of which some rules use one or none) and the update's number `m` from 1. It
only uses arithmetic operators, so arrays of any library do.
"""

ETA, ALPHA, BETA, BETA_1, BETA_2, EPSILON = 1e-3, 0.9, 0.99, 0.9, 0.999, 1e-8


def sgd(w, g, a, b, m):
    return w - ETA * g, a, b


def momentum(w, g, a, b, m):
    delta = ALPHA * a - ETA * g
    return w + delta, delta, b


def nag(w, g, a, b, m):
    delta = ALPHA * a - ETA * g
    return w - ALPHA * a + (1 + ALPHA) * delta, delta, b


def adagrad(w, g, a, b, m):
    v = a + g * g
    return w - ETA * g / (v + EPSILON) ** 0.5, v, b


def rmsprop(w, g, a, b, m):
    v = BETA * a + (1 - BETA) * g * g
    return w - ETA * g / (v + EPSILON) ** 0.5, v, b


def adam(w, g, a, b, m):
    v = BETA_2 * a + (1 - BETA_2) * g * g
    u = BETA_1 * b + (1 - BETA_1) * g
    u_hat, v_hat = u / (1 - BETA_1**m), v / (1 - BETA_2**m)
    return w - ETA * u_hat / (v_hat + EPSILON) ** 0.5, v, u


RULES = {rule.__name__: rule for rule in (sgd, momentum, nag, adagrad, rmsprop, adam)}
NUM_STATES = {"sgd": 0, "momentum": 1, "nag": 1, "adagrad": 1, "rmsprop": 1, "adam": 2}
