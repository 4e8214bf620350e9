"""The five networks are those of the original's section 1.4 and its summaries."""

import keras
import numpy as np
import pytest

from models import ARCHITECTURES, INITIALIZERS, build_model

PARAMETERS = {
    1: 784 * 128 + 128 + 128 * 64 + 64 + 64 * 128 + 128 + 128 * 10 + 10,
    2: 784 * 256 + 256 + 256 * 128 + 128 + 128 * 256 + 256 + 256 * 10 + 10,
    3: 784 * 512 + 512 + 512 * 256 + 256 + 256 * 128 + 128 + 128 * 10 + 10,
    4: 784 * 512 + 512 + 512 * 256 + 256 + 256 * 128 + 128 + 128 * 64 + 64 + 650,
    5: 784 * 512 + 512 + 512 * 256 + 256 + 256 * 128 + 128 + 128 * 64 + 64
    + 64 * 32 + 32 + 32 * 10 + 10,
}  # fmt: skip
every_architecture = pytest.mark.parametrize("architecture", ARCHITECTURES)


def test_there_are_five_in_table_order():
    assert list(ARCHITECTURES) == list(PARAMETERS)


@every_architecture
def test_parameter_count_is_the_sum_over_its_layers(architecture):
    assert build_model(architecture).count_params() == PARAMETERS[architecture]


@pytest.mark.parametrize(("architecture", "printed"), [(4, 574_725), (5, 576_645)])
def test_five_outputs_give_the_printed_totals(architecture, printed):
    assert build_model(architecture, num_classes=5).count_params() == printed


@every_architecture
def test_layers_are_named_and_activated_as_in_the_report(architecture):
    _, flatten, *dense = build_model(architecture).layers
    hidden = [f"hidden_layer_{i + 1}" for i in range(len(dense) - 1)]
    assert [layer.name for layer in (flatten, *dense)] == [
        "input_layer",
        *hidden,
        "output_layer",
    ]
    activations = [layer.activation.__name__ for layer in dense]
    assert activations == ["sigmoid"] * len(hidden) + ["softmax"]


def test_raw_images_give_ten_probabilities():
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype("float32")
    outputs = build_model(1, seed=1).predict(images, verbose=0)
    assert outputs.shape == (3, 10)
    np.testing.assert_allclose(outputs.sum(axis=1), 1.0, rtol=1e-5)


def test_pixels_are_scaled_to_between_0_and_1():
    scaled = build_model(1).layers[0](np.array([[0.0, 255.0]]))
    np.testing.assert_allclose(scaled, [[0.0, 1.0]], rtol=1e-6)


def test_the_seed_alone_decides_the_weights():
    keras.utils.set_random_seed(1)
    first = build_model(2, seed=7).get_weights()
    keras.utils.set_random_seed(2)
    repeat, second = build_model(2, seed=7).get_weights(), build_model(2, seed=8)
    assert all((a == b).all() for a, b in zip(first, repeat, strict=True))
    assert (first[0] != second.get_weights()[0]).any()


def test_architectures_start_from_different_weights_where_shapes_agree():
    first, second = (build_model(a, seed=7).get_weights()[0] for a in (3, 4))
    assert (first != second).any()


def test_layers_of_one_shape_start_from_different_weights():
    kernels = build_model(2, seed=7).get_weights()[::2]
    assert (kernels[0].ravel()[:1000] != kernels[1].ravel()[:1000]).any()


def test_default_kernels_are_standard_normal_and_biases_zero():
    kernel, bias = build_model(3, seed=1).get_weights()[:2]
    assert abs(kernel.mean()) < 0.01
    assert abs(kernel.std() - 1.0) < 0.01
    assert not bias.any()


def test_the_output_layer_can_start_otherwise():
    model = build_model(1, output_initializer="glorot_uniform", seed=1)
    assert abs(model.get_weights()[-2]).max() < 1.0 < abs(model.get_weights()[0]).max()


@pytest.mark.parametrize("name", INITIALIZERS)
def test_every_initializer_is_seeded(name):
    first, second = (build_model(1, kernel_initializer=name, seed=3) for _ in range(2))
    assert (first.get_weights()[0] == second.get_weights()[0]).all()


def test_unknown_architecture_is_answered_with_the_valid_ones():
    with pytest.raises(ValueError, match=r"architecture 6.*1, 2, 3, 4, 5"):
        build_model(6)


def test_unknown_initializer_is_answered_with_the_valid_ones():
    with pytest.raises(ValueError, match=r"'zeros'.*glorot_uniform"):
        build_model(1, kernel_initializer="zeros")


def test_each_pixel_can_be_scaled_by_its_own_extremes():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (50, 28, 28)).astype(np.uint8)
    images[:, 3, 4] = 7  # a pixel that is always the same: 0 to 255, as the others
    low, high = images.min(axis=0), images.max(axis=0)
    model = build_model(1, seed=1, pixel_range=(low, high))
    scaled = np.asarray(model.layers[0](images.astype("float32")))
    width = np.where(high > low, high.astype(float) - low, 255)
    np.testing.assert_allclose(scaled, (images - low) / width, atol=1e-6)
    assert model.count_params() == build_model(1).count_params()
    pairs = zip(model.get_weights(), build_model(1, seed=1).get_weights(), strict=True)
    assert all(np.array_equal(a, b) for a, b in pairs)
