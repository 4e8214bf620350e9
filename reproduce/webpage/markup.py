"""HTML as text: elements that escape what is in them, and Markdown as HTML."""

import base64
import re
from html import escape

from markdown_it import MarkdownIt

VOID = ("br", "img", "input", "meta", "link")
IMAGE = re.compile(r'src="([^"]+\.png)"')
ANCHORS = {
    "tables/verdicts.md": "#architecture-1",
    "tables/claims.md": "#claims-of-the-report",
}


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def element(name, *children, **attributes):
    """One element.

    Args:
        name: of the tag.
        children: `Markup`, or text to be escaped; None is left out.
        attributes: `class_` stands for `class`, `data_sort` for `data-sort`; True
            is an attribute without a value, None and False are none.
    """
    opening = "".join([name, *(_attribute(*pair) for pair in attributes.items())])
    if name in VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{join(*children)}</{name}>")


def _attribute(name, value):
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def join(*parts):
    """Parts side by side, text being escaped."""
    return Markup("".join(text(part) for part in parts if part is not None))


def text(part):
    return part if isinstance(part, Markup) else escape(str(part), quote=False)


def markdown(source, files):
    """Markdown as the report writes it, as HTML.

    Args:
        source: paragraphs, lists, tables, links, images.
        files: name to bytes; images among them are put into the page.
    """
    html = (
        MarkdownIt("commonmark", {"html": False, "xhtmlOut": False})
        .enable("table")
        .render(source)
    )
    # A style attribute would need a hole in the page's content security policy.
    html = html.replace('style="text-align:right"', 'class="number"')
    html = html.replace('style="text-align:left"', "")
    html = html.replace("<table>", f"{SCROLL}<table>")
    html = html.replace("</table>", "</table></div>")
    for file, anchor in ANCHORS.items():
        html = html.replace(f'href="{file}"', f'href="{anchor}"')
    return Markup(IMAGE.sub(lambda match: _inline(match, files), html))


SCROLL = '<div class="scroll" tabindex="0" role="region" aria-label="table">'


def scrolling(table, label):
    """A table that scrolls by itself where the screen is too narrow."""
    return element(
        "div", table, class_="scroll", tabindex=0, role="region", aria_label=label
    )


def _inline(match, files):
    if match[1] not in files:
        return match[0]
    return f'src="{data_uri(files[match[1]])}"'


def data_uri(png):
    """Bytes of a PNG image as an address."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
