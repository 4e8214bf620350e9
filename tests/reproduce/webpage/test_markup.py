"""What is not markup is escaped."""

import pytest

from reproduce.webpage.markup import Markup, element, markdown


def test_text_and_attributes_are_escaped():
    found = element("p", "a < b", title='"&"', hidden=True, id=None)
    assert found == '<p title="&quot;&amp;&quot;" hidden>a &lt; b</p>'


def test_markup_is_not_escaped_again():
    assert (
        element("p", element("b", "x"), Markup("<i></i>")) == "<p><b>x</b><i></i></p>"
    )


def test_markdown_of_the_report_keeps_to_the_policy():
    found = markdown("| a | b |\n| --- | ---: |\n| <i> | 1 |", {})
    assert "style=" not in found and "<i>" not in found
    assert 'class="number"' in found


@pytest.mark.parametrize("file, there", [("figures/a.png", True), ("b.png", False)])
def test_images_are_put_into_the_page(file, there):
    found = markdown(f"![words]({file})", {"figures/a.png": b"png"})
    assert ("data:image/png;base64,cG5n" in found) is there
    assert 'alt="words"' in found
