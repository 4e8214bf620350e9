"""What the trials come to: a table for people, and one for programs."""

import csv
import io

from reproduce.training.provenance import PACKAGES, cpu, versions

COLUMNS = ("Trial", "Tries", "Kills", "Corruptions", "Losses", "Note")


def as_csv(trials):
    """Bytes of a CSV, a row a trial."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.lower() for column in COLUMNS])
    writer.writerows(_cells(trial) for trial in trials)
    return text.getvalue().encode()


def as_markdown(trials, seed):
    """Bytes of a page: the table, its sums, and every loss in words."""
    total = [sum(_cells(trial)[i] for trial in trials) for i in range(1, 5)]
    rows = [*map(_cells, trials), ["**Together**", *total, ""]]
    lines = ["# Trials of what may go wrong", "", INTRODUCTION.format(seed=seed), ""]
    lines += [_row(COLUMNS), "| --- | ---: | ---: | ---: | ---: | --- |"]
    lines += [_row(f"{c:,}" if isinstance(c, int) else c for c in r) for r in rows]
    losses = [loss for trial in trials for loss in trial.losses]
    lines += ["", *(f"- {loss}" for loss in losses)] if losses else []
    packages = ", ".join(f"{name} {number}" for name, number in versions(PACKAGES))
    return "\n".join([*lines, "", f"Made with {packages} on {cpu()}.", ""]).encode()


INTRODUCTION = """\
Each command of these trials trains four cells on a small budget (three epochs of
300 examples) and is disturbed at random times (seed {seed}), then started again until
it ends by itself. A loss is a finished record or model that was touched, a record,
model, table or figure that is not byte for byte that of an undisturbed run (times
aside), a process that outlived its parent, or a traceback; of what was forged also a
record that was believed but cannot be kept or reported; and of folders that were
cleaned anything of others that is gone or changed, or of ours that was left."""


def _cells(trial):
    numbers = [trial.tries, trial.kills, trial.corruptions, len(trial.losses)]
    return [trial.name, *numbers, trial.note]


def _row(cells):
    return f"| {' | '.join(cells)} |"
