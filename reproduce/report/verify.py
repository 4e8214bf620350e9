"""Whether what the published results call AGREES still does."""

import csv

from reproduce.errors import UserError
from reproduce.experiment.store import Store

from .markdown import grid
from .statistics import compare
from .verdicts import AGREES, NOT_RUN, judge

PUBLISHED = "tables/verdicts.csv"


def verify(folder, against):
    """Judge the folder's records anew and compare with published verdicts.

    Args:
        folder: output folder with records.
        against: output folder with the published `tables/verdicts.csv`.

    Returns:
        Lines to print, and the keys of the numbers whose agreement is gone.

    Raises:
        UserError: there is nothing to compare, or one side is missing.
    """
    published = _published(against)
    records = Store(folder).load()
    if not records:
        raise UserError(f"{folder}: no records found; run some cells first")
    ours = {one.key: one for one in judge(compare(records))}
    judged = {key: one for key, one in ours.items() if one.verdict != NOT_RUN}
    changed = {k: one for k, one in judged.items() if one.verdict != published.get(k)}
    gone = [key for key in changed if published.get(key) == AGREES]
    rows = [_cells(one, published) for one in changed.values()]
    header = ["Cell", "Method", "Quantity", "Published", "Now", "n", "Why"]
    lines = [grid(header, rows), ""] if rows else []
    agreed = sum(published.get(key) == AGREES for key in judged)
    lines.append(
        f"{len(judged)} numbers judged, {len(changed)} of them otherwise than in "
        f"{against}; of {agreed} published as {AGREES}, {len(gone)} no longer are."
    )
    return lines, gone


def _cells(one, published):
    before, n = published.get(one.key, "–"), str(len(one.values))
    cell = f"architecture {one.architecture}"
    return [cell, one.method, one.quantity, before, one.verdict, n, one.why]


def _published(folder):
    path = folder / PUBLISHED
    remedy = f"publish with `report --out {folder}`, or name another --against"
    if not path.is_file():
        raise UserError(f"{path}: not found; {remedy}")
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return {
                (int(row["architecture"]), row["method"], row["quantity"]): row[
                    "verdict"
                ]
                for row in csv.DictReader(file)
            }
    except (KeyError, TypeError, ValueError, csv.Error) as error:
        raise UserError(
            f"{path}: not a table of verdicts ({error}); {remedy}"
        ) from None
