"""How near the rerun came to the report: counted, and stated in sentences."""

from dataclasses import dataclass
from statistics import median

from reproduce.experiment.protocol import METHODS

from .comparison import epochs_cell
from .markdown import DIVERGED, fraction, grid, listed, plural

EPOCHS_WITHIN = 0.25  # of the reported number
ACCURACY_WITHIN = 0.01  # a percentage point


@dataclass(frozen=True)
class Agreement:
    """The rows that were rerun and can be read in the report.

    Attributes:
        rows: those rows, as `Comparison`s.
        legible: how many rows of the report can be read, rerun or not.
    """

    rows: tuple
    legible: int

    def near(self, quantity):
        """The rows whose `epochs`, `train` or `validation` accuracy is near."""
        return [row for row in self.rows if is_near(row, quantity)]


def is_near(row, quantity):
    """Whether the median of the runs is within the tolerance of the report."""
    if quantity == "epochs":
        printed = row.reported.epochs
        return abs(median(row.epochs) - printed) <= EPOCHS_WITHIN * printed
    accuracy = row.accuracy(quantity)
    printed = getattr(row.reported, f"{quantity}_accuracy")
    # The slack is far below a printed digit: 0.9600 - 0.9500 must count as 0.01.
    return accuracy is not None and abs(accuracy - printed) <= ACCURACY_WITHIN + 1e-9


def agree(rows):
    """Take the rows that can be compared."""
    legible = [row for row in rows if row.reported.epochs is not None]
    return Agreement(tuple(row for row in legible if row.runs), len(legible))


def agreement_sentence(agreement):
    """How many rows were rerun and how many came near."""
    near = {
        quantity: f"{len(agreement.near(quantity))} of {len(agreement.rows)}"
        for quantity in ("epochs", "train", "validation")
    }
    return (
        f"Of the {agreement.legible} rows that are legible in the report's comparison "
        f"tables, {len(agreement.rows)} were rerun. **The epochs to convergence are "
        f"within {EPOCHS_WITHIN:.0%} of the reported number in {near['epochs']}, the "
        f"training accuracy within {ACCURACY_WITHIN:g} in {near['train']}, the "
        f"validation accuracy within {ACCURACY_WITHIN:g} in {near['validation']}.**"
    )


def far_rows(agreement, protocol):
    """A paragraph and table of the rows out of tolerance, or one sentence."""
    far = [
        row
        for row in agreement.rows
        if not all(is_near(row, name) for name in ("epochs", "train", "validation"))
    ]
    if not far:
        return "No row is farther from the report." if agreement.rows else ""
    header = ["Row", "Farther in", "Epochs", "Epochs, report"]
    header += ["Validation accuracy", "Validation accuracy, report"]
    table = grid(header, [_far_cells(row, protocol) for row in far])
    verb = "is" if len(far) == 1 else "are"
    marked = [row for row in far if row.reported.note]
    note = f"\n\n{_marked(marked)}" if marked else ""
    return f"{plural(len(far), 'row')} {verb} farther away:\n\n{table}{note}"


def _far_cells(row, protocol):
    quantities = {
        "epochs": "epochs",
        "train": "training accuracy",
        "validation": "validation accuracy",
    }
    accuracy = row.accuracy("validation")
    mark = " †" if row.reported.note else ""
    return [
        f"architecture {row.architecture}, {METHODS[row.method].label}{mark}",
        listed([words for name, words in quantities.items() if not is_near(row, name)]),
        epochs_cell(row, protocol, with_spread=False),
        f"{row.reported.epochs:,}",
        DIVERGED if accuracy is None else fraction(accuracy),
        fraction(row.reported.validation_accuracy, row.reported.validation_decimals),
    ]


def _marked(rows):
    notes = dict.fromkeys(row.reported.note for row in rows)
    return "\n\n".join(f"† Report: {note}." for note in notes)
