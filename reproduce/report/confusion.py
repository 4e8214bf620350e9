"""Confusion matrices of the best model beside the report's (1.7)."""

from reproduce import original
from reproduce.experiment.methods import METHODS

from .best import name
from .markdown import Table, fraction, grid

CLASSES = range(10)


def reported_matrix(split):
    """The report's matrix, 10 x 10 as printed: rows true, columns predicted."""
    printed = original.CONFUSION["splits"][split]["matrix"]
    matrix = [[0 for _ in CLASSES] for _ in CLASSES]
    for true, row in zip(original.DIGITS, printed, strict=True):
        for predicted, number in zip(original.DIGITS, row, strict=True):
            matrix[true][predicted] = number
    return matrix


def reported_name():
    """What the report says of the model its matrices are of."""
    printed = original.CONFUSION
    method = METHODS[printed["method"]].label if printed["method"] in METHODS else None
    return f"architecture {printed['architecture']}, {method or 'method not named'}"


def outside(matrix, digits=original.DIGITS):
    """Examples whose true or predicted digit is none of the five, or of `digits`."""
    inside = sum(matrix[i][j] for i in digits for j in digits)
    return sum(map(sum, matrix)) - inside


def stem(split, is_choice=False):
    """File stem of a matrix, the best model's or the report's choice's."""
    return f"confusion-{split}" + ("-reports-choice" if is_choice else "")


def confusion_table(split, record, is_choice=False):
    """Both matrices of one split."""
    ours, printed = record.splits[split], original.CONFUSION["splits"][split]
    rows = _data("reproduced", ours["confusion"], ours)
    rows += _data("reported", reported_matrix(split), printed)
    return Table(
        name=stem(split, is_choice),
        title=f"Confusion matrix, {split}, {name(record)} "
        f"(report, {original.SECTIONS['confusion']})",
        data=rows,
        header=["True \\ predicted", *map(str, CLASSES)],
        rows=_cells(ours["confusion"]),
        notes=[
            f"Rows: true digit; columns: predicted digit. Above: {name(record)}; "
            f"{measures(ours)}.",
            f"The report's, {reported_name()}; {measures(printed)}:",
            grid(
                ["True \\ predicted", *map(str, CLASSES)],
                _cells(reported_matrix(split)),
            ),
            "The report's caption calls the rows predicted labels; its rows, not its "
            "columns, sum to the number of examples of each digit, so they are the "
            "true ones.",
        ],
    )


def measures(split):
    """`accuracy 0.9752, loss 0.1187`."""
    return f"accuracy {fraction(split['accuracy'])}, loss {fraction(split['loss'])}"


def _data(source, matrix, values):
    return [
        {
            "source": source,
            "true": true,
            **{
                f"predicted_{predicted}": matrix[true][predicted]
                for predicted in CLASSES
            },
            "split_accuracy": values["accuracy"],
            "split_loss": values["loss"],
        }
        for true in CLASSES
    ]


def _cells(matrix):
    return [[f"**{true}**", *map(str, matrix[true])] for true in CLASSES]
