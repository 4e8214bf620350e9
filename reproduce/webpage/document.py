"""The page: chapters of REPORT.md in their order, some of them as more than text."""

import base64
import hashlib
import json
from pathlib import Path
from string import Template

from reproduce.experiment.protocol import ARCHITECTURES

from . import architecture, best_model, chapters, claims, drawing, speed
from .curves import curves
from .markup import Markup, element, join, markdown
from .matrix import matrix
from .method_colours import method_colours
from .verdict_signs import definitions

HERE = Path(__file__).parent
STYLES = ("base", "verdict", "tables", "figures", "confusion", "drawing", "print")
SCRIPTS = ("theme", "sorting", "scales", "curves", "confusion", "centring")
SCRIPTS += ("network", "drawing", "main")
FILE = "report.html"
SHARED = ("centring", "theme")
SHORT = {
    "Numbers of the report": "Numbers",
    "Claims of the report": "Claims",
    "What the report leaves unsaid": "Unsaid",
    "The report checked against itself": "Self-check",
    **{f"Architecture {number}": f"A{number}" for number in ARCHITECTURES},
    "Other learning rates": "Rates",
    "Where the methods go": "Paths",
    "Best model": "Best",
    "The report's choice": "Its choice",
    "Data and protocol": "Protocol",
    "What the runs cost": "Cost",
    "Tables as files": "Files",
}  # in the bar of links


def page(findings, files, folder, model_there):
    """The bytes of report.html.

    Args:
        findings: what the report is made of.
        files: name to bytes of the report's other files, `REPORT.md` among them.
        folder: the output folder, which may hold `best_model.keras` and `bench/`.
        model_there: whether `best_model.keras` is the best run's.
    """
    report = chapters.read(files["REPORT.md"].decode())
    model = best_model.read(findings, folder, model_there)
    lead, _, rest = report.head.partition("\n\n")
    parts = [
        (chapter.anchor, chapter.title, _body(chapter, findings, files, model))
        for chapter in report.parts
    ]
    parts.insert(0, ("draw", "Draw a digit", drawing.section(model)))
    parts.insert(-1, ("speed", "Speed", speed.section(folder, files)))
    answer = _verdict(findings, lead, rest, files)
    sections = [_section("verdict", None, answer), *(_section(*one) for one in parts)]
    titles = [part[:2] for part in parts]
    data = {
        "curves": curves(findings.rows),
        "model": drawing.data(model),
        "errors": best_model.images(model),
    }
    return _fill(report.title, titles, sections, data, drawing.weights(model))


def _verdict(findings, lead, rest, files):
    return join(
        element("div", markdown(lead, files), class_="lead"),
        matrix(findings),
        element("div", markdown(rest, files), class_="more"),
    )


def _body(chapter, findings, files, model):
    kind, _, number = chapter.title.partition(" ")
    if kind == "Architecture" and number.isdigit():
        return architecture.section(chapter, findings, int(number), files)
    if chapter.title == "Best model":
        return best_model.section(chapter, findings, files, model)
    if chapter.title == "Claims of the report":
        return claims.section(chapter, findings.entries, files)
    return markdown(chapter.body, files)


def _section(anchor, title, body):
    heading = element("h2", title, id=f"{anchor}-title") if title else None
    named = {"aria_labelledby": f"{anchor}-title"} if title else {}
    return element("section", heading, body, id=anchor, **named)


def _fill(title, titles, sections, data, weights):
    style = "\n".join(_read("styles", f"{name}.css") for name in STYLES)
    style += method_colours()
    scripts = [_script(name) for name in SCRIPTS]
    links = [_link(*pair) for pair in titles]
    skeleton = Template((HERE / "skeleton.html").read_text(encoding="utf-8"))
    filled = skeleton.substitute(
        policy=_policy(style, scripts),
        title=title,
        style=style,
        signs=definitions(),
        links=join(*links),
        sections=join(*sections),
        data=_embedded(data),
        weights=weights,
        scripts="\n".join(f"<script>{script}</script>" for script in scripts),
    )
    return filled.encode()


def _link(anchor, words):
    short = SHORT.get(words, words)
    label = words if short != words else None
    return element("li", element("a", short, href=f"#{anchor}", aria_label=label))


def _read(folder, name):
    return "\n" + (HERE / folder / name).read_text(encoding="utf-8")


def _script(name):
    """A script of this page, or one that the page of `publish` has as well."""
    folder = "../publish/static" if name in SHARED else "scripts"
    return _read(folder, f"{name}.js")


def _policy(style, scripts):
    """Nothing may be loaded and nothing run but what is written here."""
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; "
        f"script-src {allowed}; base-uri 'none'; form-action 'none'"
    )


def _hash(source):
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _embedded(data):
    content = json.dumps(data, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return Markup(content.replace("<", "\\u003c"))
