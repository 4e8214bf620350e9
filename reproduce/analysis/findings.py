"""All that an output folder's records say, judged once: what every file is made of."""

from dataclasses import dataclass

from reproduce.errors import UserError
from reproduce.experiment.methods import METHODS
from reproduce.experiment.store import Store
from reproduce.experiment.studies import REPORT, STUDIES, STUDY_FOLDER

from . import best_model, candidates, claims, consistency, speed, sweeps, verdicts
from .pooling import Pool, pool

PATIENT = (4, 5)  # the architectures that are also judged under a patience of 2


@dataclass(frozen=True, eq=False)
class Findings:
    """The values of the report.

    Attributes:
        pool: the records of the original's cells, the user's and the published ones.
        studies: name of a study to its records, of that study's protocol.
        custom_records: those of optimizers that are not the original's.
        left_out: folder to the number of its records that are of another protocol,
            or of files that hold none.
        stated: a verdict for each number, by the rule that the original states.
        patient: the same, with a patience of 2 on architectures 4 and 5.
        honest: three counts of labels, see `honest_counts`.
        entries: the claims ledger.
        answers: what explains the original's numbers, question by question.
        sweeps: every method at its best learning rate.
        selection: of the best model.
        original_selection: the same, on the architecture that the original chose.
        checks: the original's numbers against each other.
    """

    pool: Pool
    studies: dict
    custom_records: tuple
    left_out: dict
    stated: list
    patient: list
    honest: dict
    entries: list
    answers: list
    sweeps: tuple
    selection: best_model.Selection
    original_selection: best_model.Selection
    checks: list

    @property
    def records(self):
        """Those of the original's cells, in table order."""
        return self.pool.records

    @property
    def protocol(self):
        return (self.records or self.custom_records)[0].protocol

    def times(self, target, unit="epochs"):
        """(architecture, method) to the median effort to reach a target."""
        return speed.medians([*self.records, *self.custom_records], target, unit)


def find(folder, published=None):
    """Judge all records of an output folder.

    Args:
        folder: the output folder.
        published: the folder whose records are pooled with it; None: none.

    Raises:
        UserError: no records, or records of more than one protocol.
    """
    records, custom_records, left_out = _records(folder)
    joined = pool(records, _published(published, STUDIES[REPORT.name]))
    studies = {REPORT.name: list(joined.records)}
    for name, study in STUDIES.items():
        if name != REPORT.name:
            study_records = _of_study(folder, study, left_out)
            studies[name] = _joined(study_records, _published(published, study))
    stated = verdicts.judge(joined.records)
    patient = patient_verdicts(stated, studies["patience-2"])
    return Findings(
        pool=joined,
        studies=studies,
        custom_records=tuple(custom_records),
        left_out=left_out,
        stated=stated,
        patient=patient,
        honest=honest_counts(stated, studies["glorot"]),
        entries=claims.ledger(studies),
        answers=candidates.explain(studies),
        sweeps=sweeps.gather(swept(folder, published)),
        selection=best_model.select(joined.records),
        original_selection=best_model.original_choice(joined.records),
        checks=consistency.check(joined.records),
    )


def _records(folder):
    """(records of the original's cells, of other optimizers, what is left out)."""
    store = Store(folder)
    records = store.load()
    left_out = {}
    if invalid := store.count() - len(records):
        left_out[""] = invalid
    if not records:
        raise UserError(
            f"{folder}: no records found (runs/arch<k>/<method>/seed-<s>.json). "
            "Run some cells first, or name the folder they are in"
            f"{_of_studies(store.folder)}."
        )
    names = {record.protocol: record.protocol.name for record in records}
    if len(names) > 1:
        raise UserError(
            f"{folder}: records of {len(names)} different protocols "
            f"({', '.join(sorted(names.values()))}); expected one a folder. "
            "Move the others to a folder of their own."
        )
    originals = [record for record in records if record.cell.method in METHODS]
    custom_records = [record for record in records if record.cell.method not in METHODS]
    return originals, custom_records, left_out


def _of_studies(folder):
    """Where the records are if a folder has those of studies alone."""
    paths = sorted(folder.glob(f"{STUDY_FOLDER}/*/runs"))
    return ": " + ", ".join(str(path.parent) for path in paths) if paths else ""


def swept(folder, published=None):
    """Runs at other learning rates: the user's, and the published of their protocol.

    Other rates, optimizers and settings than the published sweep's are welcome. They
    are shown; claims are judged by the study alone.

    Args:
        folder, published: as for `find`.
    """
    study = STUDIES["sweep"]
    records = _stored(folder, study)
    usual = set(study.protocols([0]).values())
    if any(record.protocol not in usual for record in records):
        return _joined(records, [])
    return _joined(records, _published(published, study))


def _stored(folder, study):
    return Store(Store(folder).folder / study.folder).load()


def _of_study(folder, study, left_out):
    """A study's records of its own protocol; those of another are counted."""
    protocols = {
        (cell.architecture, cell.method): protocol
        for cell, protocol in study.protocols([0]).items()
    }
    stored = _stored(folder, study)
    records = [
        record
        for record in stored
        if record.protocol
        == protocols.get((record.cell.architecture, record.cell.method))
    ]
    if study.name != "sweep" and len(records) < len(stored):
        left_out[study.folder] = len(stored) - len(records)
    return records


def _published(folder, study):
    """A study's published records; none where there is no such folder."""
    return _of_study(folder, study, {}) if folder else []


def _joined(records, published):
    """Both, one record a cell: the user's where both have it; in table order."""
    by_cell = {record.cell: record for record in [*published, *records]}
    return sorted(by_cell.values(), key=lambda record: record.cell.rank)


def patient_verdicts(stated, records):
    """The verdicts, those of architectures 4 and 5 under a patience of 2.

    Batch GD is not in that study: the original's rows of that name there are SGD.

    Args:
        stated: `verdicts.judge` of the runs by the stated rule.
        records: of the study `patience-2`.
    """
    patient = {verdict.key: verdict for verdict in verdicts.judge(records)}
    return [
        patient[verdict.key] if verdict.architecture in PATIENT else verdict
        for verdict in stated
    ]


def honest_counts(stated, glorot):
    """Labels counted where the protocol was chosen, where not, and under a wrong one.

    The default protocol was chosen for being near the original's numbers on some
    cells, which are then judged by the same numbers. The other cells had no say. Runs
    from Keras's default weights are a negative control: a judgement that calls them
    equal to the original's too says little.

    Returns:
        `chose`, `no say`, and `wrong protocol` beside `right protocol` on the same
        cells: each a label to its number.
    """
    chose = candidates.had_a_say()
    control = [v for v in verdicts.judge(glorot) if v.label in verdicts.JUDGED]
    keys = {verdict.key for verdict in control}
    parts = {
        "chose": [v for v in stated if (v.architecture, v.judged_as) in chose],
        "no say": [v for v in stated if (v.architecture, v.judged_as) not in chose],
        "right protocol": [v for v in stated if v.key in keys],
        "wrong protocol": control,
    }
    return {
        name: verdicts.count(verdict.label for verdict in part)
        for name, part in parts.items()
    }
