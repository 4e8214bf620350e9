"""The claims ledger: every claim, its test and its verdict."""

from dataclasses import dataclass

from .claims import CLAIMS
from .evidence import CONTRADICTED, SUPPORTED, UNDECIDED, Finding
from .markdown import plural
from .paired import ALPHA, holm
from .verdicts import FEWEST_SEEDS, NOT_COMPARABLE


@dataclass(frozen=True)
class Entry:
    """A claim, what was found, and the verdict.

    Attributes:
        key, claim, finding: of the claim.
        adjusted: p after Holm over all tested claims; None: not tested.
        verdict: SUPPORTED, CONTRADICTED, UNDECIDED or NOT COMPARABLE.
        why: in words.
    """

    key: str
    claim: object
    finding: Finding
    adjusted: float | None
    verdict: str
    why: str


def ledger(evidence, claims=CLAIMS):
    """Judge every claim; none where the runs are no rerun of the report."""
    if evidence.limits:
        return [_barred(key, claim, evidence.limits) for key, claim in claims.items()]
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


def _barred(key, claim, limits):
    why = f"Runs {limits}: they say nothing of the report."
    return Entry(key, claim, Finding(None, why), None, NOT_COMPARABLE, why)


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
            f"{plural(found.pairs, 'pair')} can reach no smaller p than "
            f"{found.smallest:.2g}, too much for {tests} tests; more seeds are needed. "
            f"{found.why}"
        )
    return UNDECIDED, f"Chance would give as much. {found.why}"


def write_p(number):
    """A p-value to two digits."""
    return "–" if number is None else f"{number:.2g}"
