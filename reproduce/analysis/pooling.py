"""The user's records beside the published ones, so that a single seed answers in full.

Records of the same protocol are pooled: whoever trained one seed sees every verdict,
and where their runs stand among the published seeds.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from reproduce.experiment.record import Record

from .speed import by_cell


@dataclass(frozen=True)
class Standing:
    """Where a run of the user's stands among the published seeds of its cell.

    Attributes:
        record: the run.
        same_bytes: whether the published run of the same seed is equal to it, but for
            times and provenance; None: that seed is not published.
        seeds: published seeds of the cell.
        fewer_epochs, more_epochs: how many of them ended after fewer, and after more.
        less_accurate: how many of them have a lower validation accuracy.
    """

    record: Record
    same_bytes: bool | None
    seeds: int
    fewer_epochs: int
    more_epochs: int
    less_accurate: int

    @property
    def is_outside(self):
        """Whether its epochs lie outside the range of the published seeds."""
        return self.seeds > 0 and self.seeds in (self.fewer_epochs, self.more_epochs)


@dataclass(frozen=True)
class Pool:
    """Records to judge together.

    Attributes:
        records: all of one protocol; of a seed that both have, the user's.
        standings: one for each of the user's runs.
        published: how many of the records are published ones.
    """

    records: tuple
    standings: tuple
    published: int


def pool(user_records, published):
    """Join the user's records with the published ones of the same protocol.

    Args:
        user_records: of one protocol.
        published: of any; those of another protocol are left out.
    """
    protocols = {record.protocol for record in user_records}
    comparable = [record for record in published if record.protocol in protocols]
    by_seed = {record.cell: record for record in comparable}
    seeds = {
        key: (sorted(run.epochs for run in runs), sorted(map(_accuracy, runs)))
        for key, runs in by_cell(comparable).items()
    }
    standings = tuple(
        _standing(
            record,
            by_seed.get(record.cell),
            *seeds.get((record.cell.architecture, record.cell.method), ([], [])),
        )
        for record in user_records
    )
    cells = {record.cell for record in user_records}
    added = [record for record in comparable if record.cell not in cells]
    records = sorted([*user_records, *added], key=lambda record: record.cell.rank)
    return Pool(tuple(records), standings, len(added))


def _standing(record, twin, epochs, accuracies):
    """Of a run among its cell's published seeds, whose numbers are in order."""
    return Standing(
        record,
        None if twin is None else twin.sha256 == record.sha256,
        len(epochs),
        bisect_left(epochs, record.epochs),
        len(epochs) - bisect_right(epochs, record.epochs),
        bisect_left(accuracies, _accuracy(record)),
    )


def _accuracy(record):
    """Validation accuracy; below all where the run diverged."""
    return record.splits["validation"]["accuracy"] if record.splits else -1.0
