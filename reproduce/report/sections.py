"""The page's longer sections: an architecture, the best model, the list of files."""

from reproduce import reported
from reproduce.experiment.protocol import METHODS
from reproduce.experiment.records import SPLITS

from .distributions import accuracy_interval
from .export import CARD, MODEL
from .markdown import fraction, grid, listed
from .pair_square import square
from .verdict_tables import architecture_grid


def architecture(findings, tables, figures, number):
    stem = f"architecture-{number}"
    units = listed(list(map(str, reported.HIDDEN_UNITS[number])))
    section = reported.SECTIONS["tables"][str(number)]
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
            "### Method against method",
            square(findings.pairs, number),
            "[Each pair, with its p-values](tables/method-pairs.md).",
            *_curves(figures, number),
        ]
    )


def _curves(figures, number):
    everything = f"architecture-{number}-all.png"
    if everything not in figures:
        return []
    images = [
        _image(f"{METHODS[method].label}, architecture {number}", file)
        for method in METHODS
        if (file := f"architecture-{number}-{method}.png") in figures
    ]
    pairs = [(images[i : i + 2] + [""])[:2] for i in range(0, len(images), 2)]
    return [
        "### Error against epoch",
        "A dot ends a run that converged, a triangle one cut off at the limit of "
        "epochs, a cross one that diverged; thin lines are the other seeds.",
        _image(f"All methods, architecture {number}", everything),
        grid(["", ""], pairs),
    ]


def _image(words, file):
    return f"![{words}](figures/{file})"


def unsaid(tables, figures):
    """The candidate protocols, and which of them explains the report's numbers."""
    body, figure = tables["protocol"].body(), "protocol.png"
    return [body, _image("Candidates", figure)] if figure in figures else [body]


def best_model(selection, tables, model_there):
    parts = ["## Best model", tables["best-model"].body()]
    record = selection.winner
    if record is None:
        return "\n\n".join(parts)
    parts += [_scores(record), _model_file(record, model_there)]
    for split in SPLITS:
        link = f"[10 × 10 counts](tables/confusion-{split}.md)"
        image = _image(f"Confusion matrix, {split}", f"confusion-{split}.png")
        parts += [f"### Confusion matrix: {split}", image, link]
    return "\n\n".join(parts)


def _scores(record):
    header = ["Split", "Accuracy", "95% interval", "Report", "95% interval"]
    header += ["Loss", "Report"]
    rows = []
    for split in SPLITS:
        ours, printed = record.splits[split], reported.CONFUSION["splits"][split]
        images = sum(map(sum, ours["confusion"]))
        rows.append(
            [
                split,
                *_accuracy(ours["accuracy"], images),
                *_accuracy(printed["accuracy"], reported.EXAMPLES[split]),
                fraction(ours["loss"]),
                fraction(printed["loss"]),
            ]
        )
    note = "Intervals: Wilson's, of an accuracy on so many images."
    return f"{grid(header, rows)}\n\n{note}"


def _accuracy(accuracy, images):
    low, high = accuracy_interval(accuracy, images)
    return fraction(accuracy), f"{fraction(low)}–{fraction(high)}"


def _model_file(record, model_there):
    if model_there:
        return (
            f"The trained model is [{MODEL}]({MODEL}); [{CARD}]({CARD}) says what goes "
            "in, what comes out and what it should score."
        )
    return (
        f"**The trained model is not in this folder** ({MODEL}); [{CARD}]({CARD}) "
        f"describes it, and running {record.cell} again makes it."
    )


def files(tables):
    links = "\n".join(
        f"- {table.title}: [CSV](tables/{name}.csv)"
        + (f", [Markdown](tables/{name}.md)" if table.header else "")
        for name, table in sorted(tables.items())
    )
    return f"## Tables as files\n\nThe CSV files have full precision.\n\n{links}"
