"""Images as people might hand them in."""

import io
import subprocess
import sys

import numpy as np
from PIL import Image

from reproduce.training.pool import ROOT


def scan(image, scale=8):
    large = np.kron(image, np.ones((scale, scale), np.uint8))
    return 255 - np.pad(large, ((5 * scale, 15 * scale), (10 * scale, 4 * scale)))


def encode(pixels, kind="PNG", **options):
    """Bytes of an image file; `pixels` is an array or a Pillow image."""
    image = Image.fromarray(pixels) if isinstance(pixels, np.ndarray) else pixels
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def run_python(*arguments, stdin=b""):
    """A Python process in the project's folder."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, input=stdin, capture_output=True
    )
