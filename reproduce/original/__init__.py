"""The original's numbers and sentences as data, and nothing else.

What the document does not show legibly is None here and an empty cell in the
files; nothing is filled in. `SECTIONS` says where each table stands in the original.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Result:
    """A row of a comparison table (1.5.1 to 1.5.5).

    Attributes:
        architecture, method: the cell, by the project's keys.
        epochs: epochs trained; None: not legible, like the accuracies.
        train_accuracy, validation_accuracy: fractions of 1.
        train_decimals, validation_decimals: of the fraction, as printed.
        note: what has to be known to read the row; else empty.
    """

    architecture: int
    method: str
    epochs: int | None
    train_accuracy: float | None
    validation_accuracy: float | None
    train_decimals: int
    validation_decimals: int
    note: str


@dataclass(frozen=True)
class Layer:
    """A line of a printed model summary; the last one's name is `total`.

    Attributes:
        name, type, output_shape: as printed.
        parameters: trainable parameters; None: not legible.
        note: what has to be known to read the line; else empty.
    """

    name: str
    type: str
    output_shape: str
    parameters: int | None
    note: str


@dataclass(frozen=True)
class Hyperparameter:
    """A row of the hyperparameter table, or a setting named in the text.

    Attributes:
        setting: key, in `Protocol` where there is such a field.
        label, methods, printed: as the original prints them.
        value: as a plain word or number, in text; empty where words only.
        sections: where it is printed.
    """

    setting: str
    label: str
    methods: str
    value: str
    printed: str
    sections: tuple


@dataclass(frozen=True)
class Claim:
    """A sentence of the original that numbers can contradict.

    Attributes:
        key: in the ledger of claims.
        sections: where it stands, e.g. `1.3.2, 1.6`.
        words: the original's, shortened.
    """

    key: str
    sections: str
    words: str


@dataclass(frozen=True)
class Sentence:
    """A sentence of 1.1 to 1.7, shortened.

    Attributes:
        section: where it stands.
        words: the original's.
        judged_by: keys of the claims that it is judged by; or, where no run can:
            `definition` (it says what a method is), `cause` (that no record shows),
            `opinion` (a judgement, or about more than these networks) or
            `one setting` (the original has a single one).
    """

    section: str
    words: str
    judged_by: tuple


@dataclass(frozen=True)
class AxisTick:
    """The highest legible tick of a plot's error axis (1.5.3 to 1.5.5).

    Attributes:
        architecture, method: of the plot.
        highest: the tick.
        step: from one tick to the next.
    """

    architecture: int
    method: str
    highest: float
    step: float


UNJUDGED = ("definition", "cause", "opinion", "one setting")


def _rows(name):
    with open(FOLDER / name, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _number(text, kind):
    return kind(text) if text else None


def _result(row):
    return Result(
        architecture=int(row["architecture"]),
        method=row["method"],
        epochs=_number(row["epochs"], int),
        train_accuracy=_number(row["train_accuracy"], float),
        validation_accuracy=_number(row["validation_accuracy"], float),
        train_decimals=2 if row["printed_as"].startswith("training 100%") else 4,
        validation_decimals=4,
        note=row["note"],
    )


def _layer(row):
    return Layer(
        row["layer"],
        row["type"],
        row["output_shape"],
        _number(row["parameters"], int),
        row["note"],
    )


def _hidden_units():
    return {
        int(row["architecture"]): tuple(map(int, row["hidden_units"].split()))
        for row in _rows("hidden_units.csv")
    }


def _judged_by(text):
    return (text,) if text in UNJUDGED else tuple(text.split())


def _hyperparameter(row):
    return Hyperparameter(**{**row, "sections": tuple(row["sections"].split())})


SECTIONS = json.loads((FOLDER / "sections.json").read_text(encoding="utf-8"))
CONFUSION = json.loads((FOLDER / "confusion.json").read_text(encoding="utf-8"))
RESULTS = {(r.architecture, r.method): r for r in map(_result, _rows("tables.csv"))}
NOTHING = Result(0, "", None, None, None, 4, 4, "")  # a row the original has not
HIDDEN_UNITS = _hidden_units()
SUMMARIES = {
    architecture: tuple(
        _layer(row)
        for row in _rows("summaries.csv")
        if int(row["architecture"]) == architecture
    )
    for architecture in HIDDEN_UNITS
}
HYPERPARAMETERS = tuple(map(_hyperparameter, _rows("hyperparameters.csv")))
AXIS_TICKS = tuple(
    AxisTick(
        int(row["architecture"]),
        row["method"],
        float(row["highest"]),
        float(row["step"]),
    )
    for row in _rows("axis_ticks.csv")
)
CLAIMS = {row["key"]: Claim(**row) for row in _rows("claims.csv")}
SENTENCES = tuple(
    Sentence(row["section"], row["words"], _judged_by(row["judged_by"]))
    for row in _rows("sentences.csv")
)
INPUTS = int(_rows("hidden_units.csv")[0]["inputs"])
OUTPUTS = int(_rows("hidden_units.csv")[0]["outputs"])
DIGITS = tuple(CONFUSION["digits"])
EXAMPLES = {
    split: sum(map(sum, printed["matrix"]))
    for split, printed in CONFUSION["splits"].items()
}  # examples in each split, by the printed matrices


def kernel_shapes(architecture):
    """(inputs, outputs) of each layer's kernel, first to last, with ten outputs."""
    widths = (INPUTS, *HIDDEN_UNITS[architecture], OUTPUTS)
    return list(zip(widths[:-1], widths[1:], strict=True))
