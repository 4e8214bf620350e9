"""The measured times as one figure."""

import io

from matplotlib.figure import Figure

from reproduce.experiment.methods import METHODS

SIDES = {  # row name: label, marker, filled
    "engine": ("this engine", "o", True),
    "jax": ("JAX lax.scan", "D", False),
    "torch": ("PyTorch, eager", "s", False),
    "fit": ("stock Keras fit(batch_size=1)", "^", False),
}


def draw(rows):
    """PNG bytes: microseconds an update on a log axis, a panel an architecture."""
    rows = [row for row in rows if not METHODS[row["method"]].full_batch]
    architectures = sorted({row["architecture"] for row in rows}) or [1]
    figure = Figure(figsize=(1.2 + 2.1 * len(architectures), 3.8), layout="constrained")
    panels = figure.subplots(1, len(architectures), sharey=True, squeeze=False)[0]
    for panel, architecture in zip(panels, architectures, strict=True):
        _panel(panel, [row for row in rows if row["architecture"] == architecture])
        panel.set_title(f"Architecture {architecture}", fontsize=10)
    panels[0].set_ylabel("microseconds an update, one core")
    figure.legend(
        *panels[0].get_legend_handles_labels(),
        loc="outside lower center",
        ncols=2 if len(architectures) < 4 else 4,
        frameon=False,
        fontsize=9,
    )
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=110, metadata={"Software": None})
    return content.getvalue()


def _panel(panel, rows):
    for name, (label, marker, filled) in SIDES.items():
        points = [(i, row[f"{name}_us"]) for i, row in enumerate(rows)]
        points = [(i, time) for i, time in points if time]
        colours = [METHODS[rows[i]["method"]].colour for i, _ in points]
        panel.scatter(
            [i for i, _ in points],
            [time for _, time in points],
            s=34,
            marker=marker,
            facecolors=colours if filled else "none",
            edgecolors=colours,
            label=label,
            zorder=3,
        )
    panel.set_yscale("log")
    names = [METHODS[row["method"]].label for row in rows]
    panel.set_xticks(range(len(rows)), names, rotation=60, ha="right", fontsize=8)
    panel.grid(axis="y", which="major", color="#dddddd", linewidth=0.8)
    panel.spines[["top", "right"]].set_visible(False)
