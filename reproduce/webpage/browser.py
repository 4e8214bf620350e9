"""A headless Chromium, for tests and screenshots of the page."""

import shutil
from contextlib import contextmanager

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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
    """A browser of playwright's, closed at the end."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_program(), args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
