"""Time a hand-written JAX `lax.scan` over examples: `… ARCH METHOD REPEATS`.

The rules take weights, gradient, two states (of which some use one or none) and
the update's number, and return the first and the states anew. Roots are written as
sqrt(1 / x), as in the engine: 1 / sqrt(x) makes AdaGrad four times as slow in JAX.
"""

import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

from reproduce.data import load_digits
from reproduce.original import INPUTS, kernel_shapes

UPDATES = 4000
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
    return w - ETA * g * jnp.sqrt(1 / (v + EPSILON)), v, b


def rmsprop(w, g, a, b, m):
    v = BETA * a + (1 - BETA) * g * g
    return w - ETA * g * jnp.sqrt(1 / (v + EPSILON)), v, b


def adam(w, g, a, b, m):
    v = BETA_2 * a + (1 - BETA_2) * g * g
    u = BETA_1 * b + (1 - BETA_1) * g
    u_hat, v_hat = u / (1 - BETA_1**m), v / (1 - BETA_2**m)
    return w - ETA * u_hat * jnp.sqrt(1 / (v_hat + EPSILON)), v, u


RULES = {rule.__name__: rule for rule in (sgd, momentum, nag, adagrad, rmsprop, adam)}
NUM_STATES = {"sgd": 0, "momentum": 1, "nag": 1, "adagrad": 1, "rmsprop": 1, "adam": 2}


def forward(weights, x):
    """Logits of one image."""
    for kernel, bias in weights[:-1]:
        x = jax.nn.sigmoid(x @ kernel + bias)
    kernel, bias = weights[-1]
    return x @ kernel + bias


def loss(weights, x, y):
    return -jax.nn.log_softmax(forward(weights, x))[y]


def make_epoch(method):
    """A compiled epoch: state and order in, state and mean loss out."""
    rule, num_states = RULES[method], NUM_STATES[method]
    tree = jax.tree_util

    def update(state, example):
        weights, states, m, images, labels = state
        x, y = images[example] / 255.0, labels[example]
        value, gradients = jax.value_and_grad(loss)(weights, x, y)
        padded = [*states, *[gradients] * (2 - num_states)]
        new = tree.tree_map(
            lambda *leaves: rule(*leaves, m), weights, gradients, *padded
        )
        parts = [
            tree.tree_map(lambda leaf, i=i: leaf[i], new, is_leaf=_is_triple)
            for i in range(1 + num_states)
        ]
        return (parts[0], parts[1:], m + 1, images, labels), value

    def epoch(state, order):
        state, values = jax.lax.scan(update, state, order)
        return state, values.mean()

    return jax.jit(epoch, donate_argnums=0)


def _is_triple(node):
    return isinstance(node, tuple) and len(node) == 3


def measure(architecture, method, repeats):
    """Seconds of one update, after one epoch of warming up."""
    split, rng = load_digits().train, np.random.default_rng(0)
    weights = [
        [jnp.asarray(rng.normal(size=(a, b)), jnp.float32), jnp.zeros(b)]
        for a, b in kernel_shapes(architecture)
    ]
    states = [
        jax.tree_util.tree_map(jnp.zeros_like, weights)
        for _ in range(NUM_STATES[method])
    ]
    images = jnp.asarray(split.images.reshape(-1, INPUTS), jnp.float32)
    state = (weights, states, jnp.float32(1), images, jnp.asarray(split.labels))
    epoch, times = make_epoch(method), []
    for _ in range(repeats + 1):
        order = jnp.asarray(rng.permutation(len(split.labels))[:UPDATES])
        begun = time.perf_counter()
        state, value = epoch(state, order)
        value.block_until_ready()
        times.append((time.perf_counter() - begun) / UPDATES)
    return {"jax": times[1:]}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
