"""The report's inferences (1.6), put to its own numbers and to the rerun's."""

from statistics import median

from .claims import CLAIMS, Numbers
from .markdown import Table


def verdict(claim, numbers):
    """Whether the claim holds for {method: Numbers}; None: not to be judged."""
    own = [numbers.get(method) for method in claim.methods]
    rivals = [
        numbers[m] for m in claim.rivals if m in numbers and m not in claim.methods
    ]
    if not rivals or None in own:
        return None
    return claim.holds(own, rivals)


def rerun(rows):
    """{method: Numbers} of one architecture's `Comparison`s."""
    return {
        row.method: Numbers(
            median(row.epochs), row.accuracy("train"), row.accuracy("validation")
        )
        for row in rows
        if row.accuracy("validation") is not None
    }


def printed(rows):
    """The same of the report's numbers."""
    return {
        row.method: Numbers(
            row.reported.epochs,
            row.reported.train_accuracy,
            row.reported.validation_accuracy,
        )
        for row in rows
        if row.reported.epochs is not None
    }


def inferences_table(rows):
    """Every claim: where it holds in the report's tables and in the rerun."""
    data = [
        {
            "claim": claim.words,
            "tested": claim.meaning,
            "architecture": number,
            "holds_in_report": verdict(claim, printed(own)),
            "holds_in_rerun": verdict(claim, rerun(own)),
        }
        for claim in CLAIMS
        for number in claim.architectures
        if (own := [row for row in rows if row.architecture == number])
    ]
    return Table(
        name="inferences",
        title="The report's inferences (1.6)",
        data=data,
        header=[
            "The report says",
            "Tested as",
            "In the report's tables",
            "In the rerun",
        ],
        rows=[_cells(claim, data) for claim in CLAIMS],
        notes=[
            "Counted over the architectures for which there are numbers; “every "
            "other” leaves out methods that were not run or are not legible."
        ],
    )


def _cells(claim, data):
    own = [row for row in data if row["claim"] == claim.words]
    sources = ("holds_in_report", "holds_in_rerun")
    return [claim.words, claim.meaning, *(_tally(own, source) for source in sources)]


def _tally(rows, source):
    judged = [row for row in rows if row[source] is not None]
    if not judged:
        return "not judged"
    against = [str(row["architecture"]) for row in judged if not row[source]]
    but = f", not on {', '.join(against)}" if against else ""
    return f"holds on {len(judged) - len(against)} of {len(judged)}{but}"
