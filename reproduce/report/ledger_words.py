"""The claims ledger in words: its counts, and its short form for the page."""

from .evidence import CONTRADICTED, SUPPORTED, UNDECIDED
from .ledger import write_p
from .markdown import grid, listed


def counts_sentence(entries):
    """How many claims stand, fall or are open."""
    named = {}
    for entry in entries:
        named.setdefault(entry.verdict, []).append(f"`{entry.key}`")
    parts = [
        f"{len(named[verdict])} {verdict} ({listed(named[verdict])})"
        for verdict in (SUPPORTED, CONTRADICTED, UNDECIDED)
        if verdict in named
    ]
    return f"Of {len(entries)} claims of the report: {'; '.join(parts)}."


def short(entries):
    """The ledger for the page: verdicts, and links to the rest."""
    rows = [
        [
            f"{entry.claim.words} ({entry.claim.section})",
            f"**{entry.verdict}**",
            entry.finding.effect,
            write_p(entry.adjusted),
            entry.why,
        ]
        for entry in entries
    ]
    header = ["Claim", "Verdict", "Effect", "p (Holm)", "Why"]
    more = "[How each was tested, on how many runs](tables/claims.md)."
    return f"{grid(header, rows)}\n\n{more}"
