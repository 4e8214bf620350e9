"""The claims ledger in words: its counts, and its short form for the page."""

from .evidence import CONTRADICTED, SUPPORTED, UNDECIDED
from .ledger import write_p
from .markdown import grid, listed
from .verdicts import NOT_COMPARABLE

STATES = {
    SUPPORTED: ("holds", "hold"),
    CONTRADICTED: ("does not", "do not"),
    UNDECIDED: ("is open", "are open"),
    NOT_COMPARABLE: ("cannot be judged", "cannot be judged"),
}


def counts_sentence(entries):
    """How many claims stand, fall or are open."""
    parts = []
    for verdict, (one, more) in STATES.items():
        count = sum(entry.verdict == verdict for entry in entries)
        if count:
            parts.append(f"{count} {one if count == 1 else more}")
    return (
        f"**Of its {len(entries)} claims, {listed(parts)}** "
        "([how each was tested](tables/claims.md))."
    )


def standing(entries):
    """The claims that hold; empty without any."""
    return _quoted(entry.claim.words for entry in entries if entry.verdict == SUPPORTED)


def fallen(entries):
    """The claims that do not hold, with what was found; empty without any."""
    return _quoted(
        f"{entry.claim.words.rstrip('.')}: {entry.finding.effect}"
        for entry in entries
        if entry.verdict == CONTRADICTED
    )


def _quoted(words):
    quoted = [one.rstrip(".") for one in words]
    return f"{'; '.join(quoted)}." if quoted else ""


def short(entries):
    """The ledger for the page: verdicts, and links to the rest."""
    barred = {entry.why for entry in entries if entry.verdict == NOT_COMPARABLE}
    if barred:
        return " ".join(barred)
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
    more = (
        "[How each was tested, on how many runs, and each speed by every unit of "
        "work](tables/claims.md); [every sentence of 1.3 and 1.6, tested or "
        "not](tables/sentences.md)."
    )
    return f"{grid(header, rows)}\n\n{more}"
