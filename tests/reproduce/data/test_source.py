"""Data of one's own is read whole or refused with the file that is wrong."""

import shutil

import numpy as np
import pytest
from PIL import Image

from reproduce.data import DataError, load_digits, load_other
from reproduce.data.source import is_embedded, read_data, store

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
    again = load_other(path, digits.sha256)
    assert (again.train.images == digits.train.images).all()
    with pytest.raises(DataError, match="not the data of these runs"):
        load_other(path, "0" * 64)


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


@pytest.mark.parametrize(("how", "said"), BAD.items())
def test_a_bad_folder_is_refused_in_one_line(how, said, folder):
    spoil(folder, how)
    with pytest.raises(DataError) as error:
        read_data(folder)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def mnist(path, each=3795, shape=(28, 28), dtype=np.uint8, **changes):
    labels = np.repeat([1, 2, 3, 6, 9, 0], each).astype(np.uint8)
    images = np.zeros((len(labels), *shape), dtype)
    images[:, 0, 0] = labels
    half = len(labels) // 2
    arrays = {
        "x_train": images[:half],
        "y_train": labels[:half],
        "x_test": images[half:],
        "y_test": labels[half:],
    }
    np.savez_compressed(path, **{**arrays, **changes})
    return path


def test_of_mnist_the_five_digits_are_taken_and_split_alike(tmp_path):
    digits = read_data(mnist(tmp_path / "mnist.npz"))
    assert digits.classes == (1, 2, 3, 6, 9)
    assert [len(s.labels) for s in (digits.train, digits.test)] == [5 * 2277, 5 * 759]
    assert (digits.train.images[:, 0, 0] == digits.train.labels).all()
    assert not is_embedded(digits)
    assert is_embedded(load_digits())


NOT_MNIST = {
    "too few": ({"each": 100}, "100 images of the digit 1"),
    "another size": ({"shape": (32, 32), "each": 10}, "expected uint8"),
    "fractions": ({"dtype": np.float32, "each": 10}, "images are float32"),
    "objects": ({"y_test": np.array([{}]), "each": 10}, "neither a folder"),
}


@pytest.mark.parametrize(("changes", "said"), NOT_MNIST.values(), ids=NOT_MNIST)
def test_what_is_not_mnist_is_refused(changes, said, tmp_path):
    path = mnist(tmp_path / "mnist.npz", **changes)
    with pytest.raises(DataError, match=said):
        read_data(path)


@pytest.mark.parametrize("content", [b"", b"x", b"PK\x03\x04"])
def test_what_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "mnist.npz").write_bytes(content)
    with pytest.raises(DataError, match="neither a folder of images nor MNIST"):
        read_data(tmp_path / "mnist.npz")
