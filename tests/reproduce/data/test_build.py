"""`python -m reproduce.data.build` redoes the embedded file bit for bit."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from reproduce.data import DataError, build
from reproduce.data.digits import FILE, PER_DIGIT, load_digits

MNIST = Path(__file__).parents[4] / "shared" / "mnist"


def small_mnist():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 70_000).astype(np.uint8)
    return np.zeros((70_000, 28, 28), np.uint8), labels


def idx(array):
    header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}i", *array.shape)
    return header + array.tobytes()


@pytest.mark.skipif(not MNIST.is_dir(), reason="MNIST itself is not beside the project")
def test_mnist_gives_the_embedded_file(tmp_path):
    splits = build.draw_splits(*build.read_mnist(MNIST))
    embedded = load_digits()
    assert all(splits[n].sha256 == getattr(embedded, n).sha256 for n in PER_DIGIT)
    build.write_npz(tmp_path / "digits.npz", splits)
    assert (tmp_path / "digits.npz").read_bytes() == FILE.read_bytes()


def test_splits_follow_the_written_recipe():
    images, labels = small_mnist()
    images[:, 0, :4] = np.arange(70_000, dtype=">i4")[:, None].view(np.uint8)
    splits = build.draw_splits(images, labels)
    rng = np.random.default_rng(671)
    chosen = {
        d: rng.permutation(np.flatnonzero(labels == d))[:3795] for d in (1, 2, 3, 6, 9)
    }
    train = rng.permutation(np.concatenate([c[:2277] for c in chosen.values()]))
    validation = rng.permutation(
        np.concatenate([c[2277:3036] for c in chosen.values()])
    )
    test = rng.permutation(np.concatenate([c[3036:] for c in chosen.values()]))
    for name, expected in zip(PER_DIGIT, (train, validation, test), strict=True):
        places = splits[name].images[:, 0, :4].copy().view(">i4").ravel()
        np.testing.assert_array_equal(places, expected)


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
