"""Files and folders as they should not be: name to what makes it at a path."""

import io
import json
import struct
import zipfile
import zlib
from dataclasses import replace

import numpy as np
from PIL import Image, ImageDraw

from reproduce.experiment.protocol import Cell
from reproduce.experiment.record import SCHEMA
from reproduce.experiment.store import Store
from reproduce.experiment.studies import NAMED

from .analysis.runs import run


def png(draw=True):
    image = Image.new("L", (60, 60), "white")
    if draw:
        ImageDraw.Draw(image).line((30, 10, 30, 50), "black", 6)
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def huge_png():
    """A few bytes that say they are 60,000 pixels wide and high."""
    content, header = png(), struct.pack(">II", 60_000, 60_000)
    chunk = b"IHDR" + header + content[24:29]
    return content[:12] + chunk + struct.pack(">I", zlib.crc32(chunk)) + content[33:]


def keras(config=b"{}", weights=b"\x89HDF\r\n\x1a\n", **more):
    members = {"config.json": config, "metadata.json": b"{}"}
    members |= {"model.weights.h5": weights, **more}
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    return content.getvalue()


def lambda_layer():
    layer = {"class_name": "Lambda", "module": "keras.layers", "config": {}}
    model = {"class_name": "Sequential", "config": {"layers": [layer]}}
    return keras(json.dumps({**model, "module": "keras"}).encode())


def write(*records):
    """A maker of an output folder with these records."""

    def make(path):
        for record in records:
            Store(path).write(record)

    return make


def damaged_records(path):
    write(run())(path)
    Store(path).path(Cell(1, "sgd", 0)).write_text("{")


def newer_record(path):
    """As a later version of this project may write it."""
    write(run())(path)
    place = Store(path).path(Cell(1, "sgd", 0))
    values = json.loads(place.read_text()) | {"schema": SCHEMA + 1}
    del values["file_sha256"], values["splits"]
    place.write_text(json.dumps(values))


def column_of_labels():
    """An `.npz` like MNIST's, but with labels of the shape (n, 1)."""
    content, images = io.BytesIO(), np.zeros((4, 28, 28), np.uint8)
    parts = {"x_train": images, "x_test": images}
    labels = np.arange(4)[:, None]
    np.savez(content, **parts, y_train=labels, y_test=labels)
    return content.getvalue()


def folder_for_a_record(path):
    Store(path).path(Cell(1, "sgd", 0)).mkdir(parents=True)


def other_model(path):
    path.mkdir()
    (path / "best_model.keras").write_bytes(lambda_layer())
    protocol = {"data_sha256": None, "subset": None}
    card = {"sha256": "0", "digits": [1, 2], "protocol": protocol}
    (path / "best_model.json").write_text(json.dumps(card))


def forbidden(path):
    path.mkdir()
    path.chmod(0o555)


GLOROT = NAMED["glorot"]
FOLDERS = {
    "gone": lambda path: None,
    "void": lambda path: path.mkdir(),
    "records": write(run()),
    "two-protocols": write(run(), replace(run(2), protocol=GLOROT)),
    "damaged-records": damaged_records,
    "newer-record": newer_record,
    "folder-for-a-record": folder_for_a_record,
    "other-model": other_model,
    "forbidden": forbidden,
}
CONTENTS = {
    "file": b"",
    "good.png": png(),
    "empty.png": b"",
    "text.png": b"not a picture",
    "page.png": b"<html>404</html>",
    "cut.png": png()[:60],
    "flipped.png": png()[:50] + bytes(8) + png()[58:],
    "huge.png": huge_png(),
    "blank.png": png(draw=False),
    "empty.keras": b"",
    "page.keras": b"<html>404</html>",
    "cut.keras": keras()[:100],
    "hdf5.keras": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "model.h5": b"\x89HDF\r\n\x1a\n" + bytes(100),
    "lambda.keras": lambda_layer(),
    "escape.keras": keras(**{"../../evil.py": b"import os"}),
    "bomb.keras": keras(weights=bytes(10**7)),
    "no-json.keras": keras(config=b"{"),
    "no-weights.keras": keras(
        json.dumps({"class_name": "Sequential", "module": "keras"}).encode(), b"x"
    ),
    "column.npz": column_of_labels(),
    "latin.md": "café".encode("latin-1"),
    "unknown-block.md": b"<!-- generated: poem -->\nx\n<!-- end -->\n",
}


def make(name, path):
    """Put what is called `name` at `path`."""
    if name in FOLDERS:
        FOLDERS[name](path)
    else:
        path.write_bytes(CONTENTS[name])
