"""What the report's own numbers say about the report, without any training."""

from collections.abc import Callable
from dataclasses import dataclass

from .attainable import attainable
from .internal_checks import accuracies, caption, full_batch, outputs, source
from .internal_runs import own_batch_gd
from .markdown import Table


def nothing(records):
    """What records add to a check that concerns none of them."""
    return ""


@dataclass(frozen=True)
class Check:
    """One check of the report against itself.

    Attributes:
        section: where the checked numbers stand.
        question: what is asked.
        find: () to (whether the report passes, the finding with its numbers).
        failed: what it means where it does not pass, for the opening; else empty.
        runs: records of one protocol to what they add to the finding.
    """

    section: str
    question: str
    find: Callable
    failed: str = ""
    runs: Callable = nothing


CHECKS = {
    "caption": Check(
        "1.7",
        "Are the rows of the matrices predicted labels?",
        caption,
        "the rows of its confusion matrices are the true digits, not the predicted "
        "ones as the caption says",
    ),
    "accuracies": Check("1.7", "Are accuracies what the matrices make?", accuracies),
    "attainable": Check(
        "1.5",
        "Can every printed accuracy come about?",
        attainable,
        "some accuracies come about by cutting digits off, not by rounding as "
        "elsewhere, so other code printed them",
    ),
    "outputs": Check(
        "1.4, 1.5",
        "Do all models have the stated outputs?",
        outputs,
        "the summaries of some architectures have five outputs where the text has ten",
    ),
    "source": Check("1.7", "Do the images fill a class of Kaggle's MNIST?", source),
    "full-batch": Check(
        "1.5.4, 1.5.5",
        "Can batch-GD rows be full-batch?",
        full_batch,
        "batch GD on architectures 4 and 5 is single-example SGD under another name",
        own_batch_gd,
    ),
}


def failures():
    """What the checks that the report does not pass mean, in a few words each."""
    return [c.failed for c in CHECKS.values() if c.failed and not c.find()[0]]


def internal_table(records=()):
    """Every check and its finding, with what the records add."""
    found = [
        (key, check, *check.find(), check.runs(records))
        for key, check in CHECKS.items()
    ]
    data = [
        {
            "check": key,
            "section": check.section,
            "question": check.question,
            "answer": yes,
            "finding": f"{words} {ours}".strip(),
        }
        for key, check, yes, words, ours in found
    ]
    return Table(
        name="internal-checks",
        title="The report checked against itself",
        data=data,
        header=["Question", "Answer", "Finding"],
        rows=[_cells(row) for row in data],
    )


def _cells(row):
    question = f"{row['question']} ({row['section']})"
    return [question, "yes" if row["answer"] else "**no**", row["finding"]]
