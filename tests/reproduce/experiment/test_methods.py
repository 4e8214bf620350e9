"""A method's key says all of it, and nothing else is taken for a key."""

import pytest

from reproduce.experiment.methods import (
    METHODS,
    at_rate,
    colours,
    key_of,
    rank,
    slug,
    without_rate,
)
from reproduce.experiment.protocol import Cell, Protocol

HASH = "0" * 64
OTHERS = {
    'adam {"beta_2": 0.99}': "Adam (β₂=0.99)",
    "keras:Lion": "Keras Lion",
    'keras:Lion {"learning_rate": 0.0003}': "Keras Lion (η=0.0003)",
    f"a.b:Mine sha256:{HASH}": "Mine",
    f'mine:Mine {{"nesterov": true}} sha256:{HASH}': "Mine (nesterov=True)",
}
BAD = [
    "sdg",
    "adam {}",
    'adam {"beta_2":0.99}',
    'adam {"b": 1, "a": 2}',
    "mine:Mine",
    f"keras:Lion sha256:{HASH}",
    f"../evil:Mine sha256:{HASH}",
    "keras:Lion {",
    "keras:Lion\n",
    "",
    None,
]


@pytest.mark.parametrize(("key", "label"), OTHERS.items())
def test_any_other_method_is_read_from_its_key(key, label):
    assert METHODS[key].label == label
    assert key not in METHODS


def test_a_label_does_nothing_to_a_terminal():
    key = key_of("keras:Lion", {"a\t": "\x1b[31m\n\u202e"})
    assert METHODS[key].label == r"Keras Lion (a\t=\x1b[31m\n\u202e)"


@pytest.mark.parametrize("key", BAD)
def test_what_is_no_key_is_no_method(key):
    with pytest.raises(ValueError, match="unknown method"):
        Cell(1, key, 0)


def test_a_variant_keeps_the_originals_optimizer_and_its_other_settings():
    variant = 'rmsprop {"rho": 0.5}'
    assert METHODS[variant].optimizer == "RMSProp"
    assert Protocol().hyperparameters(variant) == {
        "learning_rate": 0.001,
        "rho": 0.5,
        "epsilon": 1e-8,
    }


def test_folders_are_plain_names_and_tell_arguments_apart():
    names = [slug(key) for key in OTHERS]
    assert len(set(names)) == len(names)
    assert all(name.isascii() and "/" not in name and " " not in name for name in names)
    assert slug("nag") == "nag"
    assert slug("keras:Lion") == "keras.Lion"


def test_another_version_of_a_file_has_the_same_folder():
    versions = [key_of("mine:Mine", {}, digit * 64) for digit in "01"]
    assert len({slug(key) for key in versions}) == 1


def test_others_come_after_the_originals_methods():
    keys = sorted([*OTHERS, *METHODS], key=rank)
    assert keys[:7] == list(METHODS)


def test_every_method_has_a_colour_of_its_own():
    keys = [*METHODS, *OTHERS, "keras:Nadam"]
    assert len(set(colours(keys).values())) == len(keys)


@pytest.mark.parametrize("key", ["nag", *list(OTHERS)[1:2], list(OTHERS)[3]])
def test_a_rate_is_put_in_and_taken_out_again(key):
    assert without_rate(at_rate(key, 0.3)) == (key, 0.3)
    assert METHODS[at_rate(key, 1)].arguments["learning_rate"] == 1.0
