"""Candidates ranked by how far they land from the report's numbers."""

from .markdown import listed, plural
from .readings import QUESTIONS
from .verdicts import FEWEST_SEEDS

KEY = ["question", "candidate"]
DISTANCES = ["distance", "epochs_distance", "accuracy_distance"]


def ranking(frame):
    """Distances by question and candidate, the nearest of each question first.

    The distance of a run is the mean of its distances in epochs and in validation
    accuracy; a candidate's is the mean over its runs. `won` counts the seeds in
    which it is the nearest, `unended` the runs that its criterion does not end.

    Args:
        frame: `readings_frame`.
    """
    if frame.empty:
        return frame
    groups = frame.groupby(KEY)
    ranked = groups[DISTANCES].mean()
    by_seed = frame.groupby([*KEY, "seed"])["distance"].mean()
    ranked["lowest"] = by_seed.groupby(KEY).min()
    ranked["highest"] = by_seed.groupby(KEY).max()
    first = by_seed.groupby(["question", "seed"]).transform("min") == by_seed
    ranked["won"] = first.groupby(KEY).sum()
    ranked["seeds"] = groups["seed"].nunique()
    cells = frame.drop_duplicates([*KEY, "architecture", "method"])
    ranked["cells"] = cells.groupby(KEY).size()
    ranked["runs"] = groups.size()
    ranked["unended"] = groups["ended"].apply(lambda ended: int((~ended).sum()))
    ranked = ranked.reset_index()
    ranked["rank"] = ranked.groupby("question")["distance"].rank(method="first")
    order = ranked["question"].map(list(QUESTIONS).index)
    return ranked.assign(order=order).sort_values(["order", "rank"], ignore_index=True)


def winners(ranked):
    """A sentence a question: which candidate is nearest, and by how much."""
    return [f"{question}: {_outcome(ranked, question)}" for question in QUESTIONS]


def _outcome(ranked, question):
    """What the ranking says of one question, and how sure that is."""
    own, absent = compared(ranked, question)
    if len(own) < 2:
        return f"needs runs of {listed(absent)}."
    first, second = own[:2]
    if first["distance"] == second["distance"]:
        return "no difference between the nearest two."
    steady = _is_steady(own)
    few = first["seeds"] < FEWEST_SEEDS or bool(absent)
    default = QUESTIONS[question][0].label
    sentence = (
        f"{'so far ' if few else ''}{'' if steady else 'not settled; nearest is '}"
        f"**{first['candidate']}**, at a distance of "
        f"{first['distance']:.2f} against {second['distance']:.2f} of "
        f"{second['candidate']}, nearest in {first['won']} of "
        f"{plural(first['seeds'], 'seed')} on {plural(first['cells'], 'cell')}"
    )
    parts = [sentence]
    if first["candidate"] != default:
        parts.append(f"The default here is {default}")
    if first["seeds"] < FEWEST_SEEDS:
        parts.append(f"Fewer than {FEWEST_SEEDS} seeds: no more than a hint")
    if absent:
        parts.append(f"Not run, or not enough: {listed(absent)}")
    return ". ".join(parts) + "."


def compared(ranked, question):
    """(rows, nearest first; labels of the candidates that are not among them)."""
    own = ranked[ranked["question"] == question].to_dict("records")
    there = {row["candidate"] for row in own}
    labels = [reading.label for reading in QUESTIONS[question]]
    absent = [label for label in labels if label not in there]
    return own, absent


def unsaid_sentence(frame):
    """What the report leaves unsaid, as far as candidates were compared."""
    ranked = ranking(frame)
    settled, other, open_ = [], [], []
    for question in QUESTIONS:
        own, absent = compared(ranked, question)
        if len(own) > 1:
            name = question if "AdaGrad" in question else question.lower()
            if not _is_steady(own):
                open_.append(name)
                continue
            few = own[0]["seeds"] < FEWEST_SEEDS or bool(absent)
            is_default = own[0]["candidate"] == QUESTIONS[question][0].label
            (settled if is_default else other).append(
                f"{name} {'(so far) ' if few else ''}**{own[0]['candidate']}** "
                f"({own[0]['distance']:.2f} against {own[1]['distance']:.2f} of "
                f"{own[1]['candidate']})"
            )
    return " ".join(
        f"{words}: {'; '.join(found)}."
        for words, found in (
            (
                "Nearest to the report's numbers in every seed, and the default here",
                settled,
            ),
            (
                "Nearest in every seed, though not the default here",
                other,
            ),
            ("Not settled, as seeds disagree", open_),
        )
        if found
    )


def _is_steady(own):
    """Whether the first of the ranked candidates is the nearest in every seed."""
    return own[0]["won"] == own[0]["seeds"] and own[0]["distance"] < own[1]["distance"]
