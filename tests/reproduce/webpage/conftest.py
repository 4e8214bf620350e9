"""The published page, and a browser to open it in."""

import os
from pathlib import Path

import pytest

from reproduce.webpage.browser import missing, open_browser
from reproduce.webpage.document import FILE

REFERENCE = Path(__file__).parents[3] / "results" / "reference"


@pytest.fixture(scope="session")
def address():
    """Of the published page, on disk."""
    return (REFERENCE / FILE).as_uri()


@pytest.fixture(scope="session")
def browser():
    """Skips where there is none, unless one is required, as in CI."""
    why = missing()
    if why and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    with open_browser() as opened:
        yield opened


@pytest.fixture
def open_page(browser, address):
    """Opens the page; a message, an error or a request at any time is a failure."""
    pages, complaints = [], []

    def watch(page):
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: _note(request.url, complaints, address))

    def open_one(**settings):
        context = browser.new_context(reduced_motion="reduce", **settings)
        page = context.new_page()
        watch(page)
        page.goto(address)
        pages.append(context)
        return page

    yield open_one
    for context in pages:
        context.close()
    assert complaints == []


def _note(url, complaints, address):
    if not url.startswith("data:") and url.partition("#")[0] != address:
        complaints.append(url)


def pad_box(page):
    """Where on the screen the field to draw on is."""
    pad = page.locator("#pad")
    pad.scroll_into_view_if_needed()
    return pad.bounding_box()


def settle(page):
    """Wait until what was drawn has been told: that takes a frame."""
    frame = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
    page.evaluate(f"() => {frame}")


@pytest.fixture
def page(open_page):
    """The page on a desktop, in light colours."""
    viewport = {"width": 1280, "height": 900}
    return open_page(viewport=viewport, color_scheme="light")
