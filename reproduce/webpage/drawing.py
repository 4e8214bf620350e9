"""The digit to draw: canvas, answer, and how often the answer's doubt is right."""

from reproduce import original
from reproduce.report.best import name
from reproduce.report.markdown import listed

from . import doubt
from .best_model import examples
from .foreign import load_foreign
from .markup import element, join

STRANGERS = (4, 7)  # examples of digits that the model does not know


def section(model):
    """Canvas and bars, or why there are none."""
    if model.network is None:
        words = f"{model.missing} So there is nothing to draw for here yet."
        return element("p", words, class_="note")
    digits = listed([str(digit) for digit in original.DIGITS])
    intro = (
        f"Write one of {digits}, large. It is cropped, scaled and centred as MNIST "
        f"was, and the best model ({name(model.record)}) tells what it sees, here in "
        "the page."
    )
    return join(
        element("p", intro),
        element("div", _pad(), _answer(), class_="drawing"),
        element("p", doubt.sentence(_measured(model)), class_="note"),
    )


def _pad():
    known = [_sample(digit) for digit in original.DIGITS]
    strange = [_sample(digit) for digit in STRANGERS]
    canvas = element(
        "canvas",
        "A field to draw on with mouse, finger or pen.",
        id="pad",
        width=280,
        height=280,
        role="img",
        aria_label="Field to draw a digit on with mouse, finger or pen; the buttons "
        "below load examples instead",
    )
    clear = element("button", "Clear", type="button", id="clear")
    return element(
        "div",
        canvas,
        element("div", clear, class_="row"),
        _group("Examples", known),
        _group("Strangers", strange),
    )


def _group(words, buttons):
    return element(
        "div",
        element("span", f"{words}:"),
        *buttons,
        class_="row samples",
        role="group",
        aria_label=words,
    )


def _sample(digit):
    label = f"Example of a {digit}"
    return element(
        "button", str(digit), type="button", data_sample=digit, aria_label=label
    )


def _answer():
    bars = [
        element(
            "tr",
            element("th", str(digit), scope="row"),
            element("td", element("span", class_="bar"), class_="track"),
            element("td", "–", class_="number"),
        )
        for digit in range(10)
    ]
    seen = element("canvas", id="seen", width=28, height=28, aria_hidden="true")
    return element(
        "div",
        element("p", "Nothing drawn yet.", id="answer", role="status"),
        element(
            "div",
            element("figure", seen, element("figcaption", "What the model sees")),
            element(
                "table",
                element("caption", "Probability by the model"),
                element("tbody", *bars),
                class_="bars",
                id="bars",
            ),
            class_="seen",
        ),
    )


def _measured(model):
    return doubt.measure(model.network, examples(model.record))


def data(model):
    """What the page's script needs beside the weights."""
    if model.network is None:
        return None
    network = model.network
    return {
        "shapes": [list(kernel.shape) for kernel in network.kernels],
        "digits": network.digits,
        "known": original.DIGITS,
        "threshold": _measured(model).threshold,
        "samples": _samples(model),
    }


def _samples(model):
    """The first test image of each digit, and of two others, as 784 grey levels."""
    split, others = examples(model.record)["test"], load_foreign()
    found = {}
    for digit in (*original.DIGITS, *STRANGERS):
        source = split if digit in original.DIGITS else others
        where = (source.labels == digit).argmax()
        found[str(digit)] = source.images[where].ravel().tolist()
    return found


def weights(model):
    """The network's weights as text."""
    return "" if model.network is None else model.network.base64()
