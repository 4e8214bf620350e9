"""A verdict as colour, shape and word, and one verdict for a whole cell."""

from reproduce.report import verdicts as v

from .markup import Markup, element

SHAPES = {
    v.AGREES: '<circle cx="8" cy="8" r="7"/>'
    '<path class="cut" d="M4.6 8.3l2.3 2.3 4.5-5"/>',
    v.NEAR: '<circle class="line" cx="8" cy="8" r="6.2"/>'
    '<path d="M8 1a7 7 0 0 1 0 14z"/>',
    v.DIFFERS: '<path d="M8 .5 15.5 8 8 15.5.5 8z"/>'
    '<path class="cut" d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8"/>',
    v.TOO_FEW: '<circle class="line dots" cx="8" cy="8" r="6"/>',
    v.NOT_COMPARABLE: '<path class="line" d="M4 6h8M4 10h8M5.5 13.5l5-11"/>',
    v.NOT_LEGIBLE: '<path class="line" d="M5.2 5.6a2.8 2.8 0 1 1 3.9 2.6c-.8.4-1.1.9'
    '-1.1 2"/><circle cx="8" cy="13" r="1.1"/>',
    v.NOT_RUN: '<path class="line" d="M4 8h8"/>',
}  # 16 by 16
WORST = (v.DIFFERS, v.NEAR, v.AGREES, *v.ORDER[3:])


def key(verdict):
    """The verdict as the name of a CSS class."""
    return verdict.lower().replace(" ", "-")


def definitions():
    """The shapes, once a page."""
    symbols = [
        element("symbol", Markup(shape), id=f"sign-{key(verdict)}", viewBox="0 0 16 16")
        for verdict, shape in SHAPES.items()
    ]
    return element("svg", *symbols, class_="hidden", aria_hidden="true")


def sign(verdict):
    """The shape in its colour; what it means is said beside it."""
    use = element("use", href=f"#sign-{key(verdict)}")
    return element("svg", use, class_=f"sign {key(verdict)}", aria_hidden="true")


def worst(verdicts):
    """The verdict of a cell: the worst of its numbers'."""
    return min((one.verdict for one in verdicts), key=WORST.index)
