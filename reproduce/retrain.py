"""Train a sample of the published cells again, and compare."""

import tempfile
from pathlib import Path

from reproduce.errors import UserError
from reproduce.experiment.records import Store
from reproduce.missing import train_missing
from reproduce.report.retrained import NEITHER, judge_again, sample


def retrain(against, number, pool):
    """Train the cheapest published cells and judge them.

    Args:
        against: output folder with the published records.
        number: of cells, at most.
        pool: where, as `executors.open_pool` gives it.

    Returns:
        Lines to print, and the cells that came out otherwise than published.

    Raises:
        UserError: nothing is published there.
    """
    records = Store(against).load()
    if not records:
        raise UserError(
            f"{against}: no records found to train again; name a folder with "
            "published ones, or choose --retrain 0"
        )
    protocol = records[0].protocol
    records = [record for record in records if record.protocol == protocol]
    chosen = sample(records, number)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        train_missing([record.cell for record in chosen], protocol, folder, pool)
        again = {record.cell: record for record in Store(folder).load()}
    judged = [judge_again(one, again.get(one.cell), records) for one in chosen]
    lines = [f"{len(judged)} of {len(records)} published cells trained again:"]
    lines += [f"  {one}" for one in judged]
    return lines, [one.cell for one in judged if one.found == NEITHER]
