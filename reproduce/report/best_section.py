"""The best model's section, and that of the model the report chose."""

from reproduce import original
from reproduce.experiment.record import SPLITS

from .best import name
from .confusion import reported_name, stem
from .distributions import accuracy_interval
from .export import CARD, MODEL, MODEL_CARD
from .markdown import fraction, grid
from .sections import image
from .unseen import unseen_sentence


def best_model(findings, tables, model_there):
    """How it was chosen, what it scores, its matrices beside the report's."""
    parts = ["## Best model", tables["best-model"].body()]
    record = findings.selection.winner
    if record is None:
        return "\n\n".join(parts)
    parts += [_scores(record), _model_file(record, model_there)]
    parts += [unseen_sentence(record), *_matrices(False)]
    if findings.choice:
        parts += [
            "## The report's choice",
            f"The report took {reported_name()} for its best model (1.7). Our best run "
            f"of that architecture, by the same rule: **{name(findings.choice)}**.",
            _scores(findings.choice),
            *_matrices(True),
        ]
    return "\n\n".join(part for part in parts if part)


def _matrices(is_choice):
    for split in SPLITS:
        file = stem(split, is_choice)
        yield f"### Confusion matrix: {split}"
        yield image(f"Confusion matrix, {split}", f"{file}.png")
        yield f"[10 × 10 counts](tables/{file}.md)"


def _scores(record):
    header = ["Split", "Accuracy", "95% interval", "Report", "95% interval"]
    header += ["Loss", "Report"]
    rows = []
    for split in SPLITS:
        ours, printed = record.splits[split], original.CONFUSION["splits"][split]
        images = sum(map(sum, ours["confusion"]))
        rows.append(
            [
                split,
                *_accuracy(ours["accuracy"], images),
                *_accuracy(printed["accuracy"], original.EXAMPLES[split]),
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
            f"The trained model is [{MODEL}]({MODEL}). Its card says what goes in, "
            "what comes out, what it should score and what it is not for, "
            f"[for people]({MODEL_CARD}) and [for programs]({CARD})."
        )
    return (
        f"**The trained model is not in this folder** ({MODEL}); [{CARD}]({CARD}) "
        f"describes it, and running {record.cell} again makes it."
    )
