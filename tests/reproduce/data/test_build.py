"""`python -m reproduce.data.build` redoes the embedded file bit for bit."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from reproduce.data import DataError, build, load_foreign
from reproduce.data.digits import FILE, FOREIGN, load_embedded

MNIST = Path(__file__).parents[4] / "shared" / "mnist"


def idx(array):
    header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}i", *array.shape)
    return header + array.tobytes()


@pytest.mark.skipif(not MNIST.is_dir(), reason="MNIST itself is not beside the project")
def test_mnist_gives_the_embedded_files(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "FILE", tmp_path / "digits.npz")
    monkeypatch.setattr(build, "FOREIGN", tmp_path / "foreign.npz")
    assert build.main([MNIST]) == 0
    for path in (FILE, FOREIGN):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()
    output = capsys.readouterr().out
    assert load_embedded().sha256 in output and load_foreign().sha256 in output


def test_the_other_digits_are_those_that_the_original_left_out():
    labels, counts = np.unique(load_foreign().labels, return_counts=True)
    assert labels.tolist() == [0, 4, 5, 7, 8] and set(counts) == {200}


@pytest.mark.parametrize("zipped", [True, False])
def test_idx_files_are_read_zipped_or_plain(tmp_path, zipped):
    array = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
    content = gzip.compress(idx(array)) if zipped else idx(array)
    (tmp_path / ("images.gz" if zipped else "images")).write_bytes(content)
    np.testing.assert_array_equal(build.read_idx(tmp_path / "images"), array)


def test_keras_mnist_npz_is_read_train_before_test(tmp_path):
    arrays = {}
    for digit, part in enumerate(("train", "test"), start=1):
        arrays[f"x_{part}"] = np.full((1, 28, 28), digit, np.uint8)
        arrays[f"y_{part}"] = np.array([digit], np.int64)
    np.savez(tmp_path / "mnist.npz", **arrays)
    mnist = build.whole_mnist(tmp_path / "mnist.npz")
    assert mnist.images[:, 0, 0].tolist() == mnist.labels.tolist() == [1, 2]
    assert mnist.labels.dtype == np.uint8


def test_a_file_that_is_not_idx_is_named(tmp_path):
    (tmp_path / "images").write_bytes(b"<html>")
    with pytest.raises(DataError, match="not an IDX file"):
        build.read_idx(tmp_path / "images")


@pytest.mark.parametrize("source", [[], ["nowhere"], ["a", "b"]])
def test_a_bad_source_ends_in_one_line_and_status_2(source, capsys):
    assert build.main(source) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
