"""The page's longer sections: an architecture, the best model, the list of files."""

from reproduce import original
from reproduce.experiment.methods import METHODS, slug

from .markdown import grid, listed
from .pair_square import square
from .verdict_tables import architecture_grid


def architecture(findings, tables, figures, number):
    stem = f"architecture-{number}"
    units = listed(list(map(str, original.HIDDEN_UNITS[number])))
    section = original.SECTIONS["tables"][str(number)]
    return "\n\n".join(
        [
            f"## Architecture {number}",
            f"Hidden layers of {units} units (report, {section}).",
            tables[f"{stem}-summary"].body(),
            "### Hyperparameters",
            tables[f"{stem}-hyperparameters"].body(),
            "### Comparison of the methods",
            tables[f"{stem}-comparison"].body(),
            "### Verdicts",
            architecture_grid(findings.verdicts, number),
            _others(findings, number),
            "### Method against method",
            square(findings.pairs, number),
            "[Each pair, with its p-values](tables/method-pairs.md).",
            *_curves(findings, figures, number),
        ]
    )


def _others(findings, number):
    """What the rows are that the report has not."""
    rows = [row for row in findings.of(number) if row.method not in METHODS]
    if not rows:
        return ""
    lines = [f"- {METHODS[row.method].label}: `{row.method}`" for row in rows]
    return (
        "Trained in the same way, though not in the report: no number to compare with, "
        "no part in its claims or in the choice of the best model.\n\n"
        + "\n".join(lines)
    )


def _curves(findings, figures, number):
    everything = f"architecture-{number}-all.png"
    if everything not in figures:
        return []
    images = [
        image(f"{METHODS[row.method].label}, architecture {number}", file)
        for row in findings.of(number)
        if (file := f"architecture-{number}-{slug(row.method)}.png") in figures
    ]
    pairs = [(images[i : i + 2] + [""])[:2] for i in range(0, len(images), 2)]
    return [
        "### Error against epoch",
        "A dot ends a run at the threshold, an upward triangle one whose error rose, a "
        "triangle to the right one cut off at the limit of epochs, a cross one that "
        "diverged; thin lines are the other seeds.",
        image(f"All methods, architecture {number}", everything),
        grid(["", ""], pairs),
    ]


def image(words, file):
    """A figure in Markdown."""
    return f"![{words}](figures/{file})"


def unsaid(tables, figures):
    """The candidate protocols, and which of them explains the report's numbers."""
    body, figure = tables["protocol"].body(), "protocol.png"
    return [body, image("Candidates", figure)] if figure in figures else [body]


def files(tables):
    links = "\n".join(
        f"- {table.title}: [CSV](tables/{name}.csv)"
        + (f", [Markdown](tables/{name}.md)" if table.header else "")
        for name, table in sorted(tables.items())
    )
    return f"## Tables as files\n\nThe CSV files have full precision.\n\n{links}"
