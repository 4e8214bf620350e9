"""The candidates' distances from the report, a panel a question."""

from matplotlib.figure import Figure

from .readings import QUESTIONS

CHOSEN, OTHER = "#0072b2", "#999999"


def candidate_figure(frame):
    """A dot a seed, a bar at the mean; the nearest candidate of each in blue."""
    asked = [question for question in QUESTIONS if question in set(frame["question"])]
    sizes = [frame[frame["question"] == q]["candidate"].nunique() for q in asked]
    figure = Figure(
        figsize=(7.6, 0.34 * sum(sizes) + 0.62 * len(asked) + 0.5), layout="constrained"
    )
    panels = figure.subplots(
        len(asked), 1, sharex=True, squeeze=False, height_ratios=sizes
    )[:, 0]
    for axes, question in zip(panels, asked, strict=True):
        _panel(axes, frame[frame["question"] == question], question)
    panels[-1].set_xlim(left=0)
    panels[-1].set_xlabel("distance from the report (1: the limit of effect)")
    return figure


def _panel(axes, own, question):
    means = own.groupby("candidate")["distance"].mean().sort_values(ascending=False)
    for place, (candidate, mean) in enumerate(means.items()):
        colour = CHOSEN if place == len(means) - 1 else OTHER
        seeds = own[own["candidate"] == candidate].groupby("seed")["distance"].mean()
        axes.plot(seeds, [place] * len(seeds), "o", color=colour, markersize=4)
        axes.plot(mean, place, "|", color=colour, markersize=16, markeredgewidth=2)
    axes.set_yticks(range(len(means)), means.index)
    axes.set_ylim(-0.6, len(means) - 0.4)
    axes.set_title(question)
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0)
