"""Pictures of the page for the README: `python -m reproduce.webpage.screenshots`."""

import io
import sys
from pathlib import Path

from PIL import Image

from reproduce.experiment.store import write_atomically

from .browser import missing, open_browser
from .document import FILE

DEFAULT = Path("results/reference")
VIEWS = {
    "desktop": {"viewport": {"width": 1280, "height": 860}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "drawing": {"viewport": {"width": 1280, "height": 620}, "color_scheme": "dark"},
}


def take(folder):
    """Write `screenshots/*.png` of the folder's page; returns their paths."""
    address = (folder / FILE).resolve().as_uri()
    with open_browser() as browser:
        for name, settings in VIEWS.items():
            page = browser.new_page(**settings)
            page.goto(address)
            if name == "drawing":
                _draw_a_three(page)
            path = folder / "screenshots" / f"{name}.png"
            write_atomically(path, _small(page.screenshot(animations="disabled")))
            page.close()
            yield path


def _draw_a_three(page):
    page.locator("#draw").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('draw').scrollIntoView()")
    box = page.locator("#pad").bounding_box()
    strokes = [(80, 70), (140, 45), (190, 80), (175, 120), (125, 135), (180, 150)]
    strokes += [(200, 195), (150, 235), (85, 215)]
    points = [(box["x"] + x, box["y"] + y) for x, y in strokes]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=5)
    page.mouse.up()


def _small(png):
    """The same picture without transparency, packed as well as can be."""
    packed = io.BytesIO()
    with Image.open(io.BytesIO(png)) as image:
        image.convert("RGB").save(packed, format="png", optimize=True)
    return packed.getvalue()


if __name__ == "__main__":
    if missing():
        sys.exit(f"screenshots: {missing()}")
    for written in take(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT):
        print(written)
