"""A record: what one run found, checked against its own checksum."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass

from reproduce.errors import InvalidRecord

from .protocol import Cell, Protocol
from .stopping import ENDINGS

SCHEMA = 2
SPLITS = ("train", "validation", "test")
NOT_HASHED = ("seconds", "provenance", "sha256")


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
        provenance: versions, commit, CPU, data checksum.
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
    def is_first_edition(self):
        """Whether it is of schema 1, which new runs replace."""
        return self.protocol.name.endswith(FIRST_EDITION)

    @property
    def core_seconds(self):
        """Processor time; wall clock in older records, which lack the other."""
        wall = self.seconds["setup"] + self.seconds["training"]
        return self.seconds.get("cpu", wall)

    def summary(self):
        """What progress displays show of it."""
        return {
            "cell": asdict(self.cell),
            "ending": self.ending,
            "epochs": self.epochs,
            "accuracy": self.splits.get("validation", {}).get("accuracy"),
            "seconds": self.seconds["setup"] + self.seconds["training"],
        }

    def to_dict(self):
        values = {
            "schema": SCHEMA,
            **{k: getattr(self, k) for k in self.__annotations__},
        }
        values["cell"], values["protocol"] = asdict(self.cell), self.protocol.to_dict()
        values["sha256"] = payload_sha256(values)
        return values

    @classmethod
    def from_dict(cls, values):
        """Check and rebuild a record.

        Raises:
            InvalidRecord: what is wrong with it, in one line.
        """
        if isinstance(values, dict) and values.get("schema") == 1:
            values = _from_first_edition(values)
        expected = {"schema", "sha256", *cls.__annotations__}
        if not isinstance(values, dict) or set(values) != expected:
            raise InvalidRecord("its fields are not those of a record")
        if values["schema"] != SCHEMA:
            raise InvalidRecord(f"schema {values['schema']!r}, expected {SCHEMA}")
        if not isinstance(values["protocol"], dict):
            raise InvalidRecord("its protocol is not a table of settings")
        if values["sha256"] != payload_sha256(values):
            raise InvalidRecord("its contents do not match its SHA-256")
        rest = {
            k: values[k] for k in cls.__annotations__ if k not in ("cell", "protocol")
        }
        try:
            cell, protocol = (
                Cell(**values["cell"]),
                Protocol.from_dict(values["protocol"]),
            )
        except (TypeError, ValueError) as error:
            raise InvalidRecord(str(error)) from None
        if rest["ending"] not in ENDINGS:
            raise InvalidRecord(f"unknown ending {rest['ending']!r}")
        return cls(cell, protocol, **rest)


FIRST_EDITION = "first edition"  # in the name of its protocols


def _from_first_edition(values):
    """A record of schema 1 as one of today.

    Its runs all had the same images, and said `converged` of either ending. They
    stay readable until new runs have replaced the published ones.
    """
    values = dict(values)
    try:
        if values.pop("sha256") != payload_sha256(values):
            raise InvalidRecord("its contents do not match its SHA-256")
        ending, errors = values.pop("status"), values["history"]["loss"]
        if ending == "converged":
            ending = "rose" if errors[-1] > errors[-2] else "threshold"
        name = f"{values['protocol']['name']}, {FIRST_EDITION}"
        values |= {
            "schema": SCHEMA,
            "ending": ending,
            "trace": {},
            "protocol": Protocol.from_dict(
                values["protocol"] | {"name": name}
            ).to_dict(),
        }
    except InvalidRecord:
        raise
    except (AttributeError, KeyError, TypeError, IndexError, ValueError) as error:
        raise InvalidRecord(f"not a record of schema 1 ({error})") from None
    return values | {"sha256": payload_sha256(values)}


def payload_sha256(values):
    """Hash of all that must come out the same when the run is repeated.

    Of the protocol only what differs from the defaults: a setting that comes
    later, with a default that changes nothing, leaves older hashes as they are.
    """
    payload = {k: v for k, v in values.items() if k not in NOT_HASHED}
    default = Protocol().to_dict()
    payload["protocol"] = {
        name: value
        for name, value in values["protocol"].items()
        if name not in default or value != default[name]
    }
    return hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()


def rounded(number, digits=9):
    """A float as records keep it: nine digits tell any two float32 apart."""
    return float(f"{number:.{digits}g}") if math.isfinite(number) else None
