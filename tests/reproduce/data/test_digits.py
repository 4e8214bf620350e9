"""A seed draws its digits from the embedded ones, and no others are let in."""

import os

import numpy as np
import pytest

from reproduce.data import DIGITS, DataError, load_digits
from reproduce.data.digits import FILE, PER_DIGIT, draw, load_embedded, load_user_data


@pytest.fixture(scope="module")
def digits():
    return load_digits()


@pytest.mark.parametrize("name", PER_DIGIT)
def test_each_split_has_the_reports_number_of_each_digit(digits, name):
    split = getattr(digits, name)
    counts = np.bincount(split.labels, minlength=10)
    assert counts.tolist() == [
        PER_DIGIT[name] if digit in DIGITS else 0 for digit in range(10)
    ]
    assert split.images.shape == (len(split.labels), 28, 28)
    assert split.images.dtype == np.uint8


def everything(digits):
    """Every image of a draw as bytes, split by split, the unused ones last."""
    splits = [getattr(digits, name) for name in (*PER_DIGIT, "unused")]
    return [image.tobytes() for split in splits for image in split.images]


@pytest.mark.parametrize("seed", [0, 1, 12345])
def test_the_splits_of_a_seed_are_disjoint_and_leave_the_rest_unused(seed):
    images = everything(load_digits(seed))
    embedded = [image.tobytes() for image in load_embedded().images]
    assert len(images) == len(set(images)) == 35_842
    assert sorted(images) == sorted(embedded)


def test_a_seed_repeats_its_draw_and_another_draws_others(digits):
    repeat, second = load_digits(0), load_digits(1)
    assert repeat.sha256 == digits.sha256 != second.sha256
    shared = set(everything(digits)[:11_385]) & set(everything(second)[:11_385])
    assert 0.25 < len(shared) / 11_385 < 0.40  # by chance: 11,385 of 35,842


def test_a_seed_draws_by_the_written_recipe():
    labels = np.random.default_rng(0).integers(0, 10, 50_000).astype(np.uint8)
    images = np.zeros((50_000, 28, 28), np.uint8)
    images[:, 0, :4] = np.arange(50_000, dtype=">i4")[:, None].view(np.uint8)
    rng = np.random.default_rng(np.random.SeedSequence(671, spawn_key=(5,)))
    mixed = [rng.permutation(np.flatnonzero(labels == d)) for d in (1, 2, 3, 6, 9)]
    drawn = draw(images, labels, 5)
    for name, first, last in (
        ("train", 0, 2277),
        ("validation", 2277, 3036),
        ("test", 3036, 3795),
    ):
        expected = rng.permutation(np.concatenate([m[first:last] for m in mixed]))
        places = getattr(drawn, name).images[:, 0, :4].copy().view(">i4").ravel()
        np.testing.assert_array_equal(places, expected)
    unused = drawn.unused.images[:, 0, :4].copy().view(">i4").ravel()
    expected = np.sort(np.concatenate([m[3795:] for m in mixed]))
    np.testing.assert_array_equal(unused, expected)


def test_classes_come_in_random_order(digits):
    assert len(set(digits.train.labels[:20].tolist())) == len(DIGITS)


def test_a_missing_file_is_named_with_the_remedy(tmp_path):
    with pytest.raises(DataError, match=r"gone\.npz: no such file.*git checkout"):
        load_embedded(tmp_path / "gone.npz")


def test_other_images_are_refused(tmp_path):
    embedded = load_embedded()
    images = embedded.images.copy()
    images[0, 0, 0] ^= 1
    np.savez(tmp_path / "other.npz", images=images, labels=embedded.labels)
    with pytest.raises(DataError, match="not the published images"):
        load_embedded(tmp_path / "other.npz")


@pytest.mark.parametrize("length", [0, 1, 100, 1_000_000, -1])
def test_a_truncated_file_is_named_with_the_remedy(tmp_path, length):
    path = tmp_path / "cut.npz"
    path.write_bytes(FILE.read_bytes()[:length])
    with pytest.raises(DataError, match=r"cut\.npz: damaged .*git checkout"):
        load_embedded(path)


@pytest.mark.parametrize("place", [40, 5_000, 2_000_000, -10])
def test_a_flipped_byte_is_noticed(tmp_path, place):
    content = bytearray(FILE.read_bytes())
    content[place] ^= 0xFF
    path = tmp_path / "flipped.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"flipped\.npz"):
        load_embedded(path)


def test_a_pickle_is_refused(tmp_path):
    path = tmp_path / "pickle.npz"
    np.savez(path, images=np.array([{}], object), labels=np.array([{}], object))
    with pytest.raises(DataError, match=r"pickle\.npz: damaged"):
        load_embedded(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "data.npz")
    with pytest.raises(DataError, match="Not a regular file"):
        load_user_data(tmp_path / "data.npz", "ab")
