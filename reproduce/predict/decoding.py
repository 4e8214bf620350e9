"""From the bytes of an image file to grey levels, before anything is a digit."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from reproduce.errors import ImageError

FORMATS = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "GIF": (".gif",),
    "BMP": (".bmp",),
    "WEBP": (".webp",),
    "TIFF": (".tif", ".tiff"),
}
SUFFIXES = tuple(suffix for suffixes in FORMATS.values() for suffix in suffixes)
MAX_PIXELS = 40_000_000
WORKING_SIZE = 800
PLAIN = 64  # opaque pixels with less contrast than this are ink without paper


def decode(content, name):
    """Grey levels of an image, upright, its transparent parts as background.

    Args:
        content: bytes of an image file.
        name: of the image, for messages.

    Returns:
        float64, (height, width), 0 to 255, at most about 1600 pixels a side.

    Raises:
        ImageError: not an image, damaged or too large.
    """
    if not content:
        raise ImageError(f"{name}: the file is empty; give an image of a digit")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with _open(content, name) as image:
            try:
                upright = ImageOps.exif_transpose(image)
                return _grey(upright)
            # Pillow's decoders raise whatever damaged data makes them raise.
            except Exception as error:
                raise ImageError(
                    f"{name}: damaged {image.format} image ({_line(error)}); "
                    "save or download it again"
                ) from None


def _open(content, name):
    """The image with only its header read, so that a huge one costs nothing."""
    try:
        image = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large(name, "") from None
    except Exception:  # as above
        raise ImageError(
            f"{name}: not a readable image; give a {', '.join(FORMATS)} file"
        ) from None
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large(name, f"{width} x {height} pixels, ")
    return image


def _too_large(name, size):
    return ImageError(
        f"{name}: {size}more than {MAX_PIXELS // 10**6} megapixels; "
        "scale it down or crop it to the digit"
    )


def _line(error):
    return " ".join(str(error).split())[:120] or type(error).__name__


def _grey(image):
    if image.mode.startswith(("I", "F")):
        return _from_deep(np.asarray(image, np.float64))
    if image.has_transparency_data:
        return _composite(_reduced(image.convert("RGBA").convert("LA")))
    # CMYK and palettes have their own way to grey, which is through RGB.
    plain = image if image.mode in ("1", "L", "RGB") else image.convert("RGB")
    return np.asarray(_reduced(plain.convert("L")), np.float64)


def _reduced(image):
    factor = max(1, max(image.size) // WORKING_SIZE)
    return image.reduce(factor) if factor > 1 else image


def _from_deep(values):
    """16 or 32 bits a pixel, or floats: scaled to 255 from the range in use."""
    values = np.maximum(np.nan_to_num(values, posinf=0, neginf=0), 0)
    largest = values.max()
    ranges = (1, 255, 4095, 65535, largest)
    values = values * (255 / next(top for top in ranges if largest <= top))
    factor = max(1, max(values.shape) // WORKING_SIZE)
    rows, columns = (max(1, n // factor) for n in values.shape)
    whole = values[: rows * factor, : columns * factor]
    return whole.reshape(rows, -1, columns, whole.shape[1] // columns).mean((1, 3))


def _composite(image):
    """Lay the image on paper of the colour its own background has.

    Where the opaque part is ink alone, the paper is what ink shows best on.
    """
    grey, alpha = np.moveaxis(np.asarray(image, np.float64), -1, 0)
    alpha = alpha / 255
    opaque = grey[alpha > 0.5]
    if not opaque.size:
        return np.zeros_like(grey)
    low, middle, high = np.percentile(opaque, (2, 50, 98))
    paper = middle
    if high - low < PLAIN or (alpha > 0.5).mean() < 0.5:
        paper = 0 if opaque.mean() > 127 else 255
    return grey * alpha + paper * (1 - alpha)
