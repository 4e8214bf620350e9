"""Which unstated settings explain the report's numbers: candidates, ranked."""

from reproduce.experiment.candidates import QUESTIONS

from .markdown import Table, listed, plural
from .verdicts import EPOCHS_LIMIT, FEWEST_SEEDS

HEADER = ["Question", "Rank", "Candidate", "Distance", "of epochs", "of accuracies"]
HEADER += ["By seed", "Cells", "Seeds"]


def ranking(frame):
    """Distances by question and candidate, the nearest of each question first.

    The distance of a seed is the mean over its cells of the distances in epochs and
    in validation accuracy; a candidate's is the mean over the seeds.
    """
    if frame.empty:
        return frame.assign(distance=[], nearest=[])
    frame = frame.assign(
        distance=frame[["epochs_distance", "accuracy_distance"]].mean(axis=1)
    )
    groups = frame.groupby(["question", "candidate"])
    ranked = groups[["distance", "epochs_distance", "accuracy_distance"]].mean()
    by_seed = frame.groupby(["question", "candidate", "seed"])["distance"].mean()
    ranked["lowest"] = by_seed.groupby(["question", "candidate"]).min()
    ranked["highest"] = by_seed.groupby(["question", "candidate"]).max()
    ranked["seeds"] = groups["seed"].nunique()
    ranked["cells"] = groups[["architecture", "method"]].apply(
        lambda own: len(own.drop_duplicates())
    )
    first = by_seed.groupby(["question", "seed"]).transform("min") == by_seed
    ranked["won"] = first.groupby(["question", "candidate"]).sum()
    ranked = ranked.reset_index()
    ranked["rank"] = ranked.groupby("question")["distance"].rank(method="first")
    order = ranked["question"].map(list(QUESTIONS).index)
    return ranked.assign(order=order).sort_values(["order", "rank"], ignore_index=True)


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


RULE = (
    "Distance: the mean over cells of |log(epochs / the report's)| in units of "
    f"log {1 + EPOCHS_LIMIT:g} and of |validation accuracy − the report's| in units of "
    "a percentage point, so that 1 is the limit of effect the verdicts use. A run that "
    "a candidate's criterion does not end counts with the epochs it has, which makes "
    "its distance too small. Candidates of one question have the same cells and seeds."
)


def cells_table(frame):
    """What the ranking is made of, for machines."""
    rows = frame.to_dict("records") or [{"question": None}]
    return Table("protocol-cells", "Candidate protocols, cell by cell", rows, [], [])


def _cells(row):
    return [
        row["question"],
        f"{row['rank']:.0f}",
        row["candidate"],
        f"{row['distance']:.2f}",
        f"{row['epochs_distance']:.2f}",
        f"{row['accuracy_distance']:.2f}",
        f"{row['lowest']:.2f}–{row['highest']:.2f}",
        str(row["cells"]),
        str(row["seeds"]),
    ]


def winners(ranked):
    """A sentence a question: which candidate is nearest, and by how much."""
    lines = []
    for question, readings in QUESTIONS.items():
        own = ranked[ranked["question"] == question].to_dict("records")
        missing = {reading.label for reading in readings} - {
            r["candidate"] for r in own
        }
        if len(own) < 2:
            lines.append(f"{question}: needs runs of {listed(sorted(missing))}.")
            continue
        first, second = own[:2]
        if first["distance"] == second["distance"]:
            lines.append(f"{question}: no difference between the nearest two.")
            continue
        few = first["seeds"] < FEWEST_SEEDS
        lines.append(
            f"{question}: {'so far ' if few else ''}**{first['candidate']}**, at a "
            f"distance of {first['distance']:.2f} against {second['distance']:.2f} of "
            f"{second['candidate']}, nearest in {first['won']} of "
            f"{plural(first['seeds'], 'seed')}."
            + (f" Not run: {listed(sorted(missing))}." if missing else "")
        )
    return lines


def unsaid_sentence(frame):
    """What the report leaves unsaid, as far as candidates were compared."""
    ranked = ranking(frame)
    found = []
    for question in QUESTIONS:
        own = ranked[ranked["question"] == question].to_dict("records")
        if len(own) > 1 and own[0]["distance"] < own[1]["distance"]:
            found.append(
                f"{question.lower()}: {own[0]['candidate']} ({own[0]['distance']:.2f} "
                f"against {own[1]['distance']:.2f})"
            )
    if not found:
        return ""
    return (
        "What the report leaves unsaid, by which setting lands nearest to its numbers "
        f"(distance, and the next best's): {'; '.join(found)}."
    )
