"""Figures of the original beside its rerun: verdicts, mistakes and what explains it."""

import math

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import NullLocator

from reproduce.analysis import verdicts
from reproduce.analysis.findings import PATIENT
from reproduce.analysis.sampling import most_drawn, spread_out
from reproduce.experiment.methods import METHODS, rank
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.original import CONFUSION, DIGITS

from . import drawing, text
from .drawing import BLUE, FAINT, GRID, INK, ORANGE
from .rendering import method_label, phrase

LABELS = {
    verdicts.AGREES: (BLUE, "#d6e6f2"),
    verdicts.CLOSE: ("#4f9fcf", "#eaf3f9"),
    verdicts.CANNOT_TELL: ("#6f6f6f", "#e9e9e9"),
    verdicts.DIFFERS: ("#c85200", "#fbe0c8"),
    verdicts.NOT_JUDGED: ("#a8a8a8", "#ffffff"),
}  # a verdict to its colour, and to that of the ground
SHOWN = {"epochs": "epochs", "validation": "validation accuracy"}
SCALE = {"epochs": ("½", "=", "×2"), "validation": ("−3", "=", "+3")}
HALF = 0.44  # of a cell's width
RIGHT = LinearSegmentedColormap.from_list("right", ["#eef4f9", "#7fb3d5"])
WRONG = LinearSegmentedColormap.from_list("wrong", ["#ffffff", "#fdd9b5", ORANGE])


@drawing.in_house_style
def verdict_figure(stated):
    """Verdicts as a table of the original's cells: epochs, and validation accuracy."""
    shown = [verdict for verdict in stated if verdict.quantity in SHOWN]
    counts = verdicts.count(verdict.label for verdict in shown)
    judged = sum(counts.values())
    values = {"counts": counts, "judged": judged}
    values["drawn"] = most_drawn(verdict.values for verdict in shown)
    figure = drawing.new_figure(11, 3.9, "verdicts", **values)
    panels, number = figure.subplots(1, 2, sharey=True), len(ARCHITECTURES)
    for axes, (quantity, name) in zip(panels, SHOWN.items(), strict=True):
        for verdict in shown:
            if verdict.quantity == quantity:
                _draw_verdict(axes, verdict)
        drawing.as_table(axes, ARCHITECTURES, list(map(method_label, METHODS)))
        ticks = [x + tick * HALF for x in range(number) for tick in (-0.9, 0, 0.9)]
        axes.set_xticks(ticks, SCALE[quantity] * number, size=7)
        axes.set_ylim(top=-1)
        for x, architecture in enumerate(ARCHITECTURES):
            words = f"architecture {architecture}"
            axes.text(x, -0.7, words, ha="center", size=8, color=FAINT)
        unit = "" if quantity == "epochs" else " (percentage points)"
        axes.set_title(f"{name}, beside the original's{unit}", weight="bold")
    keys = [Patch(fc=LABELS[k][1], ec=LABELS[k][0], label=k) for k in LABELS]
    figure.legend(handles=keys, loc="outside lower left", ncols=len(keys), fontsize=8.5)
    return figure


def relative(verdict, value):
    """Where a value lies beside the original's: -1 to 1 within the cell's `SCALE`."""
    if verdict.quantity != "epochs":
        return (value - verdict.original) / 0.03
    value = max(value, 1e-9)  # the rounded end of a wide interval may be 0
    return math.log2(value / verdict.original)


def _draw_verdict(axes, verdict):
    """The runs, where one more would fall, and what is of no consequence."""
    x, y = verdict.architecture - 1, rank(verdict.method)[0]
    colour, ground = LABELS[verdict.label]
    judged = verdict.label != verdicts.NOT_JUDGED
    edge = 0 if judged else 0.7
    drawing.ground(axes, x, y, ground, ec=GRID, lw=edge, gid=verdict.label)
    renamed = verdict.judged_as != verdict.method
    notes = [f"as {method_label(verdict.judged_as)}"] * renamed
    notes += [verdict.reason] * (not judged)
    axes.text(x - 0.45, y - 0.29, ", ".join(notes), size=6.5, color=FAINT, va="center")
    if verdict.original is None:
        return

    def across(*values):
        return x + HALF * np.clip([relative(verdict, v) for v in values], -1, 1)

    original, limit = verdict.original, verdict.limit
    low, high = across(original - limit, original + limit)
    band = Rectangle((low, y - 0.46), high - low, 0.92, fc="white", alpha=0.7, lw=0)
    axes.add_patch(band)
    axes.plot([x, x], [y - 0.42, y + 0.42], color=INK, lw=1.3)
    if verdict.low is not None:
        look = {"lw": 5, "alpha": 0.3, "solid_capstyle": "butt", "gid": "interval"}
        ends = across(verdict.low, verdict.high)
        axes.plot(ends, [y + 0.06] * 2, color=colour, **look)
    look = {"mec": colour, "mfc": colour if judged else "white", "gid": "run"}
    for place, value in enumerate(spread_out(verdict.values)):
        position = relative(verdict, value)
        mark = "o" if abs(position) <= 1 else "<" if position < 0 else ">"
        height = y + 0.06 + 0.07 * (place % 3 - 1)  # so that equal seeds are seen
        drawing.dot(axes, *across(value), height, mark, colour, 3.4, **look)


@drawing.in_house_style
def confusion_figure(split, record, chosen_by_original=False):
    """Images of a split by true and predicted digit: our model's beside the original's.

    `chosen_by_original`: the model is the best of the original's architecture.
    """
    cell, ours, printed = record.cell, record.splits[split], CONFUSION["splits"][split]
    whole, theirs = np.array(ours["confusion"]), np.array(printed["matrix"])
    digits = record.digits
    shown = whole[np.ix_(digits, digits)]
    filled = [entry for entry in CONFUSION["filled_in"] if entry["split"] == split]
    figure = drawing.new_figure(
        8.6, 4.5, "confusion", split={"train": "training"}.get(split, split),
        ours=_errors(whole, range(10)) | {"architecture": cell.architecture},
        theirs=_errors(theirs, DIGITS), filled_in=bool(filled),
        chosen_by_original=chosen_by_original, outside=int(whole.sum() - shown.sum()),
    )  # fmt: skip
    left, right = figure.subplots(1, 2)
    worst = max(_off(shown).max(), _off(theirs).max()) or 1
    brackets = [(entry["true"], entry["predicted"]) for entry in filled]
    model = f"{cell.architecture}, {method_label(cell.method)}, seed {cell.seed}"
    _draw_matrix(left, f"Rerun: architecture {model}", ours, shown, digits, worst)
    model = f"{CONFUSION['architecture']}, method {CONFUSION['method']}"
    name = f"Original: architecture {model}"
    _draw_matrix(right, name, printed, theirs, DIGITS, worst, brackets)
    return figure


def _off(matrix):
    """The matrix without its diagonal."""
    return matrix * (1 - np.eye(len(matrix), dtype=int))


def _errors(matrix, digits):
    """How many images, how many of them wrong, and the most frequent mistake."""
    wrong = _off(matrix)
    pair = tuple(digits[i] for i in np.unravel_index(wrong.argmax(), wrong.shape))
    top = {"true": pair[0], "predicted": pair[1], "pair": pair}
    top["number"] = int(wrong.max())
    counts = {"images": int(matrix.sum()), "wrong": int(wrong.sum())}
    return counts | {"top": top if wrong.any() else None}


def _draw_matrix(axes, name, values, matrix, digits, worst, brackets=()):
    """Numbers in every cell; the diagonal has a scale of its own, from 90 % on."""
    for (i, j), number in np.ndenumerate(matrix):
        share = number / (max(matrix[i].sum(), 1) if i == j else worst)
        drawing.ground(axes, j, i, RIGHT(10 * share - 9) if i == j else WRONG(share))
        ink = "white" if i != j and share > 0.75 else INK if number else "#a0a0a0"
        filled_in = (digits[i], digits[j]) in brackets
        words = f"[{number}]" if filled_in else text.count(number)
        axes.text(j, i, words, ha="center", va="center", color=ink)
    drawing.as_table(axes, digits, digits)
    accuracy, loss = text.percent(values["accuracy"]), text.error(values["loss"])
    axes.set_title(f"{name}\naccuracy {accuracy}, loss {loss}")
    axes.set(xlabel="predicted digit", ylabel="true digit")


@drawing.in_house_style
def candidate_figure(answers):
    """The candidates' distances from the original, a panel a question.

    `answers`, by `candidates.explain`: at least one has a nearest candidate.
    """
    asked = [answer for answer in answers if answer.nearest]
    steady = [answer for answer in asked if answer.steady]
    unusual = [answer for answer in steady if not answer.is_default]
    sizes = [len(answer.ranking) for answer in asked]
    figure = drawing.new_figure(
        7.8, 0.25 * sum(sizes) + 0.43 * len(asked) + 0.6, "candidates",
        asked=len(asked), open=len(asked) - len(steady),
        default=len(steady) - len(unusual),
        others=[{"key": a.question.key, "label": a.nearest.label} for a in unusual],
        drawn=most_drawn(c.by_seed for a in asked for c in a.ranking),
    )  # fmt: skip
    grid = {"squeeze": False, "height_ratios": sizes}
    panels = figure.subplots(len(asked), sharex=True, **grid)[:, 0]
    distances = [d for a in asked for c in a.ranking for d in c.by_seed.values()]
    edge = 1.06 * max(filter(math.isfinite, distances), default=1) or 1
    for axes, answer in zip(panels, asked, strict=True):
        for y, candidate in enumerate(answer.ranking):
            colour = BLUE if y == 0 and answer.steady else "#8c8c8c"
            for distance in spread_out(list(candidate.by_seed.values())):
                mark = "o" if math.isfinite(distance) else ">"
                drawing.dot(axes, min(distance, edge), y, mark, colour, 5, gid="seed")
            look = {"mec": colour, "mew": 2}
            drawing.dot(axes, candidate.distance, y, "|", colour, 13, **look)
        names = [candidate.label for candidate in answer.ranking]
        _as_rows(axes, names, len(names))
        topic = phrase("words.j2", "topic", answer.question.key)
        axes.set_title(topic, weight="bold", pad=3)
    axes.set(xlim=(0, edge), xlabel="distance (1: the limit of effect)")
    return figure


def _as_rows(axes, names, room):
    """Axes of which each row has a name; `room` is for so many rows."""
    axes.set_yticks(range(len(names)), names, color=INK)
    axes.set_ylim(room - 0.4, -0.6)
    axes.grid(axis="x")
    axes.tick_params(axis="y", length=0)


def stopping_rows(stated, patient):
    """Architecture to pairs of verdicts: by the stated rule, with a patience of 2."""
    rows = {}
    for pair in zip(stated, patient, strict=True):
        shown = pair[0].architecture in PATIENT and pair[0].quantity == "epochs"
        if shown and pair[0].original is not None and pair[0].values and pair[1].values:
            rows.setdefault(pair[0].architecture, []).append(pair)
    return rows


@drawing.in_house_style
def stopping_figure(rows):
    """Why architectures 4 and 5 differ: the original's epochs against both rules.

    `rows`: some `stopping_rows`.
    """
    pairs = [pair for pairs in rows.values() for pair in pairs]
    near = [
        sum(abs(v.centre - v.original) <= v.limit + verdicts.SLACK for v in rule)
        for rule in zip(*pairs, strict=True)
    ]
    room = max(map(len, rows.values()))
    figure = drawing.new_figure(
        8, 0.36 * room + 1.2, "stopping", stated=near[0], patient=near[1],
        rows=len(pairs), limit=verdicts.EPOCHS_LIMIT,
        drawn=most_drawn(verdict.values for pair in pairs for verdict in pair),
    )  # fmt: skip
    panels = figure.subplots(1, len(rows), squeeze=False)[0]
    for axes, architecture in zip(panels, rows, strict=True):
        names, epochs = [], []
        for y, (stated, patient) in enumerate(rows[architecture]):
            name, judged_as = map(method_label, (stated.method, stated.judged_as))
            names.append(name if name == judged_as else f"{name} (is {judged_as})")
            corner, width = (stated.original - stated.limit, y - 0.4), 2 * stated.limit
            axes.add_patch(Rectangle(corner, width, 0.8, fc="#ececec", lw=0))
            line = [stated.original] * 2, [y - 0.4, y + 0.4]
            axes.plot(*line, color=INK, lw=2, gid="original")
            _draw_epochs(axes, stated.values, y + 0.16, ORANGE, "white")
            _draw_epochs(axes, patient.values, y - 0.16, BLUE, BLUE)
            epochs += [stated.original, *stated.values, *patient.values]
        _as_rows(axes, names, room)
        axes.set(xscale="log", xlabel="epochs (logarithmic)")
        longest = max(filter(math.isfinite, epochs))
        axes.set_xlim(0.75 * min(epochs), 1.35 * longest)
        drawing.log_numbers(axes.xaxis, 1, 1)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_title(f"architecture {architecture}", weight="bold")
    keys = [
        drawing.key("the original", "|", INK, ms=13, mew=2),
        drawing.key("rerun, stated rule", "o", ORANGE, mfc="white", ms=5.5),
        drawing.key("rerun, patience 2", "o", BLUE, ms=5.5),
    ]
    figure.legend(handles=keys, loc="outside lower left", ncols=3, fontsize=8.5)
    return figure


def _draw_epochs(axes, values, y, colour, face):
    """A dot a run that ended, in three heights, so that equal seeds are seen."""
    look = {"mfc": face, "mec": colour, "mew": 1, "gid": "run"}
    for place, value in enumerate(spread_out(list(filter(math.isfinite, values)))):
        height = y + 0.06 * (place % 3 - 1)
        drawing.dot(axes, value, height, "o", colour, 4.5, **look)
