"""Time a hand-written JAX `lax.scan` over examples: `… ARCH METHOD REPEATS`."""

import json
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

from reproduce.data import load_digits
from reproduce.reported import HIDDEN_UNITS, INPUTS, OUTPUTS

from .rules import NUM_STATES, RULES

UPDATES = 4000


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
    widths = (INPUTS, *HIDDEN_UNITS[architecture], OUTPUTS)
    weights = [
        [jnp.asarray(rng.normal(size=(a, b)), jnp.float32), jnp.zeros(b)]
        for a, b in zip(widths[:-1], widths[1:], strict=True)
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
