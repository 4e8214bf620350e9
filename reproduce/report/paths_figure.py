"""The paths as a still, and as an animation over the epochs."""

import io

import numpy as np
from matplotlib import style
from matplotlib.colors import to_rgb
from PIL import Image

from reproduce.experiment.methods import METHODS

from .figures import STYLE
from .paths_scene import GROUND, Scene, last_epoch

FRAME, LAST = 110, 4000  # milliseconds
DPI = 100


def still(found):
    """The whole paths as the bytes of a PNG file.

    Args:
        found: what `paths.json` holds.
    """
    (image,) = _images(found, [last_epoch(found)])
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def animation(found):
    """The paths as they grow, a frame a kept epoch, as the bytes of a GIF file."""
    epochs = sorted({e for path in found["paths"].values() for e in path["epochs"]})
    first, *others = _images(found, epochs)
    packed = io.BytesIO()
    times = [FRAME] * len(others) + [LAST]
    first.save(
        packed, "GIF", save_all=True, append_images=others, duration=times, loop=0
    )
    return packed.getvalue()


def _images(found, epochs):
    """One image an epoch, all in the same few colours."""
    palette = _palette()
    with style.context({**STYLE, "figure.dpi": DPI}, after_reset=True):
        scene = Scene(found)
        drawn = [scene.at(epoch).image() for epoch in epochs]
    return [one.quantize(palette=palette, dither=Image.Dither.NONE) for one in drawn]


def _palette():
    """The methods' own colours, lighter ones for their edges, and greys."""
    methods = [np.array(to_rgb(method.colour)) for method in METHODS.values()]
    edges = [1 - share * (1 - c) for c in methods for share in (1, 0.75, 0.5, 0.25)]
    ground = [GROUND(level)[:3] for level in np.linspace(0, 1, 60)]
    greys = [(level,) * 3 for level in np.linspace(0, 1, 40)]
    image = Image.new("P", (1, 1))
    colours = np.rint(255 * np.array([*edges, *ground, *greys])).astype(int)
    image.putpalette(colours.ravel().tolist())
    return image
