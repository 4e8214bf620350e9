"""All that an output folder's records have to say, judged once."""

from dataclasses import dataclass, field

import pandas as pd

from reproduce.errors import UserError
from reproduce.experiment.record import Record
from reproduce.experiment.studies import REPORT, STUDIES

from .best import Selection, reports_choice, select
from .claim_extras import past_stopping
from .evidence import gather
from .ledger import ledger
from .limits import limits
from .pairwise import pairs
from .paths import read_paths
from .readings import own_records, readings_frame, strays
from .statistics import compare, of_report, others
from .sweeps import read_sweeps
from .verdicts import judge


@dataclass(frozen=True)
class Findings:
    """All that the page is made of.

    Attributes:
        records: all of one protocol, in table order.
        invalid: number of files that are not valid records.
        strays: {folder of an extra experiment: records of other settings in it}.
        rows: every `Comparison` of the report, run or not.
        others: those of optimizers that the report has not, as far as run.
        verdicts: a `Verdict` for every number of the report.
        entries: the claims ledger.
        pairs: every two methods of an architecture, compared.
        selection: of the best model.
        choice: the best record of the report's own choice, if that is another.
        readings: `readings_frame` of the candidates.
        past: what happens past the criterion's end, in words; or empty.
        limits: why the runs are no rerun of the report, in words; or empty.
        paths: where the methods' weights went on a plane, or None.
        sweeps: {architecture: records} of the sweeps of learning rates.
    """

    records: list
    invalid: int
    strays: dict
    rows: list
    others: list
    verdicts: list
    entries: list
    pairs: list
    selection: Selection
    choice: Record | None
    readings: pd.DataFrame
    past: str
    limits: str
    paths: dict | None = None
    sweeps: dict = field(default_factory=dict)

    @property
    def protocol(self):
        return self.records[0].protocol

    def of(self, architecture):
        """All its rows: the report's, then the others."""
        rows = [*self.rows, *self.others]
        return [row for row in rows if row.architecture == architecture]


def find(store):
    """Judge the records of a folder.

    Raises:
        UserError: no records, or records of more than one protocol.
    """
    records = store.load()
    _check(records, store.folder)
    rows, own = compare(records), of_report(records)
    evidence = gather(own, _extras(store.folder))
    selection = select(own or records)
    files = list(store.folder.glob("runs/arch*/*/seed-*.json"))
    return Findings(
        records,
        len(files) - len(records),
        strays(store.folder),
        rows,
        others(records),
        judge(rows),
        ledger(evidence),
        pairs(evidence.runs),
        selection,
        reports_choice(own, selection),
        readings_frame(store.folder),
        past_stopping(evidence).strip(),
        limits(records),
        read_paths(store.folder, records[0].protocol),
        read_sweeps(store.folder),
    )


def _check(records, folder):
    if not records:
        raise UserError(
            f"{folder}: no records found (runs/arch<k>/<method>/seed-<s>.json). "
            "Run some cells first, or name the folder they are in."
        )
    names = {record.protocol: record.protocol.name for record in records}
    if len(names) > 1:
        raise UserError(
            f"{folder}: records of {len(names)} different protocols "
            f"({', '.join(sorted(names.values()))}); expected one a folder. "
            "Move the others to a folder of their own."
        )


def _extras(folder):
    """Records of the other studies, each an output folder in this one."""
    found = {name: own_records(folder, own)[0] for name, own in STUDIES.items()}
    del found[REPORT.name]  # the folder's own
    return {name: records for name, records in found.items() if records}
