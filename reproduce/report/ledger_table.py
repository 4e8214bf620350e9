"""The claims ledger as a table."""

from .evidence import UNITS
from .ledger import write_p
from .markdown import Table, grid
from .paired import ALPHA

HEADER = ["Claim", "Tested as", "Effect", "n", "p (Holm)", "Smallest p", "Verdict"]
HEADER += ["Why", "In the report's tables"]
DEPENDENCE = (
    "A seed decides which of the embedded images are drawn and how they are split, the "
    "initial weights and the order of the examples, nothing else. So a p-value speaks "
    "of these settings and of such draws from MNIST's images, many of which any two "
    "draws share: not of other handwriting. Runs of one architecture and seed share "
    "images, weights and order, which is what pairing uses; those of one seed share "
    "the images on every architecture."
)
READING = (
    "n: pairs of (architecture, seed), which share images, initial weights and the "
    "order of the examples, or runs where something is counted. p: two-sided, exact, "
    f"Holm's over all tested claims; decided at {ALPHA:g}. Smallest p: what n pairs "
    "can reach at best, before Holm. A claim of all architectures must hold on each."
)


def ledger_table(entries):
    """The ledger as a table."""
    return Table(
        name="claims",
        title="The report's claims (1.3, 1.4, 1.6, 1.7)",
        data=[_data(entry) for entry in entries],
        header=HEADER,
        rows=[_cells(entry) for entry in entries],
        notes=[READING, DEPENDENCE, *_by_unit(entries)],
    )


def _by_unit(entries):
    """Claims of speed by every unit of work."""
    fast = [entry for entry in entries if entry.finding.ratios]
    if not fast:
        return []
    rows = [
        [e.claim.meaning, *(f"{e.finding.ratios[unit]:.2f}" for unit in UNITS)]
        for e in fast
    ]
    return [
        "How many times fewer (or more, where more is claimed) by each unit of work, "
        "to convergence; below 1 the claim is the wrong way round. An epoch of batch "
        "GD is one update. Seconds are those of the machine that ran it.",
        grid(["Claim of speed", *(unit.capitalize() for unit in UNITS)], rows),
    ]


def _data(entry):
    found = entry.finding
    ratios = {f"times_fewer_{unit}": found.ratios.get(unit) for unit in UNITS}
    return {
        "claim": entry.key,
        "section": entry.claim.section,
        "words": entry.claim.words,
        "tested": entry.claim.meaning,
        "verdict": entry.verdict,
        "why": entry.why,
        "effect": found.effect,
        "size": found.size,
        "test": found.test,
        "n": found.pairs,
        "p": found.p,
        "p_holm": entry.adjusted,
        "smallest_p": found.smallest,
        **ratios,
        "in_report": found.printed,
    }


def _cells(entry):
    found = entry.finding
    return [
        f"{entry.claim.words} ({entry.claim.section})",
        entry.claim.meaning,
        found.effect,
        str(found.pairs),
        write_p(entry.adjusted),
        write_p(found.smallest),
        f"**{entry.verdict}**",
        entry.why,
        found.printed,
    ]
