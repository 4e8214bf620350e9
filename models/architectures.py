"""The five fully connected networks of the original (section 1.4, table)."""

import keras
import numpy as np

ARCHITECTURES = {
    1: (128, 64, 128),
    2: (256, 128, 256),
    3: (512, 256, 128),
    4: (512, 256, 128, 64),
    5: (512, 256, 128, 64, 32),
}  # hidden units, first layer to last

IMAGE_SHAPE = (28, 28)
WHITE = 255


def build_model(
    architecture,
    num_classes=10,
    kernel_initializer="random_normal_1",
    output_initializer=None,
    seed=None,
    pixel_range=None,
    model_class=keras.Sequential,
):
    """Build one of the five networks, uncompiled.

    Input: images, (num_images, 28, 28), 0 to 255. Min-max scaling to [0, 1],
    flattening, logistic hidden layers, softmax output. Output: probabilities,
    (num_images, num_classes); with 10 classes the index is the digit.

    Args:
        architecture: 1 to 5, a key of `ARCHITECTURES`.
        num_classes: output units: 10 in the original's text, 5 in its printed
            summaries of architectures 4 and 5.
        kernel_initializer: name in `INITIALIZERS`. The original names none;
            N(0, 1) is what explains its numbers.
        output_initializer: the same for the output layer; None: as the others.
        pixel_range: (lowest, highest), each (28, 28), to scale every pixel by its
            range; None: 0 to 255 for all.
        seed: int or None; it alone decides the weights of an architecture.
        model_class: `keras.Sequential` or a subclass of it.

    Raises:
        ValueError: unknown architecture or initializer.
    """
    if architecture not in ARCHITECTURES:
        raise ValueError(
            f"Unknown architecture {architecture!r}: expected one of "
            f"{', '.join(map(str, ARCHITECTURES))}."
        )
    hidden = ARCHITECTURES[architecture]
    names = [*(f"hidden_layer_{i}" for i in range(1, len(hidden) + 1)), "output_layer"]
    initializers = [kernel_initializer] * len(hidden)
    initializers.append(output_initializer or kernel_initializer)
    model = model_class(name=f"architecture_{architecture}")
    model.add(keras.Input(IMAGE_SHAPE, name="image"))
    model.add(_scaling(pixel_range))
    model.add(keras.layers.Flatten(name="input_layer"))
    for depth, (name, units, initializer) in enumerate(
        zip(names, (*hidden, num_classes), initializers, strict=True)
    ):
        model.add(
            keras.layers.Dense(
                units,
                activation="softmax" if name == "output_layer" else "sigmoid",
                kernel_initializer=make_initializer(
                    initializer, _layer_seed(seed, architecture, depth)
                ),
                name=name,
            )
        )
    return model


def _scaling(pixel_range):
    """Min-max scaling to [0, 1]; a pixel without a range of its own has 0 to 255."""
    if pixel_range is None:
        return keras.layers.Rescaling(1 / WHITE, name="min_max_scaling")
    low, high = (np.asarray(values, np.float32) for values in pixel_range)
    width = np.where(high > low, high - low, WHITE)
    return keras.layers.Normalization(
        axis=(1, 2), mean=low, variance=width**2, name="min_max_scaling"
    )


def _layer_seed(seed, architecture, depth):
    """A seed of its own for each layer of each architecture; None stays None."""
    if seed is None:
        return None
    return int(np.random.SeedSequence((seed, architecture, depth)).generate_state(1)[0])


INITIALIZERS = {
    "random_normal_1": lambda seed: keras.initializers.RandomNormal(0.0, 1.0, seed),
    "random_normal_0.05": lambda seed: keras.initializers.RandomNormal(0.0, 0.05, seed),
    "glorot_uniform": keras.initializers.GlorotUniform,
    "he_normal": keras.initializers.HeNormal,
}


def make_initializer(name, seed=None):
    """The kernel initializer called `name`, with a seed of its own.

    Raises:
        ValueError: `name` is not in `INITIALIZERS`.
    """
    if name not in INITIALIZERS:
        raise ValueError(
            f"Unknown initializer {name!r}: expected one of {', '.join(INITIALIZERS)}."
        )
    return INITIALIZERS[name](seed)
