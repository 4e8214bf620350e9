"""The embedded digits are the report's subset, and no others are let in."""

import numpy as np
import pytest

from reproduce.data import DIGITS, DataError, load_digits
from reproduce.data.build import write_npz
from reproduce.data.digits import FILE, PER_DIGIT


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


def test_no_image_is_in_two_splits(digits):
    images = [
        image.tobytes() for name in PER_DIGIT for image in getattr(digits, name).images
    ]
    assert len(set(images)) == len(images)


def test_classes_come_in_random_order(digits):
    assert len(set(digits.train.labels[:20].tolist())) == len(DIGITS)


def test_a_missing_file_is_named_with_the_remedy(tmp_path):
    with pytest.raises(DataError, match=r"gone\.npz: no such file.*git checkout"):
        load_digits(tmp_path / "gone.npz")


def test_other_images_are_refused(digits, tmp_path):
    images = digits.test.images.copy()
    images[0, 0, 0] ^= 1
    splits = {name: getattr(digits, name) for name in PER_DIGIT}
    splits["test"] = type(digits.test)(images, digits.test.labels)
    write_npz(tmp_path / "other.npz", splits)
    with pytest.raises(DataError, match="the test split is not the published one"):
        load_digits(tmp_path / "other.npz")


@pytest.mark.parametrize("kept", [0, 1, 100, 1_000_000, -1])
def test_a_truncated_file_is_named_with_the_remedy(tmp_path, kept):
    path = tmp_path / "cut.npz"
    path.write_bytes(FILE.read_bytes()[:kept])
    with pytest.raises(DataError, match=r"cut\.npz: damaged .*git checkout"):
        load_digits(path)


@pytest.mark.parametrize("place", [40, 5_000, 2_000_000, -10])
def test_a_flipped_byte_is_noticed(tmp_path, place):
    content = bytearray(FILE.read_bytes())
    content[place] ^= 0xFF
    path = tmp_path / "flipped.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"flipped\.npz"):
        load_digits(path)


def test_a_pickle_is_refused(tmp_path):
    path = tmp_path / "pickle.npz"
    names = [f"{s}_{field}" for s in PER_DIGIT for field in ("images", "labels")]
    np.savez(path, **{name: np.array([{}], object) for name in names})
    with pytest.raises(DataError, match=r"pickle\.npz: damaged"):
        load_digits(path)
