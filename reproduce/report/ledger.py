"""The claims ledger: every claim, its test and its verdict."""

from dataclasses import dataclass

from .claims import CLAIMS
from .evidence import CONTRADICTED, SUPPORTED, UNDECIDED, UNITS, Finding
from .markdown import Table
from .paired import ALPHA, holm
from .verdicts import FEWEST_SEEDS

HEADER = ["Claim", "Tested as", "Effect", "n", "p (Holm)", "Smallest p", "Verdict"]
HEADER += ["Why", "In the report's tables"]


@dataclass(frozen=True)
class Entry:
    """A claim, what was found, and the verdict.

    Attributes:
        key, claim, finding: of the claim.
        adjusted: p after Holm over all tested claims; None: not tested.
        verdict: SUPPORTED, CONTRADICTED or UNDECIDED.
        why: in words.
    """

    key: str
    claim: object
    finding: Finding
    adjusted: float | None
    verdict: str
    why: str


def ledger(evidence, claims=CLAIMS):
    """Judge every claim."""
    findings = {key: claim.judge(evidence) for key, claim in claims.items()}
    tested = [key for key, found in findings.items() if found.p is not None]
    adjusted = dict(zip(tested, holm([findings[key].p for key in tested]), strict=True))
    return [
        Entry(
            key,
            claims[key],
            found,
            adjusted.get(key),
            *decide(found, adjusted.get(key), len(tested), evidence.seeds),
        )
        for key, found in findings.items()
    ]


def decide(found, adjusted, tests, seeds):
    """(verdict, why) of a finding among so many tested ones, from so many seeds."""
    if found.holds is None:
        return UNDECIDED, found.why
    if adjusted is not None and seeds < FEWEST_SEEDS:
        return UNDECIDED, f"Fewer than {FEWEST_SEEDS} seeds were run. {found.why}"
    verdict = SUPPORTED if found.holds else CONTRADICTED
    if adjusted is None or adjusted <= ALPHA:
        return verdict, found.why
    if found.smallest * tests > ALPHA:
        return UNDECIDED, (
            f"{found.pairs} pairs can reach no smaller p than {found.smallest:.2g}, "
            f"too much for {tests} tests; more seeds are needed. {found.why}"
        )
    return UNDECIDED, f"Chance would give as much. {found.why}"


def ledger_table(entries):
    """The ledger as a table."""
    return Table(
        name="claims",
        title="The report's claims (1.3, 1.4, 1.6, 1.7)",
        data=[_data(entry) for entry in entries],
        header=HEADER,
        rows=[_cells(entry) for entry in entries],
        notes=[
            "n: pairs of (architecture, seed), which share initial weights and the "
            "order of the examples, or runs where something is counted. p: two-sided, "
            f"exact, Holm's over all tested claims; decided at {ALPHA:g}. Smallest p: "
            "what n pairs can reach at best, before Holm. A claim of all "
            "architectures must hold on each. The CSV has each speed also by updates, "
            "gradients of single examples and seconds.",
        ],
    )


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


def write_p(number):
    """A p-value to two digits."""
    return "–" if number is None else f"{number:.2g}"
