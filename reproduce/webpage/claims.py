"""The claims ledger as a list: verdict, claim, effect, and how it was tested."""

from collections import Counter

from reproduce.report.evidence import CONTRADICTED, SUPPORTED, UNDECIDED
from reproduce.report.ledger import write_p
from reproduce.report.verdicts import NOT_COMPARABLE

from .markup import element, join, markdown
from .verdict_signs import key

ORDER = (SUPPORTED, CONTRADICTED, UNDECIDED, NOT_COMPARABLE)


def section(chapter, entries, files):
    """The chapter's body."""
    found = Counter(entry.verdict for entry in entries)
    counts = [f"{found[v]} {v.lower()}" for v in ORDER if found[v]]
    paragraphs = chapter.body.split("\n\n")
    notes = "\n\n".join(one for one in paragraphs if not one.startswith("|"))
    return join(
        element("p", f"Of {len(entries)} claims: {', '.join(counts)}."),
        element("ul", *map(_claim, entries), class_="claims"),
        element("div", markdown(notes, files), class_="note"),
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
        element("b", entry.verdict.capitalize(), class_=f"badge {key(entry.verdict)}"),
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
