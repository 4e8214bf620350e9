"""The answer at a glance: 35 cells, each with its verdict."""

from collections import Counter

from reproduce import original
from reproduce.experiment.methods import METHODS
from reproduce.report import verdicts as v
from reproduce.report.comparison import epochs_cell

from .markup import element, join
from .verdict_signs import key, sign, worst

MEANING = {
    v.AGREES: "(where one more run would fall, and close to the mean)",
    v.NEAR: "(one of the two)",
    v.DIFFERS: "(neither)",
    v.TOO_FEW: f"(under {v.FEWEST_SEEDS})",
    v.NOT_COMPARABLE: "",
    v.NOT_LEGIBLE: "in the report",
    v.NOT_RUN: "yet",
}
WORDS = {verdict: verdict.lower() for verdict in v.ORDER}
WORDS |= {v.AGREES: "agree", v.DIFFERS: "differ"}


def anchor(architecture, method):
    """Where a cell's row is on the page."""
    return f"a{architecture}-{method}"


def matrix(findings):
    """Methods by architectures, each cell a link to its row."""
    verdicts, rows = {}, {(row.architecture, row.method): row for row in findings.rows}
    for one in findings.verdicts:
        verdicts.setdefault((one.architecture, one.method), []).append(one)
    architectures = sorted({architecture for architecture, _ in rows})
    methods = list(dict.fromkeys(method for _, method in rows))
    head = [
        element("th", _column(number), scope="col", class_="cell")
        for number in architectures
    ]
    lines = [
        element(
            "tr",
            element("th", METHODS[method].label, scope="row"),
            *(
                _cell(rows[number, method], verdicts[number, method], findings.protocol)
                for number in architectures
            ),
        )
        for method in methods
    ]
    table = element(
        "table",
        element("caption", *_caption()),
        element("thead", element("tr", element("td"), *head)),
        element("tbody", *lines),
        class_="matrix",
    )
    found = Counter(worst(own) for own in verdicts.values())
    return join(table, _legend(found))


def _caption():
    return (
        "Epochs to convergence: rerun ",
        element("span", "/ report", class_="quiet"),
        ". The sign is the worst of the verdicts on a cell's three numbers: epochs, "
        "training and validation accuracy.",
    )


def _column(number):
    units = "·".join(map(str, original.HIDDEN_UNITS[number]))
    return join(
        element("span", "Architecture ", class_="wide"),
        element("span", "A", class_="narrow", aria_hidden="true"),
        str(number),
        element("small", units, class_="wide units"),
    )


def _cell(row, verdicts, protocol):
    verdict = worst(verdicts)
    ours = epochs_cell(row, protocol, with_spread=False) if row.runs else "–"
    printed = "?" if row.reported.epochs is None else f"{row.reported.epochs:,}"
    words = (
        f"Architecture {row.architecture}, {METHODS[row.method].label}: "
        f"{verdict.lower()}; epochs {ours}, in the report {printed}"
    )
    inside = join(
        sign(verdict),
        element(
            "span",
            element("b", ours),
            element("span", f" / {printed}", class_="quiet"),
            class_="numbers",
        ),
    )
    link = element(
        "a",
        inside,
        href=f"#{anchor(row.architecture, row.method)}",
        class_=key(verdict),
        aria_label=words,
        title=words,
    )
    return element("td", link, class_="cell")


def _legend(found):
    items = [
        element(
            "li",
            sign(verdict),
            element("b", f"{found[verdict]} {WORDS[verdict]}"),
            f" {MEANING[verdict]}",
        )
        for verdict in v.ORDER
        if found[verdict]
    ]
    return element("ul", *items, class_="legend", aria_label="What the signs mean")
