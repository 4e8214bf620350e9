"""The claims ledger as a list: verdict, claim, effect, and how it was tested."""

from reproduce.report.evidence import CONTRADICTED, SUPPORTED, UNDECIDED
from reproduce.report.ledger import write_p

from .markup import element, join

ORDER = (SUPPORTED, CONTRADICTED, UNDECIDED)


def section(entries):
    """The chapter's body."""
    counts = [
        f"{sum(entry.verdict == verdict for entry in entries)} {verdict.lower()}"
        for verdict in ORDER
    ]
    return join(
        element("p", f"Of {len(entries)} claims: {', '.join(counts)}."),
        element("ul", *map(_claim, entries), class_="claims"),
    )


def _claim(entry):
    found = entry.finding
    facts = [
        ("Tested as", entry.claim.meaning),
        ("Pairs or runs", str(found.pairs)),
        ("p, after Holm", write_p(entry.adjusted)),
        ("Smallest p possible, before Holm", write_p(found.smallest)),
        ("In the report's tables", found.printed),
    ]
    listed = [element("div", element("dt", k), element("dd", w)) for k, w in facts]
    return element(
        "li",
        element(
            "b", entry.verdict.capitalize(), class_=f"badge {entry.verdict.lower()}"
        ),
        element(
            "div",
            element(
                "p",
                f"{entry.claim.words} ",
                element("span", entry.claim.section, class_="quiet"),
            ),
            element("p", element("b", found.effect), f" {entry.why}", class_="why"),
            element(
                "details",
                element("summary", "How it was tested"),
                element("dl", *listed),
            ),
        ),
    )
