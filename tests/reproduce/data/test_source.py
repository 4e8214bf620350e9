"""Data of one's own is read whole or refused with the file that is wrong."""

import shutil

import numpy as np
import pytest
from PIL import Image

from reproduce.data import DataError, load_digits, load_user_data
from reproduce.data.build import write_npz
from reproduce.data.digits import PER_DIGIT, Split
from reproduce.data.source import read_data, store

SPLITS = ("train", "val", "test")


@pytest.fixture
def folder(tmp_path):
    """Two images of each of two digits in each split, as courses hand them out."""
    embedded = load_digits().train
    for split in SPLITS:
        for digit in (3, 9):
            place = tmp_path / "data" / split / str(digit)
            place.mkdir(parents=True)
            chosen = embedded.images[embedded.labels == digit]
            for number in range(2):
                Image.fromarray(chosen[number]).save(place / f"{number}.png")
    return tmp_path / "data"


def test_a_folder_of_images_is_read_as_it_is(folder):
    digits, embedded = read_data(folder), load_digits().train
    assert digits.classes == (3, 9)
    assert sorted(digits.train.labels.tolist()) == [3, 3, 9, 9]
    threes = {image.tobytes() for image in digits.test.images[digits.test.labels == 3]}
    assert threes == {i.tobytes() for i in embedded.images[embedded.labels == 3][:2]}


def test_its_names_and_formats_vary(folder):
    before = read_data(folder)
    (folder / "val").rename(folder / "validation")
    image = Image.open(folder / "train/3/0.png")
    image.convert("RGB").save(folder / "train/3/0.PNG", format="png")
    (folder / "train/3/0.png").unlink()
    (folder / "train/.DS_Store").write_text("x")
    (folder / "train/3/notes.txt").write_text("x")
    assert read_data(folder).sha256 == before.sha256


def test_its_sha256_changes_with_any_pixel(folder):
    before = read_data(folder)
    pixels = np.array(Image.open(folder / "test/9/1.png"))
    pixels[0, 0] += 1
    Image.fromarray(pixels).save(folder / "test/9/1.png")
    assert read_data(folder).sha256 != before.sha256


def test_stored_data_is_read_again_and_checked(folder, tmp_path):
    digits, path = read_data(folder), tmp_path / "out" / "data.npz"
    store(digits, path)
    written = path.stat().st_mtime_ns
    store(digits, path)
    assert path.stat().st_mtime_ns == written
    copy = load_user_data(path, digits.sha256)
    assert (copy.train.images == digits.train.images).all()
    with pytest.raises(DataError, match="not the data of these runs"):
        load_user_data(path, "0" * 64)


def spoil(folder, how):
    """Make the folder bad in one way."""
    image, mended = folder / "train/3/0.png", folder / "val/9/0.png"
    if how == "no test":
        shutil.rmtree(folder / "test")
    elif how == "empty":
        shutil.rmtree(folder / "train")
        (folder / "train").mkdir()
    elif how == "a letter":
        (folder / "train/a").mkdir()
    elif how == "two figures":
        (folder / "train/12").mkdir()
    elif how == "another digit":
        (folder / "val/9").rename(folder / "val/8")
    elif how == "one digit":
        for split in SPLITS:
            shutil.rmtree(folder / split / "9")
    elif how == "too large":
        Image.open(image).resize((32, 30)).save(image)
    elif how == "broken":
        mended.write_bytes(mended.read_bytes()[:40])
    elif how == "inverted":
        for path in folder.glob("train/*/*.png"):
            Image.fromarray(255 - np.array(Image.open(path))).save(path)


BAD = {
    "no test": "no folder test; expected train, val and test",
    "empty": "no images in it",
    "a letter": "train/a: not a digit's name",
    "two figures": "train/12: not a digit's name",
    "another digit": "train has the digits 3, 9, validation has 3, 8",
    "one digit": "only one digit",
    "too large": "train/3/0.png: 32 x 30 pixels; expected 28 x 28",
    "broken": "val/9/0.png: not a readable image",
    "inverted": "train: dark on light",
}


@pytest.mark.parametrize(("how", "message"), BAD.items())
def test_a_bad_folder_is_refused_in_one_line(how, message, folder):
    spoil(folder, how)
    with pytest.raises(DataError) as error:
        read_data(folder)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def mnist(path, labels=tuple(range(10)) * 8, test=tuple(range(10)) * 2, **changes):
    """An `.npz` with Keras's names, whose images carry their label in a pixel."""
    arrays = {}
    for part, values in (("train", labels), ("test", test)):
        images = np.zeros((len(values), 28, 28), np.uint8)
        images[:, 0, 0] = np.array(values)
        images[:, 0, 1] = np.arange(len(values))
        arrays |= {f"x_{part}": images, f"y_{part}": np.array(values, np.int64)}
    np.savez_compressed(path, **{**arrays, **changes})
    return path


def test_of_an_npz_every_digit_and_every_image_is_taken(tmp_path):
    digits = read_data(mnist(tmp_path / "mnist.npz"))
    assert digits.classes == tuple(range(10))
    splits = {name: getattr(digits, name) for name in PER_DIGIT}
    counts = {
        name: np.bincount(piece.labels).tolist() for name, piece in splits.items()
    }
    assert counts == {"train": [6] * 10, "validation": [2] * 10, "test": [2] * 10}
    for split in splits.values():
        assert (split.images[:, 0, 0] == split.labels).all()
    parts = (splits["train"], splits["validation"])
    indices = np.concatenate([split.images[:, 0, 1] for split in parts])
    assert sorted(indices.tolist()) == list(range(80))
    assert sorted(splits["test"].images[:, 0, 1].tolist()) == list(range(20))


def test_what_is_read_of_an_npz_is_in_random_order_and_the_same_again(tmp_path):
    path = mnist(tmp_path / "mnist.npz", sorted(tuple(range(10)) * 8))
    digits = read_data(path)
    assert len(set(digits.train.labels[:10].tolist())) > 2
    assert read_data(path).sha256 == digits.sha256


def test_the_classes_of_an_npz_are_those_it_has(tmp_path):
    path = mnist(tmp_path / "few.npz", (0, 4, 7) * 8, (0, 4, 7))
    assert read_data(path).classes == (0, 4, 7)


LABELS = (0, 1) * 4
UNLIKE = {
    "a column": ({"y_train": np.array([LABELS]).T}, r"labels are int64 \(8, 1\)"),
    "too large": ({"y_train": np.array(LABELS) + 256}, "a label is 256; expected 0"),
    "negative": ({"y_test": np.array([0, -1])}, "npz, test: a label is -1"),
    "not a number": ({"y_test": np.array([0, np.nan])}, "labels are float64"),
    "fractions": ({"y_test": np.array([0.0, 1.0])}, r"astype.int. make them"),
    "strings": ({"y_test": np.array(["0", "1"])}, "labels are <U1"),
    "truth": ({"y_test": np.array([False, True])}, "labels are bool"),
    "one for all": ({"y_test": np.array(1)}, r"labels are int64 \(\)"),
    "too few": ({"y_test": np.array([0])}, r"images are uint8 \(2, 28, 28\); exp"),
    "another size": ({"x_test": np.zeros((2, 32, 32), np.uint8)}, "(2, 32, 32)"),
    "grey levels from 0 to 1": ({"x_test": np.zeros((2, 28, 28))}, "are float64"),
    "objects": ({"y_test": np.array([{}])}, "neither a folder"),
    "a class that is not tested": ({"y_test": np.array([0, 0])}, "test has 0; exp"),
    "dark on light": ({"x_test": np.full((2, 28, 28), 200, np.uint8)}, "dark on"),
}


@pytest.mark.parametrize(("changes", "message"), UNLIKE.values(), ids=UNLIKE)
def test_an_npz_that_is_not_like_mnist_is_refused_in_one_line(
    changes, message, tmp_path
):
    path = mnist(tmp_path / "mnist.npz", LABELS, (0, 1), **changes)
    with pytest.raises(DataError, match=message) as error:
        read_data(path)
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)


def test_stored_data_with_labels_that_are_none_is_refused(tmp_path):
    path, labels = tmp_path / "data.npz", np.array([[1], [2]])
    arrays = {"images": np.zeros((2, 28, 28), np.uint8), "labels": labels}
    write_npz(path, {f"{n}_{k}": v for n in PER_DIGIT for k, v in arrays.items()})
    with pytest.raises(DataError, match=r"labels are int64 \(2, 1\)"):
        load_user_data(path, Split(**arrays).sha256)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(DataError, match="neither a folder of images nor MNIST"):
        read_data(tmp_path / "mnist.npz")
