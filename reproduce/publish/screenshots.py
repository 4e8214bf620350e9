"""Pictures of the page for the README: `python -m reproduce.publish.screenshots`."""

import io
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from reproduce.files import write_atomically

DEFAULT = Path("results/reference")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
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


def missing():
    """Why there is no browser, or an empty string."""
    try:
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is not installed (make browser)"
    return "" if _program() else "chromium is not installed (make browser)"


def _program():
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def open_browser():
    """A headless Chromium of playwright's, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def take(folder):
    """Write `screenshots/*.png` of the folder's page; returns their paths."""
    address = (folder / "report.html").resolve().as_uri()
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
    page.wait_for_timeout(500)  # the header shrinks, and what is below it moves
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
