"""The page as a file: whole, closed, and the same each time."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from reproduce.experiment.store import Store
from reproduce.report import build
from reproduce.webpage.document import FILE

from ..report.conftest import make_record
from .conftest import REFERENCE


class Outline(HTMLParser):
    """Tags and attributes of a page, and its headings' levels."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "input", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, attribute):
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]


@pytest.fixture(scope="module")
def content():
    return (REFERENCE / FILE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def outline(content):
    return Outline(content)


def write(folder, *records):
    for record in records:
        Store(folder).write(record)
    build(folder)
    return (folder / FILE).read_text(encoding="utf-8")


def test_every_element_is_closed(outline):
    assert outline.open == []


def test_names_are_unique_and_every_link_within_leads_somewhere(outline):
    names = Counter(outline.all("id"))
    assert max(names.values()) == 1
    links = [link[1:] for link in outline.all("href") if link.startswith("#")]
    assert len(links) > 35
    assert [link for link in links if link not in names] == []


def test_other_links_lead_to_files_beside_the_page(outline):
    links = {a for a in outline.all("href") if a[0] != "#" and a != "data:,"}
    assert [link for link in links if not (REFERENCE / link).is_file()] == []


def test_nothing_is_loaded(outline, content):
    assert all(source.startswith("data:image/png") for source in outline.all("src"))
    assert "url(" not in content and "@import" not in content
    policy = next(a["content"] for _, a in outline.tags if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy


def test_the_policy_holds_for_all_elements(outline):
    assert outline.all("style") == []
    assert [
        name for _, attrs in outline.tags for name in attrs if name[:2] == "on"
    ] == []


def test_headings_skip_no_level(content):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", content)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


def test_images_and_tables_are_named(content):
    assert re.findall(r'<img(?![^>]*alt="[^"]+)', content) == []
    named = re.findall(r"<table[^>]*class=[^>]*><caption>", content)
    assert len(named) >= 8


def test_it_stays_small(content):
    assert len(content) < 4_000_000


def test_few_records_make_a_page_that_says_what_is_missing(tmp_path):
    page = write(tmp_path, make_record(1, "sgd"))
    Outline(page)
    assert "is not in this folder (best_model.keras)" in page
    assert 'id="pad"' not in page
    assert page.count("No run yet, so no curves.") == 4


def test_runs_that_the_criterion_never_ended_still_make_a_page(tmp_path):
    run = replace(make_record(), ending="diverged", splits={}, model_sha256=None)
    page = write(tmp_path, replace(run, history={"loss": [], "accuracy": []}))
    Outline(page)
    assert "The criterion ended no run, so there is no best model." in page


def test_words_of_records_cannot_become_markup(tmp_path):
    provenance = {"cpu": "<script>alert(1)</script>", "versions": {}}
    page = write(tmp_path, make_record(provenance=provenance))
    assert "<script>alert" not in page


def test_making_it_loads_neither_tensorflow_nor_keras(tmp_path):
    Store(tmp_path).write(make_record())
    code = (
        "import sys; from reproduce.webpage.document import page; "
        "from reproduce.report import build; build(sys.argv[1]); "
        "sys.exit(any(m in sys.modules for m in ('tensorflow', 'keras')))"
    )
    assert subprocess.run([sys.executable, "-c", code, tmp_path]).returncode == 0
