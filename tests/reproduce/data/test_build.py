"""`python -m reproduce.data.build` redoes the embedded file bit for bit."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from reproduce.data import DataError, build
from reproduce.data.digits import FILE, load_embedded

MNIST = Path(__file__).parents[4] / "shared" / "mnist"


def idx(array):
    header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}i", *array.shape)
    return header + array.tobytes()


@pytest.mark.skipif(not MNIST.is_dir(), reason="MNIST itself is not beside the project")
def test_mnist_gives_the_embedded_file(tmp_path):
    split = build.five_digits(*build.read_mnist(MNIST))
    assert split.sha256 == load_embedded().sha256
    arrays = {"images": split.images, "labels": split.labels}
    build.write_npz(tmp_path / "digits.npz", arrays)
    assert (tmp_path / "digits.npz").read_bytes() == FILE.read_bytes()


@pytest.mark.parametrize("zipped", [True, False])
def test_idx_files_are_read_zipped_or_plain(tmp_path, zipped):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    content = gzip.compress(idx(array)) if zipped else idx(array)
    (tmp_path / ("images.gz" if zipped else "images")).write_bytes(content)
    np.testing.assert_array_equal(build.read_idx(tmp_path / "images"), array)


def test_keras_mnist_npz_is_read_train_before_test(tmp_path):
    parts = {"x_train": [[[1]]], "y_train": [1], "x_test": [[[2]]], "y_test": [2]}
    np.savez(tmp_path / "mnist.npz", **{k: np.uint8(v) for k, v in parts.items()})
    images, labels = build.read_mnist(tmp_path / "mnist.npz")
    assert (images.ravel().tolist(), labels.tolist()) == ([1, 2], [1, 2])


def test_a_file_that_is_not_idx_is_named(tmp_path):
    (tmp_path / "images").write_bytes(b"<html>")
    with pytest.raises(DataError, match="not an IDX file"):
        build.read_idx(tmp_path / "images")


@pytest.mark.parametrize("source", [[], ["nowhere"], ["a", "b"]])
def test_a_bad_source_ends_in_one_line_and_status_2(source, capsys):
    assert build.main(source) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
