"""Published paths are those of published records; others are left out."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.experiment.store import Store
from reproduce.report.paths import ANIMATION, FILE, read_paths, section
from reproduce.report.paths_figure import still

REFERENCE = Path(__file__).parents[3] / "results" / "reference"


@pytest.fixture(scope="module")
def found():
    return read_paths(REFERENCE, Protocol())


@pytest.mark.xfail(
    strict=True,
    reason="the published paths are of the first edition's runs: `make paths` renews "
    "them once the published studies are complete",
)
def test_the_published_paths_are_the_published_runs(found):
    assert list(found["paths"]) == list(METHODS)
    for method, path in found["paths"].items():
        cell = Cell(found["architecture"], method, found["seed"])
        record = Store(REFERENCE).read(cell)
        losses = record.history["loss"]
        assert path["epochs"][-1] == record.epochs
        assert path["losses"] == [losses[epoch - 1] for epoch in path["epochs"][1:]]


def test_the_share_that_the_plane_explains_is_said(found):
    shares = found["shares"].values()
    assert 0 < min(shares) <= found["share"] <= max(shares) <= 1
    assert f"It explains {found['share']:.0%} of the weighted" in section(found)


def test_the_animation_is_small_and_in_the_colours_of_the_methods(found):
    assert (REFERENCE / ANIMATION).stat().st_size < 1_500_000
    with Image.open(io.BytesIO(still(found))) as image:
        pixels = {
            tuple(pixel) for pixel in np.asarray(image.convert("RGB")).reshape(-1, 3)
        }
    for method in METHODS.values():
        assert tuple(bytes.fromhex(method.colour[1:])) in pixels


@pytest.mark.parametrize("content", [None, b"", b"[]", b'{"protocol": {}}'])
def test_without_paths_the_report_says_nothing_of_them(content, tmp_path):
    if content is not None:
        (tmp_path / FILE).parent.mkdir()
        (tmp_path / FILE).write_bytes(content)
    assert section(read_paths(tmp_path, Protocol())) == ""


def test_paths_of_other_settings_are_left_out(found, tmp_path):
    (tmp_path / FILE).parent.mkdir()
    (tmp_path / FILE).write_text(json.dumps(found))
    assert read_paths(tmp_path, Protocol()) == found
    assert read_paths(tmp_path, replace(Protocol(), max_epochs=3)) is None
