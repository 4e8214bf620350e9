"""What is no image of a digit is refused in one line that says why."""

import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from reproduce.predict import ImageError, read_image

from .samples import encode

NOISE = np.random.default_rng(0).normal(0, 4, (400, 400))


def huge_header():
    """A PNG of 100,000 x 100,000 pixels with hardly more than a header."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)
    length, crc = struct.pack(">I", 13), struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + length + header + crc + length + b"IDAT"


def pixels(megapixels):
    return encode(Image.new("1", (1000 * megapixels, 1000)))


BAD = {
    "empty": (lambda page: b"", "empty"),
    "text": (lambda page: b"<html>404</html>", "not a readable image"),
    "postscript": (lambda page: b"%!PS-Adobe-3.0 EPSF-3.0\n", "not a readable image"),
    "truncated": (lambda page: encode(page)[:-200], "damaged PNG"),
    "truncated jpeg": (lambda page: encode(page, "JPEG")[:-400], "damaged JPEG"),
    "header only": (lambda page: encode(page)[:40], "not a readable image"),
    "huge header": (lambda page: huge_header(), "more than 40 megapixels"),
    "41 megapixels": (lambda page: pixels(41), "41000 x 1000 pixels, more than 40"),
    "warned of": (lambda page: pixels(100), "more than 40 megapixels"),
    "white": (lambda page: encode(np.full((50, 50), 255, np.uint8)), "blank"),
    "black": (lambda page: encode(np.zeros((28, 28), np.uint8)), "blank"),
    "one pixel": (lambda page: encode(np.zeros((1, 1), np.uint8)), "blank"),
    "noise": (
        lambda page: encode((128 + NOISE).astype(np.uint8)),
        "blank",
    ),
    "transparent": (lambda page: encode(Image.new("RGBA", (50, 50))), "blank"),
    "deep black": (lambda page: encode(np.zeros((9, 9), np.uint16)), "blank"),
    "not a number": (
        lambda page: encode(np.full((9, 9), np.nan, np.float32), "TIFF"),
        "blank",
    ),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_images_are_told_apart_in_one_line(kind, page, tmp_path):
    make, message = BAD[kind]
    path = tmp_path / "drawing.img"
    path.write_bytes(make(page))
    with pytest.raises(ImageError, match=message) as raised:
        read_image(path)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)


def test_a_png_cut_anywhere_is_an_image_error_or_still_shows_a_digit(page):
    content = encode(page)
    for end in range(0, len(content), 97):
        try:
            assert read_image(content[:end]).shape == (28, 28)
        except ImageError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("shape", [(1, 300), (300, 1), (2, 2), (3000, 3)])
def test_odd_shapes_are_read_or_refused(shape):
    grey = np.full(shape, 255, np.uint8)
    grey[shape[0] // 2, shape[1] // 2] = 0
    try:
        assert read_image(encode(grey)).any()
    except ImageError as error:
        assert "blank" in str(error)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(ImageError, match="no such file"):
        read_image(tmp_path / "none.png")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_and_devices_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    for path in (tmp_path / "pipe.png", "/dev/zero"):
        with pytest.raises(ImageError, match="Not a regular file.*- for standard"):
            read_image(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_said_to_be_unreadable(tmp_path):
    path = tmp_path / "secret.png"
    path.touch(mode=0)
    with pytest.raises(ImageError, match="cannot be read"):
        read_image(path)
