"""Files in a folder of data are opened as the images they should be, or not at all."""

import os

import numpy as np
import pytest
from PIL import EpsImagePlugin, Image

from reproduce.data import DataError
from reproduce.data.source import read_data

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 28 28\n%%EndComments\n"
EPS += b"%%Page: 1 1\nshowpage\n%%EOF\n"


@pytest.fixture
def folder(tmp_path):
    """An image of each of two digits in each split."""
    for split in ("train", "val", "test"):
        for digit in "39":
            place = tmp_path / "data" / split / digit
            place.mkdir(parents=True)
            Image.fromarray(np.eye(28, dtype=np.uint8)).save(place / "0.png")
    return tmp_path / "data"


def refused(folder, message):
    with pytest.raises(DataError, match=message) as raised:
        read_data(folder)
    assert "\n" not in str(raised.value)


def test_no_other_program_is_started_whatever_a_file_holds(folder, monkeypatch):
    """Pillow draws PostScript, whatever the file's name, with Ghostscript."""

    def start(*arguments, **options):
        raise AssertionError("Ghostscript was started")

    monkeypatch.setattr(EpsImagePlugin, "Ghostscript", start)
    (folder / "train/3/0.png").write_bytes(EPS)
    refused(folder, "train/3/0.png: not a readable image; expected PNG or JPEG")


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "WEBP", "PPM"])
def test_other_formats_under_a_name_of_png_are_refused(kind, folder):
    image = Image.open(folder / "train/3/0.png")
    image.save(folder / "train/3/0.png", kind)
    refused(folder, "expected PNG or JPEG")


def test_a_jpeg_under_a_name_of_png_is_read(folder):
    image = Image.open(folder / "train/3/0.png")
    image.save(folder / "train/3/0.png", "JPEG")
    assert read_data(folder).classes == (3, 9)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_are_refused_without_waiting(folder, tmp_path):
    os.mkfifo(tmp_path / "mnist.npz")
    refused(tmp_path / "mnist.npz", "no such folder or file")
    os.mkfifo(folder / "val/9/1.png")
    refused(folder, "val/9/1.png: not a readable image .Not a regular file.")


def test_what_a_damaged_image_makes_its_decoder_raise_is_said_in_one_line(folder):
    path = folder / "val/9/0.png"
    whole = path.read_bytes()
    for end in range(0, len(whole) - 24, 5):
        path.write_bytes(whole[:end])
        refused(folder, "val/9/0.png: not a readable image")


def test_a_name_that_commands_a_terminal_is_shown_as_text(folder):
    (folder / "val/9/\x1b[31m\n.png").write_bytes(b"")
    refused(folder, r"val/9/\\x1b\[31m\\n.png: not a readable image")
