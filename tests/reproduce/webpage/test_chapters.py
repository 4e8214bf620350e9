"""REPORT.md taken apart and put together again."""

from reproduce.webpage.chapters import read

SOURCE = (
    "# Top\n\nhead\n\n## One, a\n\nfirst\n\n### Deep\n\ndeeper\n\n## Two\n\nsecond\n"
)


def test_chapters_have_their_heads_and_parts():
    top = read(SOURCE)
    assert (top.title, top.head) == ("Top", "head")
    assert [part.title for part in top.parts] == ["One, a", "Two"]
    assert top.parts[0].parts[0].head == "deeper"


def test_a_body_is_what_was_below_the_heading():
    assert read(SOURCE).parts[0].body == "first\n\n### Deep\n\ndeeper"


def test_anchors_are_words():
    assert read(SOURCE).parts[0].anchor == "one-a"
