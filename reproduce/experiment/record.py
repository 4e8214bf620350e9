"""A record: what one run found, checked against its own checksum."""

import hashlib
import json
import math
import re
import reprlib
from dataclasses import asdict, dataclass, fields, replace
from functools import cached_property

from reproduce.errors import InvalidRecord, NewerRecord

from .history import History
from .protocol import ARCHITECTURES, CHOICES, Cell, Protocol
from .stopping import ENDINGS

SCHEMA = 2
SPLITS = ("train", "validation", "test")
NOT_HASHED = ("seconds", "provenance", "sha256")
CLASSES = 10  # rows and columns of a confusion matrix
MOST_SEED = 2**32 - 1  # that NumPy and Keras take
LARGEST = 1e300  # of any number: what is larger is not finite, or soon will not be
LONGEST = 80  # characters of what is wrong, in a message
FLOAT32_STEP = 2.0**-23  # what an accuracy may lack of its matrix's


@dataclass(frozen=True)
class Record:
    """What one run found: a fact, written once.

    Attributes:
        cell: what was trained.
        protocol: under which settings.
        ending: how it ended: `threshold`, `rose`, `epoch_limit` or `diverged`
            (`stopping.ENDINGS`).
        epochs: epochs trained, the last one being that of the decision.
        history: one number an epoch: `loss` and `accuracy`, means over the
            training examples while the weights move (the original's "average
            training error"); `validation_loss` and `validation_accuracy` of the
            weights at its end, None where they were not evaluated. A diverged run
            ends before its first non-finite error.
        splits: for train, validation, test, and the embedded images that are
            `unused`: `loss`, `accuracy` (fraction) and `confusion` (10 x 10 counts,
            rows true digits, columns predicted), of the final weights; empty when
            diverged.
        trace: epoch, as text, to the training error before its first update and
            after each of the traced ones; empty unless the protocol asks.
        parameters: trainable parameters of the model.
        initial_sha256: of the initial weights, the same for every method.
        model_sha256: of the saved model; None when diverged.
        seconds: `setup` (load, build) and `training`, wall clock; `cpu`, processor
            time of the whole run, evaluation included.
        provenance: versions, commit, CPU, checksums of the data and of what is
            installed (`lock_sha256`, which older records lack).
    """

    cell: Cell
    protocol: Protocol
    ending: str
    epochs: int
    history: dict
    splits: dict
    trace: dict
    parameters: int
    initial_sha256: str
    model_sha256: str | None
    seconds: dict
    provenance: dict

    @property
    def stopped(self):
        """Whether the criterion ended it."""
        return self.ending in ("threshold", "rose")

    @property
    def epochs_to_stop(self):
        """Epochs until the criterion ended it; infinite if it did not."""
        return self.epochs if self.stopped else math.inf

    @property
    def digits(self):
        """The digits that its images show, in order; none when diverged."""
        matrices = [values["confusion"] for values in self.splits.values()]
        return tuple(d for d in range(CLASSES) if any(any(m[d]) for m in matrices))

    @property
    def core_seconds(self):
        """Processor time; wall clock in older records, which lack processor time."""
        wall = self.seconds["setup"] + self.seconds["training"]
        return self.seconds.get("cpu", wall)

    def to_frame(self):
        """The history as a `pandas.DataFrame`: a row an epoch, counted from 1."""
        import pandas as pd

        frame = pd.DataFrame(dict(self.history))
        return frame.set_index(pd.RangeIndex(1, len(frame) + 1, name="epoch"))

    def summary(self):
        """What progress displays show of it."""
        return {
            "cell": asdict(self.cell),
            "ending": self.ending,
            "epochs": self.epochs,
            "accuracy": self.splits.get("validation", {}).get("accuracy"),
            "seconds": self.seconds["setup"] + self.seconds["training"],
        }

    @cached_property
    def sha256(self):
        """Hash of all that must come out the same when the run is repeated."""
        return payload_sha256(self._values())

    def __hash__(self):
        return hash(self.sha256)

    def to_dict(self):
        """What `from_dict` takes, with the record's checksum."""
        return {**self._values(), "sha256": self.sha256}

    def _values(self):
        return {
            "schema": SCHEMA,
            **{name: getattr(self, name) for name in self.__annotations__},
            "cell": asdict(self.cell),
            "protocol": self.protocol.to_dict(),
            "history": dict(self.history),
        }

    @classmethod
    def from_dict(cls, values):
        """Check and rebuild a record.

        Args:
            values: of its file; older ones lack the file's own checksum.

        Raises:
            InvalidRecord: what is wrong with it, in one line.
            NewerRecord: it is of a later schema.
        """
        texts = _texts(values) if isinstance(values, dict) else {}
        if "file_sha256" in texts:
            del texts["file_sha256"]
            values = dict(values)
            if values.pop("file_sha256") != _sha256(texts):
                raise InvalidRecord("its contents do not match the file's SHA-256")
        schema = values.get("schema") if isinstance(values, dict) else None
        if _whole(schema, SCHEMA + 1):
            raise NewerRecord(
                f"written by a later version of this project (schema {schema}; this "
                f"one knows up to {SCHEMA}). Update the project, or choose another "
                "folder."
            )
        expected = {"schema", "sha256", *cls.__annotations__}
        if not isinstance(values, dict) or set(values) != expected:
            raise InvalidRecord("its fields are not those of a record")
        if values["schema"] != SCHEMA:
            raise InvalidRecord(f"schema {values['schema']!r}, expected {SCHEMA}")
        if not isinstance(values["protocol"], dict):
            raise InvalidRecord("its protocol is not a table of settings")
        if values["sha256"] != _payload_sha256(values["protocol"], texts):
            raise InvalidRecord("its contents do not match its SHA-256")
        rest = {k: v for k, v in values.items() if k not in ("schema", "sha256")}
        try:
            rest["cell"] = Cell(**values["cell"])
            rest["protocol"] = Protocol.from_dict(values["protocol"])
        except (TypeError, ValueError) as error:
            raise InvalidRecord(str(error)) from None
        record = cls(**rest)
        for name, (expected, holds) in _PARTS.items():
            if not holds(record):
                text = reprlib.repr(getattr(record, name))[:LONGEST]
                raise InvalidRecord(f"its {name}: {text}; expected {expected}")
        record = replace(record, history=History(record.history))
        vars(record)["sha256"] = values["sha256"]  # checked above
        return record


def _whole(value, least=0, most=LARGEST):
    return type(value) is int and least <= value <= most


def _number(value, least=0, most=LARGEST):
    return type(value) in (int, float) and least <= value <= most


def _table(value, holds):
    """Whether it is a table whose names and values are what they should be."""
    return type(value) is dict and all(
        type(name) is str and holds(name, entry) for name, entry in value.items()
    )


def _numbers(value, most=LARGEST):
    """Whether it is a list of numbers, or None where there is none."""
    if type(value) is not list:
        return False
    known = [number for number in value if number is not None]
    return (
        {*map(type, known)} <= {int, float}
        and all(map((0.0).__le__, known))
        and all(map(float(most).__ge__, known))
    )


def _hash(value):
    return type(value) is str and re.fullmatch("[0-9a-f]+", value) is not None


def _is_cell(cell):
    return (
        _whole(cell.architecture)
        and cell.architecture in ARCHITECTURES
        and _whole(cell.seed, most=MOST_SEED)
    )


def _is_protocol(protocol):
    """Whether each setting is of its type, one of its choices and not below 0."""
    for field in fields(protocol):
        value = getattr(protocol, field.name)
        kind = field.type | int if field.type is float else field.type
        if not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
            return False
        if type(value) in (int, float) and not _number(value):
            return False
        if value is not None and value not in CHOICES.get(field.name, (value,)):
            return False
    sha256 = protocol.data_sha256
    return protocol.name.isprintable() and (sha256 is None or _hash(sha256))


def epochs_of(history):
    """How many epochs a table of numbers is of; None if it is no record's history."""
    if not _table(history, lambda name, numbers: _numbers(numbers, _most(name))):
        return None
    if not {"loss", "accuracy"} <= set(history) or None in history["loss"]:
        return None
    length, *other_lengths = {len(numbers) for numbers in history.values()}
    return None if other_lengths else length


def _most(name):
    return 1 if name.endswith("accuracy") else LARGEST


def _has_history(record):
    length = epochs_of(record.history)
    if length is None or record.ending == "diverged":
        return length is not None and length <= record.epochs
    return length == record.epochs


def _is_split(name, split):
    """Whether it has a loss, an accuracy and counts.

    Raises:
        InvalidRecord: the accuracy is not what the counts come to.
    """
    if name not in (*SPLITS, "unused") or type(split) is not dict:
        return False
    if set(split) != {"loss", "accuracy", "confusion"} or not _numbers([split["loss"]]):
        return False
    matrix, accuracy = split["confusion"], split["accuracy"]
    if (
        type(matrix) is not list
        or len(matrix) != CLASSES
        or not all(type(row) is list and len(row) == CLASSES for row in matrix)
        or not all(_whole(count) for row in matrix for count in row)
        or not any(map(any, matrix))
    ):
        return False
    right = sum(matrix[i][i] for i in range(CLASSES)) / sum(map(sum, matrix))
    if not _number(accuracy, most=1) or abs(accuracy - right) > FLOAT32_STEP:
        raise InvalidRecord(
            f"its splits: {name} accuracy {accuracy!r}; its confusion matrix has "
            f"{right:.9g}"
        )
    return True


def _are_splits(record):
    if record.ending == "diverged":
        return record.splits == {}
    return _table(record.splits, _is_split) and set(SPLITS) <= set(record.splits)


def are_seconds(value):
    """Whether it is a table of what a record's `seconds` are."""
    numbers = _table(value, lambda name, seconds: _number(seconds))
    return numbers and {"setup", "training"} <= set(value)


def _is_provenance(value):
    def plain(name, entry):
        if type(entry) is str:  # it is shown, on terminals too
            return entry.isprintable()
        return entry is None or _number(entry) or _is_provenance(entry)

    return _table(value, plain)


_PARTS = {
    "cell": (
        "architecture 1 to 5 and a seed that is a whole number of at least 0",
        lambda r: _is_cell(r.cell),
    ),
    "protocol": (
        "settings of their types and choices, none below 0",
        lambda r: _is_protocol(r.protocol),
    ),
    "ending": (
        f"one of {', '.join(ENDINGS)}",
        lambda r: type(r.ending) is str and r.ending in ENDINGS,
    ),
    "epochs": ("a whole number of at least 0", lambda r: _whole(r.epochs)),
    "history": ("for each quantity a number an epoch", _has_history),
    "splits": (
        "train, validation and test, each with the accuracy of its 10 x 10 counts, or "
        "none where the run diverged",
        _are_splits,
    ),
    "trace": (
        "lists of numbers by epoch",
        lambda r: _table(
            r.trace, lambda epoch, errors: epoch.isdigit() and _numbers(errors)
        ),
    ),
    "parameters": ("a whole number of at least 1", lambda r: _whole(r.parameters, 1)),
    "initial_sha256": ("a SHA-256", lambda r: _hash(r.initial_sha256)),
    "model_sha256": (
        "a SHA-256, or null where the run diverged",
        lambda r: (
            _hash(r.model_sha256) or (r.model_sha256 is None and r.ending == "diverged")
        ),
    ),
    "seconds": (
        "numbers, setup and training among them",
        lambda r: are_seconds(r.seconds),
    ),
    "provenance": (
        "a table of texts and numbers",
        lambda r: _is_provenance(r.provenance),
    ),
}  # part of a record to what it must be, in words and as a test of the record


def payload_sha256(values):
    """Hash of all that must come out the same when the run is repeated.

    Of the protocol only what differs from the defaults: a setting that comes
    later, with a default that changes nothing, leaves older hashes as they are.
    """
    return _payload_sha256(values["protocol"], _texts(values))


def file_sha256(values):
    """Hash of all of a record's values, its own checksum among them."""
    return _sha256(_texts(values))


_DEFAULT = Protocol().to_dict()


def _payload_sha256(protocol, texts):
    changed = {
        name: value
        for name, value in protocol.items()
        if name not in _DEFAULT or value != _DEFAULT[name]
    }
    hashed = {name: text for name, text in texts.items() if name not in NOT_HASHED}
    return _sha256(hashed | _texts({"protocol": changed}))


def _texts(values):
    """Each of a table's values as JSON: long ones are written once, hashed twice."""
    return {name: json.dumps(value, sort_keys=True) for name, value in values.items()}


def _sha256(texts):
    """Hash of the JSON of a table, names in order."""
    parts = (f"{json.dumps(name)}: {texts[name]}" for name in sorted(texts))
    return hashlib.sha256(f"{{{', '.join(parts)}}}".encode()).hexdigest()


def rounded(number, digits=9):
    """A float as records keep it: nine digits tell any two float32 apart."""
    return float(f"{number:.{digits}g}") if math.isfinite(number) else None
