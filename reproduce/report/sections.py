"""The page's longer sections: an architecture, the best model, the list of files."""

from dataclasses import dataclass

from reproduce import reported
from reproduce.experiment.protocol import METHODS
from reproduce.experiment.records import SPLITS

from .best import Selection
from .export import CARD, MODEL
from .markdown import fraction, grid, listed
from .verdict_tables import architecture_grid


@dataclass(frozen=True)
class Findings:
    """All that the page is made of.

    Attributes:
        records: all of one protocol, in table order.
        invalid: number of files that are not valid records.
        rows: every `Comparison`, run or not.
        verdicts: a `Verdict` for every number of the report.
        entries: the claims ledger.
        selection: of the best model.
        tables: `Table` by name.
        figures: figures' file names, without their folder.
        model_there: whether `best_model.keras` is the best run's model.
        unsaid: what the report left unsaid and the candidates tell; a sentence.
    """

    records: list
    invalid: int
    rows: list
    verdicts: list
    entries: list
    selection: Selection
    tables: dict
    figures: set
    model_there: bool
    unsaid: str

    @property
    def protocol(self):
        return self.records[0].protocol


def architecture(findings, number):
    stem, tables = f"architecture-{number}", findings.tables
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
            *_curves(findings.figures, number),
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


def unsaid(findings):
    """The candidate protocols, and which of them explains the report's numbers."""
    body = findings.tables["protocol"].body()
    figure = "protocol.png"
    return (
        [body, _image("Candidates", figure)] if figure in findings.figures else [body]
    )


def best_model(findings):
    parts = ["## Best model", findings.tables["best-model"].body()]
    record = findings.selection.winner
    if record is None:
        return "\n\n".join(parts)
    for split in SPLITS:
        link = f"[10 × 10 counts](tables/confusion-{split}.md)"
        image = _image(f"Confusion matrix, {split}", f"confusion-{split}.png")
        parts += [f"### Confusion matrix: {split}", image, link]
    return "\n\n".join([*parts[:2], _scores(record), _model_file(findings), *parts[2:]])


def _scores(record):
    header = ["Split", "Accuracy", "Report", "Loss", "Report"]
    rows = []
    for split in SPLITS:
        ours, printed = record.splits[split], reported.CONFUSION["splits"][split]
        pairs = [(ours[name], printed[name]) for name in ("accuracy", "loss")]
        rows.append([split, *(fraction(number) for pair in pairs for number in pair)])
    return grid(header, rows)


def _model_file(findings):
    if findings.model_there:
        return (
            f"The trained model is [{MODEL}]({MODEL}); [{CARD}]({CARD}) says what goes "
            "in, what comes out and what it should score."
        )
    cell = findings.selection.winner.cell
    return (
        f"**The trained model is not in this folder** ({MODEL}); [{CARD}]({CARD}) "
        f"describes it, and running {cell} again makes it."
    )


def files(findings):
    links = "\n".join(
        f"- {table.title}: [CSV](tables/{name}.csv)"
        + (f", [Markdown](tables/{name}.md)" if table.header else "")
        for name, table in sorted(findings.tables.items())
    )
    return f"## Tables as files\n\nThe CSV files have full precision.\n\n{links}"
