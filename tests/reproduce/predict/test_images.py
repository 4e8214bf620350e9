"""Any reasonable image of a digit is read as MNIST's own."""

import io

import numpy as np
import pytest
from PIL import Image

from reproduce.predict import ImageError, read_image

from .samples import encode, scan

NOISE = np.random.default_rng(0).normal(0, 4, (400, 400))


def similarity(image, original):
    a, b = (x.astype(float).ravel() for x in (image, original))
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def with_alpha(page, ink, paper_alpha=0):
    """Ink of one grey level, on paper that is nothing but transparent."""
    alpha = np.maximum(255 - page, paper_alpha)
    return np.dstack([np.full_like(page, ink)] * 3 + [alpha.astype(np.uint8)])


def palette_with_transparency(page):
    image = Image.fromarray((page < 128).astype(np.uint8), "P")
    image.putpalette([255, 255, 255, 0, 0, 0])
    image.info["transparency"] = 0
    return encode(image, transparency=0)


def lit(page, paper):
    return paper * (0.2 + 0.8 * page / 255) + NOISE[: page.shape[0], : page.shape[1]]


def shades(page):
    return np.meshgrid(*(np.linspace(-1, 1, n) for n in page.shape), indexing="ij")


def photo(page):
    y, x = shades(page)
    grey = lit(page, 190 + 40 * x - 25 * y - 20 * (x**2 + y**2))
    return encode(grey.clip(0, 255).astype(np.uint8), "JPEG", quality=70)


def shadow(page):
    y, x = shades(page)
    grey = lit(page, np.where(x + 0.3 * y > 0.1, 120, 210))
    return encode(grey.clip(0, 255).astype(np.uint8))


def specks(page):
    grey = page.copy()
    grey[np.random.default_rng(1).random(page.shape) < 0.002] = 0
    return encode(grey)


def rotated_by_exif(page):
    image = Image.fromarray(np.rot90(page))
    exif = image.getexif()
    exif[0x0112] = 6
    return encode(image, "JPEG", exif=exif, quality=95)


IMAGES = {
    "png": encode,
    "jpeg": lambda page: encode(page, "JPEG"),
    "poor jpeg": lambda page: encode(page, "JPEG", quality=20),
    "gif": lambda page: encode(page, "GIF"),
    "bmp": lambda page: encode(page, "BMP"),
    "webp": lambda page: encode(page, "WEBP"),
    "tiff": lambda page: encode(page, "TIFF"),
    "light on dark": lambda page: encode(255 - page),
    "low contrast": lambda page: encode((100 + page * 0.15).astype(np.uint8)),
    "one bit": lambda page: encode(Image.fromarray(page).convert("1", dither=0)),
    "rgb": lambda page: encode(Image.fromarray(page).convert("RGB")),
    "blue on yellow": lambda page: encode(np.dstack([page, page, 150 - page // 3])),
    "cmyk": lambda page: encode(Image.fromarray(page).convert("CMYK"), "JPEG"),
    "palette": lambda page: encode(Image.fromarray(page).convert("P")),
    "palette, transparent": palette_with_transparency,
    "16 bit": lambda page: encode(page.astype(np.uint16) * 257),
    "12 of 16 bit": lambda page: encode(page.astype(np.uint16) * 16),
    "16 bit tiff": lambda page: encode(page.astype(np.uint16) * 257, "TIFF"),
    "float tiff": lambda page: encode((page / 255).astype(np.float32), "TIFF"),
    "black on transparent": lambda page: encode(with_alpha(page, 0)),
    "white on transparent": lambda page: encode(with_alpha(page, 255)),
    "opaque alpha": lambda page: encode(Image.fromarray(page).convert("RGBA")),
    "grey and alpha": lambda page: encode(Image.fromarray(page).convert("LA")),
    "turned by exif": rotated_by_exif,
    "photo": photo,
    "shadow": shadow,
    "specks": specks,
    "large": lambda page: encode(np.kron(page, np.ones((9, 9), np.uint8))),
}


@pytest.mark.parametrize("kind", IMAGES)
def test_every_kind_of_image_reads_as_the_digit_it_shows(kind, page, shown):
    image = read_image(IMAGES[kind](page))
    assert image.shape == (28, 28) and image.dtype == np.uint8
    assert similarity(image, shown) > (0.7 if kind == "shadow" else 0.93)


def test_scans_of_mnist_read_as_mnist(digits):
    scores = [similarity(read_image(encode(scan(i))), i) for i in digits.images]
    assert np.median(scores) > 0.99 and min(scores) > 0.7  # a shift by one pixel


def test_mnist_images_themselves_are_read(digits):
    scores = [similarity(read_image(encode(i)), i) for i in digits.images]
    assert np.median(scores) > 0.99 and min(scores) > 0.7


@pytest.mark.parametrize("scale", [1, 16, 100, 257])
def test_16_bit_values_are_scaled_not_clipped(page, scale):
    deep = page.astype(np.uint16) * scale
    expected = read_image(encode(page)).astype(int)
    assert np.abs(read_image(encode(deep)) - expected).mean() < 2


def test_standard_input_is_called_so(monkeypatch, page):
    stdin = io.TextIOWrapper(io.BytesIO(encode(page)))
    monkeypatch.setattr("sys.stdin", stdin)
    assert read_image("-").any()
    with pytest.raises(ImageError, match="standard input: the file is empty"):
        read_image("-")
