"""Which unstated settings explain the report's numbers: the tables."""

import math

from .markdown import Table
from .ranking import ranking, unsaid_sentence, winners
from .readings import ENOUGH, planned
from .verdicts import EPOCHS_LIMIT, FEWEST_SEEDS

__all__ = [
    "cells_table",
    "protocol_table",
    "ranking",
    "unsaid_sentence",
    "winners",
]
HEADER = ["Question", "Rank", "Candidate", "Distance", "of epochs", "of accuracies"]
HEADER += ["By seed", "Cells", "Seeds", "Not ended"]
RULE = (
    "Distance: the mean over runs of |log(epochs / the report's)| in units of "
    f"log {1 + EPOCHS_LIMIT:g} and of |validation accuracy − the report's| in units of "
    "a percentage point, so that 1 is the limit of effect the verdicts use. A run that "
    "a candidate's criterion does not end (“Not ended”) counts with the epochs it has, "
    "which makes its distance too small. Candidates of one question are compared on "
    "the cells and seeds that all of them have; one with less than "
    f"{ENOUGH:.0%} of the runs of the others, or of {FEWEST_SEEDS} seeds, waits. "
    "“Cells”: those compared, of those planned. No test is made: distances rank "
    "settings, seeds say how steady the rank is."
)


def protocol_table(frame):
    """The ranked candidates."""
    ranked = ranking(frame)
    data = ranked.drop(columns="order", errors="ignore").to_dict("records")
    return Table(
        name="protocol",
        title="Which unstated settings explain the report's numbers",
        data=data or [{"question": None, "note": "no candidate was run"}],
        header=HEADER,
        rows=[_cells(row) for row in data],
        notes=["\n".join(f"- {line}" for line in winners(ranked)), RULE],
    )


def cells_table(frame):
    """What the ranking is made of, for machines."""
    rows = frame.to_dict("records") or [{"question": None}]
    return Table("protocol-cells", "Candidate protocols, cell by cell", rows, [], [])


def _cells(row):
    whole = planned(row["question"])
    return [
        row["question"],
        f"{row['rank']:.0f}",
        row["candidate"],
        f"{row['distance']:.2f}",
        f"{row['epochs_distance']:.2f}",
        "–"
        if math.isnan(row["accuracy_distance"])
        else f"{row['accuracy_distance']:.2f}",
        f"{row['lowest']:.2f}–{row['highest']:.2f}",
        f"{row['cells']} of {whole}",
        str(row["seeds"]),
        str(row["unended"]),
    ]
