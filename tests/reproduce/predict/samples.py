"""Images and archives as people, and attackers, might hand them in."""

import io
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from PIL import Image

from reproduce.predict import ModelFileError, load_model
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


def rezip(content, change, kind=zipfile.ZIP_STORED):
    """The archive with its members (name to bytes) changed by a function."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w", kind) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return changed.getvalue()


def run_python(*arguments, stdin=b""):
    """A Python process in the project's folder."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, input=stdin, capture_output=True
    )


def refuse(folder, content, message):
    """The file must be refused, in one line that names it."""
    path = folder / "model.keras"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=message) as raised:
        load_model(path)
    assert str(raised.value).startswith(str(path)) and "\n" not in str(raised.value)
