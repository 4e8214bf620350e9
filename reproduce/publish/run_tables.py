"""Tables of the runs themselves: how soon, how good, at what cost, on which machine."""

from itertools import product
from statistics import median

from reproduce.analysis import speed
from reproduce.analysis.tests import share_interval
from reproduce.experiment.costs import expected_seconds, run_seconds
from reproduce.experiment.methods import METHODS, rank, slug
from reproduce.experiment.record import SPLITS
from reproduce.original import CONFUSION, DIGITS, EXAMPLES, SECTIONS

from . import text
from .table import BLANK, Cell, Column, Table, say, worded, yes

ARCHITECTURE = Column("architecture", "Architecture", "count")
LABEL = Column("label", "Method")
CLASSES = range(10)
CHANCES = speed.TARGETS[0], speed.TARGETS[3]  # error 0.05, validation accuracy 95 %
SHOWN_RATIOS = speed.RATIOS[::4]  # 1, 2, 4, 8 and 16
PRIVATE = ("host", "user", "path", "folder", "executable", "directory")
SHORT_HASH, MOST_VALUES = 12, 6  # characters of a hash; values listed in provenance


# Runs and what rows say of them -----------------------------------------------------


def changed(protocol, usual, *ignored):
    """Names of the settings that a protocol has otherwise than the usual one."""
    ours, usual = protocol.to_dict(), usual.to_dict()
    names = (name for name in usual if name not in ("name", *ignored))
    return tuple(name for name in names if ours[name] != usual[name])


def all_runs(findings):
    """The runs of the original's cells, and of the user's optimizers."""
    return [*findings.records, *findings.custom_records]


def runs_by_cell(findings):
    """(architecture, method) to its runs, in the order of the original's tables."""
    cells = speed.by_cell(all_runs(findings))
    return dict(sorted(cells.items(), key=lambda item: (item[0][0], rank(item[0][1]))))


def all_records(findings):
    """(study, record) of every record that the findings are made of, each once."""
    studies = findings.studies | {"report": all_runs(findings)}
    return [(name, record) for name, records in studies.items() for record in records]


def shown_digits(findings):
    """The digits of the data: the original's five, or those of the user's data.

    Empty where all runs on the user's data diverged.
    """
    if findings.protocol.data_sha256 is None:
        return DIGITS
    return tuple(sorted({digit for run in all_runs(findings) for digit in run.digits}))


def cell_of(item):
    """The first columns of what has an architecture and a method."""
    return {ARCHITECTURE: item.architecture, **method_of(item.method)}


def method_of(key):
    """The columns that name a method."""
    return {"method": key, LABEL: METHODS[key].label}


def effort(runs, unit="epochs", with_range=True):
    """Median effort until the rule stops a run; infinite where it stops no half."""
    if not runs:
        return None
    efforts = [speed.effort(run, run.epochs_to_stop, unit) for run in runs]
    middle = median(efforts)
    return Cell(middle, text.spread(efforts if with_range else [middle], text.count))


def accuracy(runs, split, with_range=True):
    """Median accuracy of the final weights; says how many runs diverged."""
    if not runs:
        return None
    known = [run.splits[split]["accuracy"] for run in runs if run.splits]
    middle = median(known) if known else None
    shown = text.spread(known if with_range else [middle], text.percent)
    diverged = len(runs) - len(known)
    return Cell(middle, say("accuracy", shown if known else "", diverged))


# Speed ------------------------------------------------------------------------------


def time_to_target(findings):
    """Median effort to reach each target in each unit; epochs are shown."""
    rows = []
    for runs in runs_by_cell(findings).values():
        row = cell_of(runs[0].cell) | {Column("runs", "Runs", "count"): len(runs)}
        for unit, target in product(speed.UNITS, speed.TARGETS):
            efforts = [speed.effort(run, target.reached(run), unit) for run in runs]
            title = say("target_head", target) if unit == "epochs" else ""
            row[Column(target_key(target, unit), title, "count")] = median(efforts)
        row[Column("stops", "Stops", "count")] = effort(runs, with_range=False)
        rows.append(row)
    title = "Epochs until a run first reaches a target"
    return Table.of("time-to-target", title, rows, say("speed_note"))


def target_key(target, unit="epochs"):
    """Key of the column with the effort to reach a target."""
    return f"{target.quantity}_{target.value:g}_{unit}"


def _of_target(target, method):
    words = Cell(target_key(target), say("target", target))
    return {Column("target", "Target"): words, **method_of(method)}


def profiles(findings):
    """How often a method is near the fastest, of those run on every architecture."""
    cells = runs_by_cell(findings)
    architectures = {architecture for architecture, _ in cells}
    methods = sorted({method for _, method in cells}, key=rank)
    everywhere = [m for m in methods if all((a, m) in cells for a in architectures)]
    rows = []
    for target in speed.TARGETS if len(everywhere) > 1 else ():
        medians = findings.times(target)
        medians = {key: medians[key] for key in medians if key[1] in everywhere}
        profile = speed.performance_profile(medians)
        for method in everywhere:
            row = _of_target(target, method)
            for ratio, share in zip(speed.RATIOS, profile[method], strict=True):
                title = f"{ratio:g} ×" if ratio in SHOWN_RATIOS else ""
                key = f"within_{ratio:.3g}"
                row[Column(key, title, "percent")] = Cell(share, text.percent(share, 0))
            rows.append(row)
    title = "How often a method is within so many times the fastest"
    elsewhere = [method for method in methods if method not in everywhere]
    return Table.of("profiles", title, rows, say("profile_note", elsewhere))


def chances(findings):
    """How probable it is that a run of one method is sooner than one of another."""
    methods = sorted({run.cell.method for run in all_runs(findings)}, key=rank)
    rows = []
    for target in CHANCES if len(methods) > 1 else ():
        to_win = speed.chances_to_win(speed.times(all_runs(findings), target))
        for method in methods:
            row = _of_target(target, method)
            for rival in methods:
                share = to_win.get((method, rival))
                cell = Cell(share, text.percent(share, 0)) if rival != method else BLANK
                title = METHODS[rival].label
                row[Column(f"against_{slug(rival)}", title, "percent")] = cell
            rows.append(row)
    title = "How probable it is that a method gets there first"
    return Table.of("chances", title, rows, say("chances_note"))


# Best model -------------------------------------------------------------------------


def best_model(findings):
    """Every cell that could hold the best model, in the order of the rule."""
    selection = findings.selection
    rows = [
        {
            Column("place", "Rank", "count"): place,
            **cell_of(contender),
            Column("runs", "Runs", "count"): len(contender.runs),
            Column(
                "accuracy", "Mean validation accuracy", "percent"
            ): contender.accuracy,
            Column("error", "Standard error", "percent"): contender.error,
            Column("tied", "Within one standard error"): yes(place <= selection.tied),
            Column("parameters", "Parameters", "count"): contender.parameters,
            Column("updates", "Updates", "count"): contender.updates,
            Column("median_seed", "Median seed", "count"): _seed(contender.median_run),
        }
        for place, contender in enumerate(selection.ranking, start=1)
    ]
    notes = [say("best_note", selection)] if rows else []
    return Table.of("best-model", "Which model is best (1.7)", rows, *notes)


def _seed(run):
    return Cell(run.cell.seed, str(run.cell.seed))


def scores(record, compare=True, name="scores"):
    """What a run scores on each split, with Wilson's interval.

    Args:
        record: of a run that did not diverge.
        compare: whether the original's scores stand beside it.
        name: of the table.
    """
    rows = []
    for split in (split for split in (*SPLITS, "unused") if split in record.splits):
        scored = record.splits[split]
        images = sum(map(sum, scored["confusion"]))
        row = {
            Column("split", "Images"): worded("split", split),
            Column("images", "Number", "count"): images,
            **_score("", "", scored, images),
        }
        if compare and split in CONFUSION["splits"]:
            printed = CONFUSION["splits"][split]
            row |= _score("original_", ", original", printed, EXAMPLES[split])
        rows.append(row)
    cell = record.cell
    title = (
        f"Scores of {METHODS[cell.method].label} on architecture {cell.architecture}, "
        f"seed {cell.seed} ({SECTIONS['confusion']})"
    )
    return Table.of(name, title, rows, say("scores_note"))


def _score(prefix, whose, scored, images):
    accuracy = scored["accuracy"]
    low, high = share_interval(round(accuracy * images), images)
    return {
        Column(f"{prefix}accuracy", f"Accuracy{whose}", "percent"): accuracy,
        Column(f"{prefix}low", f"From{whose}", "percent"): low,
        Column(f"{prefix}high", f"To{whose}", "percent"): high,
        Column(f"{prefix}loss", f"Loss{whose}", "error"): scored["loss"],
    }


def confusion(record, split, compare, name):
    """The confusion matrix of a run; arguments as for `scores`."""
    ours, original = record.splits[split]["confusion"], original_matrix(split)
    known = {digit for digit in CLASSES if any(ours[digit])}
    known = sorted(known.union(DIGITS) if compare else known)
    predicted = [d for d in CLASSES if d in known or any(row[d] for row in ours)]
    rows = []
    for true in known:
        row = {Column("true", "True digit", "count"): true}
        for digit, number in enumerate(ours[true]):
            title = str(digit) if digit in predicted else ""
            if compare:
                counts = text.count(number), text.count(original[true][digit])
                number = Cell(number, say("ours_and_original", *counts))
            row[Column(f"predicted_{digit}", title, "count")] = number
        if compare:
            row |= {f"original_{digit}": original[true][digit] for digit in CLASSES}
        rows.append(row)
    cell = record.cell
    title = (
        f"Confusion matrix of the {say('split', split)} images: architecture "
        f"{cell.architecture}, {METHODS[cell.method].label}, seed {cell.seed} "
        f"({SECTIONS['confusion']})"
    )
    note = say("confusion_note", compare, predicted != known)
    return Table.of(name, title, rows, note)


def original_matrix(split):
    """The original's matrix, 10 x 10 as printed: rows true, columns predicted."""
    matrix = [[0 for _ in CLASSES] for _ in CLASSES]
    printed = CONFUSION["splits"][split]["matrix"]
    for true, row in zip(DIGITS, printed, strict=True):
        for predicted, number in zip(DIGITS, row, strict=True):
            matrix[true][predicted] = number
    return matrix


# Every run --------------------------------------------------------------------------


def standings(findings):
    """The user's runs among the published seeds; no rows where none are pooled."""
    rows = []
    for standing in findings.pool.standings:
        run, seeds = standing.record, standing.seeds
        if seeds:
            earlier = worded("place", standing.fewer_epochs, seeds)
            worse = worded("place", standing.less_accurate, seeds)
            equality = worded("same_bytes", standing.same_bytes)
            right = accuracy([run], "validation")
            rows.append(
                {
                    **cell_of(run.cell),
                    Column("seed", "Seed", "count"): _seed(run),
                    Column("same_bytes", "Published run of this seed"): equality,
                    Column("epochs", "Epochs", "count"): run.epochs_to_stop,
                    Column("stop_earlier", "Stop earlier", "count"): earlier,
                    Column("validation", "Validation accuracy", "percent"): right,
                    Column("less_accurate", "Less accurate", "count"): worse,
                }
            )
    title = "Your runs among the published seeds"
    return Table.of("standings", title, rows, say("standings_note"))


def cost(findings):
    """Seconds of one core that a run takes: planned, expected and measured."""
    number = Column("runs", "Runs", "count")
    planned = Column("planned", "Planned", "seconds")
    expected = Column("expected", "At our epochs", "seconds")
    measured = Column("measured", "Measured", "seconds")
    rows = []
    for runs in runs_by_cell(findings).values():
        cell, seconds = runs[0].cell, [run.core_seconds for run in runs]
        epochs = median(run.epochs for run in runs)
        costs = {
            number: len(runs),
            planned: expected_seconds(cell, findings.protocol),
            expected: run_seconds(cell, findings.protocol, epochs),
            measured: median(seconds),
            "least": min(seconds),
            "most": max(seconds),
        }
        rows.append(cell_of(cell) | costs)
    total = {column: sum(row[column] for row in rows) for column in costs}
    rows.append({ARCHITECTURE: Cell(None, say("all")), LABEL: BLANK} | total)
    for row in rows:
        middle, ends = row[measured], (row["least"], row["most"])
        row[measured] = Cell(middle, text.spread([middle, *ends], text.seconds))
        row[Column("ratio", "Measured by expected", "decimal")] = middle / row[expected]
    title = "What a run takes: expected and measured"
    return Table.of("cost", title, rows, say("cost_note"))


def provenance(findings):
    """Software and machines, each with all values that the runs have."""
    values = {}
    for _, record in all_records(findings):
        for name, value in _flat(record.provenance):
            values.setdefault(name, set()).add(value)
    rows = []
    for name, different in sorted(values.items()):
        shown = ", ".join(sorted(different))
        if len(different) > MOST_VALUES:
            shown = say("many", len(different))
        cell = Cell(" ".join(sorted(different)), shown)
        rows.append({Column("name", "What"): name, Column("values", "Value"): cell})
    return Table.of("provenance", "Software and machines of the runs", rows)


def _flat(values, prefix=""):
    """(dotted name, text) of each value; nothing that tells whose machine it was."""
    for key, value in values.items():
        if any(word in str(key).lower() for word in PRIVATE):
            continue
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif not str(value).startswith("/"):
            yield f"{prefix}{key}", _short(str(value))


def _short(value):
    is_hash = len(value) >= 40 and all(c in "0123456789abcdef" for c in value)
    return value[:SHORT_HASH] if is_hash else value


def runs_of_all_studies(findings):
    """One row a run, of every study."""
    users = {id(standing.record) for standing in findings.pool.standings}
    users |= set(map(id, findings.custom_records))
    rows = [
        {
            "study": study,
            **vars(record.cell),
            "in_folder": id(record) in users if study == "report" else None,
            "ending": record.ending,
            "epochs": record.epochs,
            **{
                f"{split}_{quantity}": record.splits.get(split, {}).get(quantity)
                for split in SPLITS
                for quantity in ("loss", "accuracy")
            },
            "parameters": record.parameters,
            "setup_seconds": record.seconds.get("setup"),
            "training_seconds": record.seconds.get("training"),
            "core_seconds": record.core_seconds,
            "initial_sha256": record.initial_sha256[:SHORT_HASH],
        }
        for study, record in all_records(findings)
    ]
    return Table.of("runs", "Every run", rows)
