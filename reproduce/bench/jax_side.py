"""JAX: a hand-written `lax.scan` over examples, each an update.

The rules take weights, gradient, two states (of which some use one or none) and
the update's number, and return the first and the states anew. Roots are written as
sqrt(1 / x), as in the engine: 1 / sqrt(x) makes AdaGrad four times as slow in JAX.
"""

import time
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from reproduce.data import load_digits
from reproduce.original import INPUTS, kernel_shapes

from .side import serve

UPDATES = 1500
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


def loss(weights, x, y):
    """Cross-entropy of one image, or of outputs of the layer below."""
    *hidden, (kernel, bias) = weights
    for k, b in hidden:
        x = jax.nn.sigmoid(x @ k + b)
    return -jax.nn.log_softmax(x @ kernel + bias)[y]


def update_all(method, data, state, example):
    """One update of all rows, by any rule."""
    (images, labels), (weights, states, m) = data, state
    x, y = images[example] / 255.0, labels[example]
    value, gradients = jax.value_and_grad(loss)(weights, x, y)
    leaves, structure = jax.tree.flatten(weights)
    # Where a rule uses fewer states than two, weights stand in for them.
    trees = [gradients, *states, *[weights] * (2 - len(states))]
    columns = zip(leaves, *map(jax.tree.leaves, trees), strict=True)
    new = zip(*(RULES[method](*column, m) for column in columns), strict=True)
    weights, *others = (jax.tree.unflatten(structure, part) for part in new)
    return (weights, others[: len(states)], m + 1), value


def update_inked(data, state, example):
    """One update by SGD that leaves the rows of blank pixels alone."""
    (places, values, counts, labels), ((kernel, bias), *above) = data, state
    x, count = values[example], counts[example]

    def row(kernel, k):
        return lax.dynamic_index_in_dim(kernel, places[example, k], keepdims=False)

    def add(k, total):
        return total + x[k] * row(kernel, k)

    def change(k, kernel):
        new = row(kernel, k) - ETA * x[k] * gradient
        return lax.dynamic_update_index_in_dim(kernel, new, places[example, k], 0)

    def loss_of(summed, above):
        return loss(above, jax.nn.sigmoid(summed), labels[example])

    summed = lax.fori_loop(0, count, add, bias)
    value, (gradient, others) = jax.value_and_grad(loss_of, (0, 1))(summed, above)
    kernel = lax.fori_loop(0, count, change, kernel)
    above = jax.tree.map(lambda w, g: w - ETA * g, above, others)
    return [[kernel, bias - ETA * gradient], *above], value


def timed(update, state, *data):
    """A function that returns the seconds of an update.

    Args:
        update: of data, state and example; returns the new state and the error.
        state: to begin with.
        data: arrays, all of one length: the examples.
    """
    rng, num_examples = np.random.default_rng(0), len(data[0])
    data = tuple(map(jnp.asarray, data))

    @partial(jax.jit, donate_argnums=0)
    def epoch(state, data, order):
        return lax.scan(partial(update, data), state, order)

    def measure():
        nonlocal state
        order = jnp.asarray(rng.permutation(num_examples)[:UPDATES])
        begun = time.perf_counter()
        state, values = epoch(state, data, order)
        values.block_until_ready()
        return (time.perf_counter() - begun) / UPDATES

    return measure


def initial_weights(architecture):
    rng = np.random.default_rng(0)
    return [
        [jnp.asarray(rng.normal(size=shape), jnp.float32), jnp.zeros(shape[1])]
        for shape in kernel_shapes(architecture)
    ]


def prepare(cell):
    """Seconds of an update, and of one by SGD that leaves rows out."""
    split, weights = load_digits().train, initial_weights(cell.architecture)
    flat, labels = split.images.reshape(-1, INPUTS), split.labels
    states = [
        jax.tree.map(jnp.zeros_like, weights) for _ in range(NUM_STATES[cell.method])
    ]
    state = weights, states, jnp.float32(1)
    update = partial(update_all, cell.method)
    measures = {"jax": timed(update, state, flat.astype(np.float32), labels)}
    if cell.method == "sgd":
        counts = np.count_nonzero(flat, axis=1)
        places = np.argsort(flat == 0, axis=1, kind="stable")[:, : counts.max()]
        values = np.take_along_axis(flat, places, 1) / np.float32(255)
        data = places, values, counts, labels
        state = initial_weights(cell.architecture)
        measures["jax_rows"] = timed(update_inked, state, *data)
    return lambda: {name: measure() for name, measure in measures.items()}


if __name__ == "__main__":
    serve(prepare)
