"""Read an image of a digit as if it were one of MNIST's."""

import sys

import numpy as np

from reproduce.errors import ImageError
from reproduce.files import read_regular

from .centring import centre
from .decoding import MAX_PIXELS, decode
from .ink import find_ink

MAX_BYTES = 200_000_000
STDIN = "-"


def read_image(source, name=None):
    """One image of a digit, as MNIST has it.

    Args:
        source: path of an image file, `-` for standard input, or its bytes. Any
            photo, scan or drawing of one digit on plain ground.
        name: of the image in messages; the path by default.

    Returns:
        uint8, (28, 28), 0 (background) to 255 (ink).

    Raises:
        ImageError: the image cannot be read, or is blank.
    """
    is_content = isinstance(source, bytes | bytearray | memoryview)
    name = name or ("image" if is_content else _name(source))
    grey = decode(bytes(source) if is_content else _content(source, name), name)
    ink = find_ink(grey)
    if ink is None:
        raise ImageError(
            f"{name}: blank, nothing stands out from the background; "
            "write the digit thicker or with more contrast"
        )
    return np.floor(centre(ink) + 0.5).astype(np.uint8)


def _name(source):
    return "standard input" if str(source) == STDIN else str(source)


def _content(source, name):
    try:
        if str(source) == STDIN:
            content = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            content = read_regular(source, MAX_BYTES + 1)
    except FileNotFoundError:
        raise ImageError(f"{name}: no such file; check the path") from None
    except OSError as error:
        raise ImageError(
            f"{name}: cannot be read ({error.strerror}); give an image file, or "
            f"{STDIN} for standard input"
        ) from None
    if len(content) > MAX_BYTES:
        raise ImageError(
            f"{name}: more than {MAX_BYTES // 10**6} MB; an image of at most "
            f"{MAX_PIXELS // 10**6} megapixels needs less"
        )
    return content
