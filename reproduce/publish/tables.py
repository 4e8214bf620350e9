"""Every table of the report, once, as values: for Markdown, CSV and HTML alike.

Column and table titles stand here. The words in cells and the notes below tables come
from `templates/words.j2` and `templates/claims.j2`.
"""

import math
from statistics import median

from reproduce.analysis import consistency
from reproduce.analysis.candidates import QUESTIONS, leave_one_architecture_out
from reproduce.analysis.claims import CONTRADICTED, NOT_JUDGED, SUPPORTED, UNDECIDED
from reproduce.analysis.findings import PATIENT
from reproduce.analysis.speed import (
    RATIOS,
    TARGETS,
    UNITS,
    by_cell,
    chances_to_win,
    effort,
    performance_profile,
    times,
)
from reproduce.analysis.sweeps import RANKED_BY
from reproduce.analysis.tests import share_interval
from reproduce.analysis.verdicts import (
    JUDGED,
    QUANTITIES,
    count,
    not_comparable,
    sensitivity,
)
from reproduce.experiment.costs import expected_seconds, run_seconds
from reproduce.experiment.methods import METHODS, rank, slug
from reproduce.experiment.protocol import ARCHITECTURES, UNTOLD, Protocol
from reproduce.experiment.record import SPLITS
from reproduce.experiment.stopping import ENDINGS
from reproduce.experiment.studies import SWEEP
from reproduce.original import (
    CLAIMS,
    CONFUSION,
    DIGITS,
    EXAMPLES,
    HIDDEN_UNITS,
    HYPERPARAMETERS,
    INPUTS,
    OUTPUTS,
    RESULTS,
    SECTIONS,
    SENTENCES,
    SUMMARIES,
    UNJUDGED,
)

from . import text
from .rendering import phrase
from .table import Cell, Column, Table

CLASSES = range(10)
VERDICT_ORDER = (CONTRADICTED, SUPPORTED, UNDECIDED, NOT_JUDGED)
CHANCES = (TARGETS[0], TARGETS[3])  # error 0.05 and validation accuracy 95 %
SHOWN_RATIOS = RATIOS[::4]  # 1, 2, 4, 8 and 16
IN_MODELS = {
    "hidden_activation": "logistic",
    "output_activation": "softmax",
    "loss": "cross entropy",
}  # the same in every run: settings of the models, not of the protocol
PRIVATE = ("host", "user", "path", "folder", "executable", "directory")
SHORT_HASH, MOST_VALUES = 12, 6  # characters of a hash; values listed in provenance
KERNELS = ("Flatten", "Dense")  # the layers that are ours as well as the original's


def tables(findings):
    """Name to `Table`, in the order of the report.

    A table that would be empty, or untrue of runs that are no rerun of the original,
    is not among them.
    """
    made = [
        _overview(findings),
        _labels(findings),
        _verdicts(findings),
        _sensitivity(findings),
        _honest(findings),
        _patience(findings),
        *(_architecture(findings, number) for number in ARCHITECTURES),
        *(_summary(findings, number) for number in ARCHITECTURES),
        _claims(findings),
        _sentences(findings),
        _times(findings),
        _profiles(findings),
        _chances(findings),
        *map(sweep_table, findings.sweeps),
        _sweep_points(findings),
        _candidates(findings),
        _leave_out(findings),
        _best_model(findings),
        *_both_scores(findings),
        *_confusions(findings),
        _checks(findings),
        _hyperparameters(findings),
        _standings(findings),
        _cost(findings),
        _provenance(findings),
        _runs(findings),
    ]
    return {table.name: table for table in made if table is not None and table.rows}


def say(macro, *values):
    """A phrase of `words.j2`."""
    return phrase("words.j2", macro, *values)


# Which runs -------------------------------------------------------------------------


def no_rerun(findings):
    """Why the runs are no rerun of the original, as `not_comparable`; empty: are."""
    return not_comparable(findings.protocol)


def other_settings(findings):
    """Names of settings that are not the default protocol's, stated or not."""
    ours, usual = findings.protocol.to_dict(), Protocol().to_dict()
    return tuple(
        name
        for name in usual
        if name not in ("name", *UNTOLD) and ours[name] != usual[name]
    )


def is_usual(findings):
    """Whether the runs have the default protocol, which the candidates start from."""
    return not no_rerun(findings) and not other_settings(findings)


def patient_is_judged(findings):
    """Whether a number of architectures 4 and 5 is judged with a patience of 2."""
    return is_usual(findings) and any(
        verdict.label in JUDGED
        for verdict in findings.patient
        if verdict.architecture in PATIENT
    )


def by_rule(findings):
    """The verdicts by stopping rule: `stated`, and `patience 2` if any is judged."""
    rules = {"stated": findings.stated}
    if patient_is_judged(findings):
        rules["patience 2"] = findings.patient
    return rules


def shown_digits(findings):
    """The digits of the data: the original's five, or those of the user's own data.

    Empty where all runs on own data diverged.
    """
    if findings.protocol.data_sha256 is None:
        return DIGITS
    found = {
        digit
        for record in [*findings.records, *findings.others]
        for values in record.splits.values()
        for digit, row in enumerate(values["confusion"])
        if any(row)
    }
    return tuple(sorted(found))


def _cells(findings, rule="stated"):
    """(architecture, method) to its runs under a stopping rule."""
    study = findings.records if rule == "stated" else findings.studies["patience-2"]
    return by_cell(study)


def _both_rules(findings):
    """(rule, verdicts by key, runs by cell, architectures) to show side by side."""
    for rule, verdicts in by_rule(findings).items():
        yield (
            rule,
            {verdict.key: verdict for verdict in verdicts},
            _cells(findings, rule),
            ARCHITECTURES if rule == "stated" else PATIENT,
        )


# Cells ------------------------------------------------------------------------------


def _marked(row):
    """Whether the original's row is SGD under the label of batch GD."""
    return bool(row.note) and row.epochs is not None


def _printed(architecture, method, quantity):
    """A number of the original as it stands there."""
    row = RESULTS[architecture, method]
    if quantity == "epochs":
        value, shown = row.epochs, text.count(row.epochs)
    else:
        value = getattr(row, f"{quantity}_accuracy")
        decimals = getattr(row, f"{quantity}_decimals") - 2
        shown = text.percent(value, decimals)
    return Cell(value, say("illegible") if value is None else shown)


def _until_stop(run):
    return run.epochs if run.stopped else math.inf


def _epochs(runs, unit="epochs", with_range=True):
    """Median effort until the rule stops a run; infinite where it stops no half."""
    values = [effort(run, _until_stop(run), unit) for run in runs]
    if not values:
        return None
    write = text.spread if with_range else _middle
    return Cell(median(values), write(values, text.count))


def _accuracy(runs, split, with_range=True):
    """Median accuracy of the final weights; says how many runs diverged."""
    known = [run.splits[split]["accuracy"] for run in runs if run.splits]
    if not runs:
        return None
    write = text.spread if with_range else _middle
    shown = write(known, text.percent) if known else ""
    middle = median(known) if known else None
    return Cell(middle, say("accuracy", shown, len(runs) - len(known)))


def _middle(values, write):
    return write(median(values))


def _measured(runs, quantity, with_range=True):
    if quantity == "epochs":
        return _epochs(runs, with_range=with_range)
    return _accuracy(runs, quantity, with_range)


def _label(verdict):
    """The label, or in words why there is none."""
    if verdict.label in JUDGED:
        return verdict.label
    return Cell(verdict.label, say("reason", verdict.reason))


def _shown(value):
    return value.shown if isinstance(value, Cell) else value


def _ended(runs):
    counts = {ending: sum(run.ending == ending for run in runs) for ending in ENDINGS}
    return say("ended", counts) if runs else say("not_run")


def _daggers(architectures, ours=True):
    """The note on rows with a dagger, where there are such rows.

    Args:
        architectures: of the table.
        ours: whether our numbers in such a row are SGD's too.
    """
    marked = any(
        _marked(RESULTS[a, method]) for a in architectures for method in METHODS
    )
    return (say("dagger_note", ours),) if marked else ()


def _label_method(key):
    return METHODS[key].label


def _original_label(architecture, method):
    """A method's label, with a dagger where the original's row is SGD's."""
    label = _label_method(method)
    marked = method in METHODS and _marked(RESULTS[architecture, method])
    return Cell(label, f"{label} {say('dagger')}") if marked else label


def _cell_columns():
    return (
        Column("architecture", "Architecture", "count"),
        Column("method", ""),
        Column("label", "Method"),
    )


def _where(architecture, method):
    return {
        "architecture": architecture,
        "method": method,
        "label": _label_method(method),
    }


# Numbers ----------------------------------------------------------------------------


def _overview(findings):
    groups = [
        (
            Column(f"{quantity}", title, kind),
            Column(f"{quantity}_original", f"{title}, original", kind),
            Column(f"{quantity}_verdict", f"{title}, verdict"),
        )
        for quantity, title, kind in (
            ("epochs", "Epochs", "count"),
            ("train", "Training accuracy", "percent"),
            ("validation", "Validation accuracy", "percent"),
        )
    ]
    rows = []
    for rule, verdicts, cells, architectures in _both_rules(findings):
        for architecture in architectures:
            for method in METHODS:
                values = {}
                for quantity in QUANTITIES:
                    verdict = verdicts[architecture, method, quantity]
                    runs = cells.get((architecture, verdict.judged_as), [])
                    values[quantity] = _measured(runs, quantity, with_range=False)
                    values[f"{quantity}_original"] = _printed(*verdict.key)
                    values[f"{quantity}_verdict"] = _label(verdict)
                    values["runs"] = len(runs)
                stopping = Cell(rule, say("rule", rule, is_usual(findings)))
                label = _original_label(architecture, method)
                own = _where(architecture, method) | {"label": label}
                rows.append(own | {"stopping": stopping} | values)
    few = any(verdict.reason == "few seeds" for verdict in findings.stated)
    return Table(
        "overview",
        "Every number of the original beside ours (1.5)",
        (
            *_cell_columns(),
            Column("stopping", "Stopping rule"),
            Column("runs", "Runs", "count"),
            *(column for group in groups for column in group),
        ),
        tuple(rows),
        (say("overview_note", few), *_daggers(ARCHITECTURES)),
    )


def _labels(findings):
    rows = []
    for rule, verdicts in by_rule(findings).items():
        for quantity in QUANTITIES:
            own = [verdict for verdict in verdicts if verdict.quantity == quantity]
            illegible = sum(verdict.reason == "illegible" for verdict in own)
            counts = count(verdict.label for verdict in own)
            rows.append(
                {
                    "stopping": Cell(rule, say("rule", rule, is_usual(findings))),
                    "quantity": Cell(quantity, say("quantity", quantity)),
                    **counts,
                    "waiting": len(own) - illegible - sum(counts.values()),
                    "illegible": illegible,
                }
            )
    return Table(
        "labels",
        "How many of the original's numbers agree",
        (
            Column("quantity", "Numbers of the original"),
            Column("stopping", "Stopping rule"),
            *_label_columns(),
            Column("waiting", "No verdict", "count"),
            Column("illegible", "Not legible", "count"),
        ),
        tuple(rows),
        (say("labels_note", patient_is_judged(findings)),),
    )


def _label_columns():
    return (Column(label, label, "count") for label in JUDGED)


def _verdicts(findings):
    rows = []
    for rule, verdicts, _, architectures in _both_rules(findings):
        rows += [
            _verdict(verdict, rule, is_usual(findings))
            for verdict in verdicts.values()
            if verdict.architecture in architectures
        ]
    return Table(
        "verdicts",
        "A verdict on every number of the original (1.5)",
        (
            *_cell_columns(),
            Column("judged_as", ""),
            Column("quantity", "Number"),
            Column("stopping", "Stopping rule"),
            Column("original", "Original", "count"),
            Column("n", "Runs", "count"),
            Column("median", "Median", "count"),
            Column("low", "Next run, from", "count"),
            Column("high", "Next run, to", "count"),
            Column("limit", "Limit", "count"),
            Column("verdict", "Verdict"),
            Column("reason", ""),
        ),
        tuple(rows),
        (say("verdicts_note"), *_daggers(ARCHITECTURES)),
    )


def _verdict(verdict, rule, usual):
    def written(value):
        if verdict.quantity == "epochs" or value is None:
            return value
        return Cell(value, text.percent(value))

    return _where(verdict.architecture, verdict.method) | {
        "label": _original_label(verdict.architecture, verdict.method),
        "judged_as": verdict.judged_as,
        "quantity": Cell(verdict.quantity, say("quantity", verdict.quantity)),
        "stopping": Cell(rule, say("rule", rule, usual)),
        "original": _printed(*verdict.key),
        "n": len(verdict.values),
        "median": written(verdict.centre),
        "low": written(verdict.low),
        "high": written(verdict.high),
        "limit": written(verdict.limit) if verdict.original is not None else None,
        "verdict": _label(verdict),
        "reason": verdict.reason,
    }


def _sensitivity(findings):
    rows = [
        {
            "stopping": Cell(rule, say("rule", rule, is_usual(findings))),
            "factor": Cell(factor, say("factor", factor)),
            **counts,
        }
        for rule, verdicts in by_rule(findings).items()
        for factor, counts in sensitivity(verdicts).items()
        if any(counts.values())
    ]
    return Table(
        "sensitivity",
        "The verdicts under other limits",
        (
            Column("stopping", "Stopping rule"),
            Column("factor", "Limit", "decimal"),
            *_label_columns(),
        ),
        tuple(rows),
        (say("sensitivity_note"),),
    )


def _honest(findings):
    if not is_usual(findings):
        return None
    rows = [
        {
            "cells": Cell(name, say("cells", name)),
            **counts,
            "numbers": sum(counts.values()),
            "agreeing": counts["AGREES"] / sum(counts.values()),
        }
        for name, counts in findings.honest.items()
        if any(counts.values())
    ]
    control = any(findings.honest["wrong protocol"].values())
    return Table(
        "honest",
        "Where the settings were chosen, where not, and wrong settings",
        (
            Column("cells", "Numbers of"),
            Column("numbers", "Judged", "count"),
            *_label_columns(),
            Column("agreeing", "Share that agrees", "percent"),
        ),
        tuple(rows),
        (say("honest_note", control),),
    )


def _patience(findings):
    """Epochs on architectures 4 and 5: the original's, by the rule, and with 2."""
    if not patient_is_judged(findings):
        return None
    stated, patient = (
        (verdicts, cells) for _, verdicts, cells, _ in _both_rules(findings)
    )
    rows = []
    for architecture in PATIENT:
        for method in METHODS:
            row = _where(architecture, method)
            row["label"] = _original_label(architecture, method)
            row["original"] = _printed(architecture, method, "epochs")
            for name, (verdicts, cells) in (("stated", stated), ("patient", patient)):
                verdict = verdicts[architecture, method, "epochs"]
                runs = cells.get((architecture, verdict.judged_as), [])
                row[name] = _epochs(runs)
                row[f"{name}_verdict"] = _label(verdict)
            rows.append(row)
    return Table(
        "patience",
        "Epochs on architectures 4 and 5 by two stopping rules",
        (
            *_cell_columns(),
            Column("original", "Original", "count"),
            Column("stated", "As stated", "count"),
            Column("stated_verdict", "Verdict"),
            Column("patient", "Patience 2", "count"),
            Column("patient_verdict", "Verdict, patience 2"),
        ),
        tuple(rows),
        (say("patience_note"), *_daggers(PATIENT)),
    )


# Architectures ----------------------------------------------------------------------


def _architecture(findings, number):
    cells = by_cell([*findings.records, *findings.others])
    verdicts = {verdict.key: verdict for verdict in findings.stated}
    methods = [method for a, method in cells if a == number]
    methods = sorted({*METHODS, *methods}, key=rank)
    rows = [
        _method_row(number, method, cells.get((number, method), []), verdicts)
        for method in methods
    ]
    several = any(row["runs"] > 1 for row in rows)
    return Table(
        f"architecture-{number}",
        f"Architecture {number}: the methods compared "
        f"({SECTIONS['tables'][str(number)]})",
        (
            Column("method", ""),
            Column("label", "Method"),
            Column("runs", "Runs", "count"),
            Column("ended", "How they ended"),
            Column("epochs", "Epochs", "count"),
            Column("epochs_original", "Epochs, original", "count"),
            Column("train", "Training accuracy", "percent"),
            Column("train_original", "Training, original", "percent"),
            Column("validation", "Validation accuracy", "percent"),
            Column("validation_original", "Validation, original", "percent"),
            Column("test", "Test accuracy", "percent"),
            Column("updates", "Updates", "count"),
            Column("gradients", "Gradients", "count"),
            Column("seconds", "Core seconds", "seconds"),
            Column("verdicts", "Verdicts"),
            *(Column(f"{quantity}_verdict", "") for quantity in QUANTITIES),
            *(Column(ending, "") for ending in ENDINGS),
        ),
        tuple(rows),
        (say("architecture_note", several), *_daggers([number], ours=False)),
    )


def _method_row(architecture, method, runs, verdicts):
    row = {
        "method": method,
        "label": _original_label(architecture, method),
        "runs": len(runs),
        "ended": _ended(runs),
        "epochs": _epochs(runs),
        **{split: _accuracy(runs, split) for split in SPLITS},
        "updates": _epochs(runs, "updates", with_range=False),
        "gradients": _epochs(runs, "gradients", with_range=False),
        "seconds": median(run.core_seconds for run in runs) if runs else None,
        **{ending: sum(run.ending == ending for run in runs) for ending in ENDINGS},
    }
    if method not in METHODS:
        return row | {"verdicts": say("not_in_original")}
    labels = [_label(verdicts[architecture, method, q]) for q in QUANTITIES]
    shown = list(dict.fromkeys(map(_shown, labels)))
    row["verdicts"] = shown[0] if len(shown) == 1 else " / ".join(map(_shown, labels))
    for quantity, label in zip(QUANTITIES, labels, strict=True):
        row[f"{quantity}_original"] = _printed(architecture, method, quantity)
        row[f"{quantity}_verdict"] = label
    return row


def _summary(findings, number):
    """Layers of an architecture: ours, counted from its widths, and as printed."""
    outputs = findings.protocol.num_classes
    widths = [INPUTS, *HIDDEN_UNITS[number], outputs]
    hidden = [f"hidden_layer_{place}" for place in range(1, len(widths) - 1)]
    names = ["input_layer", *hidden, "output_layer"]
    counts = [0, *(a * b + b for a, b in zip(widths[:-1], widths[1:], strict=True))]
    printed = [line for line in SUMMARIES[number] if line.type in KERNELS]
    total = next(line for line in SUMMARIES[number] if line.name == "total")
    rows = [
        {
            "layer": name,
            "type": line.type,
            "units": units,
            "parameters": parameters,
            "original": _parameters(line),
        }
        for name, units, parameters, line in zip(
            names, widths, counts, printed, strict=True
        )
    ]
    rows.append(
        {
            "layer": total.name,
            "type": Cell(None, ""),
            "units": Cell(None, ""),
            "parameters": sum(counts),
            "original": _parameters(total),
        }
    )
    units = int(printed[-1].output_shape.strip("()").split(",")[1])
    return Table(
        f"summary-{number}",
        f"Architecture {number}: layers ({SECTIONS['tables'][str(number)]})",
        (
            Column("layer", "Layer"),
            Column("type", "Type"),
            Column("units", "Units", "count"),
            Column("parameters", "Parameters", "count"),
            Column("original", "Parameters, original", "count"),
        ),
        tuple(rows),
        (say("summary_note", units if units != OUTPUTS else None),),
    )


def _parameters(line):
    known = line.parameters is not None
    return line.parameters if known else Cell(None, say("illegible"))


# Claims -----------------------------------------------------------------------------


def _claims(findings):
    entries = sorted(
        findings.entries, key=lambda entry: VERDICT_ORDER.index(entry.verdict)
    )
    return Table(
        "claims",
        "What the original says, and what the runs say",
        (
            Column("key", ""),
            Column("section", "Section"),
            Column("words", "The original"),
            Column("verdict", "Verdict"),
            Column("reason", ""),
            Column("quantity", ""),
            Column("tested", "Tested as"),
            Column("measured", "Measured"),
            Column("p", "", "p"),
            Column("p_holm", "p (Holm)", "p"),
            Column("change", "What would change it"),
        ),
        tuple(map(claim, entries)),
    )


def claim(entry):
    """The row of a claim: the original's words, the verdict and the words for both."""
    said = CLAIMS[entry.key]
    if entry.verdict == NOT_JUDGED:
        measured, change = say("not_judged", entry.reason), say("not_judged_change")
    else:
        measured = phrase("claims.j2", "measured", entry)
        change = phrase("claims.j2", "change", entry)
    return {
        "key": entry.key,
        "section": said.sections,
        "words": said.words,
        "verdict": entry.verdict,
        "reason": entry.reason,
        "quantity": entry.quantity,
        "tested": phrase("claims.j2", "tested", entry.key),
        "measured": measured,
        "p": entry.p,
        "p_holm": entry.p_holm,
        "change": change,
    }


def _sentences(findings):
    verdicts = {entry.key: entry.verdict for entry in findings.entries}
    rows = []
    for sentence in SENTENCES:
        keys = [key for key in sentence.judged_by if key not in UNJUDGED]
        found = ", ".join(f"{key}: {verdicts[key]}" for key in keys)
        rows.append(
            {
                "section": sentence.section,
                "words": sentence.words,
                "claims": " ".join(keys),
                "found": found or say("unjudged", sentence.judged_by[0]),
            }
        )
    return Table(
        "sentences",
        "Every sentence of the original, and where it is judged",
        (
            Column("section", "Section"),
            Column("words", "Sentence, shortened"),
            Column("claims", ""),
            Column("found", "Judged as"),
        ),
        tuple(rows),
    )


# Speed ------------------------------------------------------------------------------


def _times(findings):
    records = [*findings.records, *findings.others]
    found = {
        (target, unit): {
            key: median(values) for key, values in times(records, target, unit).items()
        }
        for target in TARGETS
        for unit in UNITS
    }
    rows = []
    for (architecture, method), runs in sorted(
        by_cell(records).items(), key=lambda item: (item[0][0], rank(item[0][1]))
    ):
        row = _where(architecture, method) | {
            "runs": len(runs),
            "stops": _epochs(runs, with_range=False),
        }
        for (target, unit), values in found.items():
            row[_target_key(target, unit)] = values[architecture, method]
        rows.append(row)
    return Table(
        "time-to-target",
        "Epochs until a run first reaches a target",
        (
            *_cell_columns(),
            Column("runs", "Runs", "count"),
            *(
                Column(
                    _target_key(target, unit),
                    say("target_head", target) if unit == "epochs" else "",
                    "seconds" if unit == "seconds" else "count",
                )
                for unit in UNITS
                for target in TARGETS
            ),
            Column("stops", "Stops", "count"),
        ),
        tuple(rows),
        (say("speed_note"),),
    )


def _target_key(target, unit):
    return f"{target.quantity}_{target.value:g}_{unit}"


def _profiles(findings):
    """Of the methods that were run on every architecture that has runs."""
    records = [*findings.records, *findings.others]
    cells = by_cell(records)
    architectures = {architecture for architecture, _ in cells}
    methods = sorted({method for _, method in cells}, key=rank)
    everywhere = [m for m in methods if all((a, m) in cells for a in architectures)]
    if len(everywhere) < 2:
        return None
    rows = []
    for target in TARGETS:
        medians = {
            key: value
            for key, value in findings.times(target).items()
            if key[1] in everywhere
        }
        profile = performance_profile(medians)
        rows += [
            {
                "target": Cell(_target_key(target, "epochs"), say("target", target)),
                "method": method,
                "label": _label_method(method),
                **{
                    _ratio_key(ratio): share
                    for ratio, share in zip(RATIOS, profile[method], strict=True)
                },
            }
            for method in everywhere
        ]
    return Table(
        "profiles",
        "How often a method is within so many times the fastest",
        (
            Column("target", "Target"),
            Column("method", ""),
            Column("label", "Method"),
            *(
                Column(
                    _ratio_key(ratio),
                    f"{ratio:g} ×" if ratio in SHOWN_RATIOS else "",
                    "percent",
                )
                for ratio in RATIOS
            ),
        ),
        tuple(_whole_percents(row) for row in rows),
        (say("profile_note", [m for m in methods if m not in everywhere]),),
    )


def _ratio_key(ratio):
    return f"within_{ratio:.3g}"


def _whole_percents(row):
    return {
        key: Cell(value, text.percent(value, 0)) if isinstance(value, float) else value
        for key, value in row.items()
    }


def _chances(findings):
    records = [*findings.records, *findings.others]
    methods = sorted({record.cell.method for record in records}, key=rank)
    rows = []
    for target in CHANCES:
        chances = chances_to_win(times(records, target))
        rows += [
            {
                "target": Cell(_target_key(target, "epochs"), say("target", target)),
                "method": method,
                "label": _label_method(method),
                **{
                    f"against_{slug(other)}": Cell(None, "")
                    if other == method
                    else chances.get((method, other))
                    for other in methods
                },
            }
            for method in methods
            if len(methods) > 1
        ]
    return Table(
        "chances",
        "How probable it is that a method gets there first",
        (
            Column("target", "Target"),
            Column("method", ""),
            Column("label", "Method"),
            *(
                Column(f"against_{slug(other)}", _label_method(other), "percent")
                for other in methods
            ),
        ),
        tuple(_whole_percents(row) for row in rows),
        (say("chances_note"),),
    )


# Learning rates ---------------------------------------------------------------------


def sweep_table(sweep):
    """Every method of a `sweeps.Sweep` at its best learning rate."""
    (other, *_) = [_unlike_the_study(line) for line in sweep.lines]
    return Table(
        f"sweep-{sweep.architecture}",
        f"Architecture {sweep.architecture}: every method at its best learning rate",
        (
            Column("method", ""),
            Column("label", "Method"),
            Column("rates", "Rates", "count"),
            Column("runs", "Runs", "count"),
            Column("best_rate", "Best rate", "rate"),
            Column("at_edge", "At the edge"),
            Column("loss_original", "Validation loss at 0.001", "error"),
            Column("loss_best", "At the best rate", "error"),
            Column("accuracy_original", "Validation accuracy at 0.001", "percent"),
            Column("accuracy_best", "At best rate", "percent"),
            Column("epochs_original", "Epochs to error 0.02 at 0.001", "count"),
            Column("epochs_best", "Fewest epochs", "count"),
            Column("epochs_best_rate", "At a rate of", "rate"),
            Column("rising", "Runs that rise", "count"),
            Column("diverged", "Diverged", "count"),
        ),
        tuple(map(_sweep_row, sweep.lines)),
        (
            say("sweep_note", any(line.full_batch for line in sweep.lines)),
            *([say("sweep_settings", other)] if other else []),
        ),
    )


def _unlike_the_study(line):
    """Names of settings that are not those of the published sweep."""
    ours, usual = line.points[0].runs[0].protocol.to_dict(), SWEEP.to_dict()
    longer = {"max_epochs"} if line.full_batch else set()
    skipped = {"name", "num_examples", *longer}
    return [name for name in usual if name not in skipped and ours[name] != usual[name]]


def _sweep_row(line):
    usual, best, soonest = line.at_original_rate, line.best, line.soonest(RANKED_BY)
    return {
        "method": line.method,
        "label": _label_method(line.method),
        "rates": len(line.points),
        "runs": sum(len(point.runs) for point in line.points),
        "best_rate": best.rate,
        "at_edge": Cell(line.at_edge, say("yes", line.at_edge)),
        "loss_original": usual and usual.loss,
        "loss_best": best.loss,
        "accuracy_original": usual and usual.accuracy,
        "accuracy_best": best.accuracy,
        "epochs_original": usual and usual.epochs_to(RANKED_BY),
        "epochs_best": soonest.epochs_to(RANKED_BY) if soonest else math.inf,
        "epochs_best_rate": soonest and soonest.rate,
        "rising": sum(point.rising for point in line.points),
        "diverged": sum(point.endings["diverged"] for point in line.points),
    }


def _sweep_points(findings):
    rows = [
        {
            "architecture": sweep.architecture,
            "method": line.method,
            "rate": point.rate,
            "runs": len(point.runs),
            "validation_loss": point.loss,
            "validation_accuracy": point.accuracy,
            "test_accuracy": median(point.values("test", "accuracy")),
            **{
                _target_key(target, "epochs"): point.epochs_to(target)
                for target in TARGETS
            },
            **point.endings,
            "rising": point.rising,
            "guessing": point.guessing,
        }
        for sweep in findings.sweeps
        for line in sweep.lines
        for point in line.points
    ]
    return _for_machines("sweep-points", "Every method at every learning rate", rows)


def _for_machines(name, title, rows):
    """A table that is written as CSV only."""
    keys = dict.fromkeys(key for row in rows for key in row)
    return Table(name, title, tuple(Column(key, "") for key in keys), tuple(rows))


# What the original leaves unsaid ----------------------------------------------------


def _candidates(findings):
    if not is_usual(findings):
        return None
    rows = []
    for answer in findings.answers:
        question = answer.question
        asked = {"key": question.key, "question": say("question", question.key)}
        compared = answer.nearest is not None
        for place, candidate in enumerate(answer.ranking, start=1):
            default = candidate.reading == question.readings[0]
            values = _candidate(candidate, question, place if compared else None)
            rows.append(
                asked | values | {"default": Cell(default, say("yes", default))}
            )
        for label in answer.waiting:
            default = label == question.readings[0].label
            rows.append(
                asked
                | {
                    "place": Cell(None, say("waits")),
                    "candidate": label,
                    "default": Cell(default, say("yes", default)),
                }
            )
    return Table(
        "candidates",
        "Which settings, left unsaid, explain the original's numbers",
        (
            Column("key", ""),
            Column("question", "Question"),
            Column("place", "Rank", "count"),
            Column("candidate", "Candidate"),
            Column("default", "Ours"),
            Column("distance", "Distance", "decimal"),
            Column("epochs_distance", "Of epochs", "decimal"),
            Column("accuracy_distance", "Of accuracies", "decimal"),
            Column("nearest_in", "Seeds nearest", "count"),
            Column("cells", "Cells", "count"),
            Column("runs", "Runs", "count"),
            Column("not_ended", "Not ended", "count"),
        ),
        tuple(rows),
        (say("candidates_note"),),
    )


def _candidate(candidate, question, place):
    nearest, seeds = len(candidate.nearest_in), candidate.seeds
    return {
        "place": place if place else Cell(None, say("alone")),
        "candidate": candidate.label,
        "distance": candidate.distance,
        "epochs_distance": candidate.epochs_distance,
        "accuracy_distance": candidate.accuracy_distance,
        "nearest_in": Cell(nearest, say("place", nearest, seeds)) if place else None,
        "cells": Cell(candidate.cells, say("place", candidate.cells, question.planned)),
        "runs": candidate.runs,
        "not_ended": candidate.not_ended,
    }


def _leave_out(findings):
    """The choice of the default settings, without each architecture in turn."""
    if not is_usual(findings):
        return None
    rows = []
    for question in (question for question in QUESTIONS if question.chose_protocol):
        answers = leave_one_architecture_out(findings.studies, question.key)
        for architecture, answer in answers.items():
            if answer.nearest is not None:
                first, second = answer.ranking[:2]
                same = answer.is_default
                rows.append(
                    {
                        "key": question.key,
                        "question": say("question", question.key),
                        "left_out": architecture,
                        "nearest": first.label,
                        "distance": first.distance,
                        "next": second.label,
                        "next_distance": second.distance,
                        "default": Cell(same, say("yes", same)),
                    }
                )
    return Table(
        "leave-one-out",
        "The same choices without one architecture",
        (
            Column("key", ""),
            Column("question", "Question"),
            Column("left_out", "Without architecture", "count"),
            Column("nearest", "Nearest"),
            Column("distance", "Distance", "decimal"),
            Column("next", "Next"),
            Column("next_distance", "Its distance", "decimal"),
            Column("default", "Ours"),
        ),
        tuple(rows),
        (say("leave_out_note"),),
    )


# Best model -------------------------------------------------------------------------


def _best_model(findings):
    selection = findings.selection
    rows = [
        {
            "place": place,
            **_where(contender.architecture, contender.method),
            "runs": len(contender.runs),
            "accuracy": contender.accuracy,
            "error": Cell(contender.error, text.percent(contender.error)),
            "tied": Cell(place <= selection.tied, say("yes", place <= selection.tied)),
            "parameters": contender.parameters,
            "updates": contender.updates,
            "median_seed": Cell(
                contender.median_run.cell.seed, str(contender.median_run.cell.seed)
            ),
        }
        for place, contender in enumerate(selection.ranking, start=1)
    ]
    return Table(
        "best-model",
        "Which model is best (1.7)",
        (
            Column("place", "Rank", "count"),
            *_cell_columns(),
            Column("runs", "Runs", "count"),
            Column("accuracy", "Mean validation accuracy", "percent"),
            Column("error", "Standard error", "percent"),
            Column("tied", "Within one standard error"),
            Column("parameters", "Parameters", "count"),
            Column("updates", "Updates", "count"),
            Column("median_seed", "Median seed", "count"),
        ),
        tuple(rows),
        (say("best_note", selection),) if rows else (),
    )


def scores(record, compare=True, name="scores"):
    """What a run scores on each split, with Wilson's interval.

    Args:
        record: of a run that did not diverge.
        compare: whether the original's scores stand beside it.
        name: of the table.
    """
    rows = []
    for split in (*SPLITS, "unused"):
        if split not in record.splits:
            continue
        own = record.splits[split]
        images = sum(map(sum, own["confusion"]))
        row = {
            "split": Cell(split, say("split", split)),
            "images": images,
            **_with_interval("", own["accuracy"], images),
            "loss": own["loss"],
        }
        if split in CONFUSION["splits"] and compare:
            printed = CONFUSION["splits"][split]
            row |= _with_interval("original_", printed["accuracy"], EXAMPLES[split])
            row["original_loss"] = printed["loss"]
        rows.append(row)
    columns = [
        Column("split", "Images"),
        Column("images", "Number", "count"),
        *_interval_columns("", ""),
        Column("loss", "Loss", "error"),
    ]
    if compare:
        columns += _interval_columns("original_", ", original")
        columns.append(Column("original_loss", "Loss, original", "error"))
    where = f"architecture {record.cell.architecture}"
    return Table(
        name,
        f"Scores of {_label_method(record.cell.method)} on {where}, "
        f"seed {record.cell.seed} ({SECTIONS['confusion']})",
        tuple(columns),
        tuple(rows),
        (say("scores_note"),),
    )


def _interval_columns(prefix, title):
    return [
        Column(f"{prefix}accuracy", f"Accuracy{title}", "percent"),
        Column(f"{prefix}low", f"From{title}", "percent"),
        Column(f"{prefix}high", f"To{title}", "percent"),
    ]


def _with_interval(prefix, accuracy, images):
    low, high = share_interval(round(accuracy * images), images)
    return {
        f"{prefix}accuracy": accuracy,
        f"{prefix}low": low,
        f"{prefix}high": high,
    }


def _both_scores(findings):
    compare = findings.protocol.data_sha256 is None
    for stem, selection in (
        ("", findings.selection),
        ("-original-choice", findings.original_selection),
    ):
        if selection.best is not None:
            yield scores(selection.best, compare, f"scores{stem}")


def _confusions(findings):
    for stem, selection in (
        ("", findings.selection),
        ("-original-choice", findings.original_selection),
    ):
        if selection.best is not None:
            for split in SPLITS:
                yield _confusion(findings, split, selection.best, stem)


def _confusion(findings, split, record, stem):
    ours = record.splits[split]["confusion"]
    theirs = original_matrix(split)
    compare = findings.protocol.data_sha256 is None
    known = [digit for digit in CLASSES if any(ours[digit])]
    known = sorted({*known, *DIGITS}) if compare else known
    shown = [d for d in CLASSES if d in known or any(row[d] for row in ours)]

    def cell(true, predicted):
        number, other = ours[true][predicted], theirs[true][predicted]
        if not compare:
            return number
        shown = say("ours_and_original", text.count(number), text.count(other))
        return Cell(number, shown)

    rows = [
        {
            "true": true,
            **{f"predicted_{digit}": cell(true, digit) for digit in CLASSES},
            **{
                f"original_{digit}": theirs[true][digit] for digit in CLASSES if compare
            },
        }
        for true in known
    ]
    name = f"{_label_method(record.cell.method)}, seed {record.cell.seed}"
    return Table(
        f"confusion-{split}{stem}",
        f"Confusion matrix of the {say('split', split)} images: "
        f"architecture {record.cell.architecture}, {name} ({SECTIONS['confusion']})",
        (
            Column("true", "True digit", "count"),
            *(
                Column(
                    f"predicted_{digit}", str(digit) if digit in shown else "", "count"
                )
                for digit in CLASSES
            ),
            *(Column(f"original_{digit}", "") for digit in CLASSES if compare),
        ),
        tuple(rows),
        (say("confusion_note", compare, set(shown) != set(known)),),
    )


def original_matrix(split):
    """The original's matrix, 10 x 10 as printed: rows true, columns predicted."""
    matrix = [[0 for _ in CLASSES] for _ in CLASSES]
    printed = CONFUSION["splits"][split]["matrix"]
    for true, row in zip(DIGITS, printed, strict=True):
        for predicted, number in zip(DIGITS, row, strict=True):
            matrix[true][predicted] = number
    return matrix


# Checks, settings, runs -------------------------------------------------------------


def checks(findings):
    """The original's checks; without our runs where they are no rerun of it."""
    return consistency.check() if no_rerun(findings) else findings.checks


def _checks(findings):
    return Table(
        "checks",
        "The original checked against itself",
        (
            Column("key", ""),
            Column("question", "Question"),
            Column("sections", "Section"),
            Column("passes", "Answer"),
            Column("found", "Found"),
        ),
        tuple(
            {
                "key": check.key,
                "question": say("check_question", check.key),
                "sections": check.sections,
                "passes": Cell(
                    check.passes, say("check_answer", check.key, check.passes)
                ),
                "found": say("check_found", check),
            }
            for check in checks(findings)
        ),
    )


def _hyperparameters(findings):
    protocol = findings.protocol.to_dict()
    stated = {row.setting for row in HYPERPARAMETERS}
    rows = [
        _setting(
            row.setting,
            row.label,
            row.methods,
            IN_MODELS.get(row.setting, protocol.get(row.setting)),
            row.printed,
            " ".join(row.sections),
        )
        for row in HYPERPARAMETERS
    ]
    rows += [
        _setting(
            name,
            say("setting", name),
            say("methods_of_setting", name),
            value,
            *_elsewhere(name),
        )
        for name, value in protocol.items()
        if name not in stated and name != "name"
    ]
    return Table(
        "hyperparameters",
        "Settings: the original's and ours",
        (
            Column("setting", ""),
            Column("label", "Setting"),
            Column("methods", "Methods"),
            Column("original", "Original"),
            Column("value", "Ours"),
            Column("sections", "Section"),
        ),
        tuple(rows),
        (say("hyperparameters_note"),),
    )


def _elsewhere(name):
    """What the original says of a setting outside its table, and where."""
    said, sections = say("elsewhere", name), say("elsewhere_sections", name)
    if not said:
        return Cell(None, say("unstated")), Cell(None, "")
    return said, sections


def _setting(name, label, methods, value, original, sections):
    return {
        "setting": name,
        "label": label,
        "methods": methods,
        "original": original,
        "value": Cell(value, say("value", name, value)),
        "sections": sections,
    }


def _standings(findings):
    """One's own runs among the published seeds; nothing where none are pooled."""
    standings = [one for one in findings.pool.standings if one.seeds]
    rows = [
        {
            **_where(one.record.cell.architecture, one.record.cell.method),
            "seed": Cell(one.record.cell.seed, str(one.record.cell.seed)),
            "same_bytes": Cell(one.same_bytes, say("same_bytes", one.same_bytes)),
            "epochs": _until_stop(one.record),
            "stop_earlier": Cell(
                one.fewer_epochs, say("place", one.fewer_epochs, one.seeds)
            ),
            "validation": _accuracy([one.record], "validation"),
            "less_accurate": Cell(
                one.less_accurate, say("place", one.less_accurate, one.seeds)
            ),
        }
        for one in standings
    ]
    return Table(
        "standings",
        "Your runs among the published seeds",
        (
            *_cell_columns(),
            Column("seed", "Seed", "count"),
            Column("same_bytes", "Published run of this seed"),
            Column("epochs", "Epochs", "count"),
            Column("stop_earlier", "Stop earlier", "count"),
            Column("validation", "Validation accuracy", "percent"),
            Column("less_accurate", "Less accurate", "count"),
        ),
        tuple(rows),
        (say("standings_note"),),
    )


def _cost(findings):
    rows = []
    for (architecture, method), runs in by_cell(
        [*findings.records, *findings.others]
    ).items():
        cell, seconds = runs[0].cell, [run.core_seconds for run in runs]
        epochs = median(run.epochs for run in runs)
        rows.append(
            _where(architecture, method)
            | {
                "runs": len(runs),
                "planned": expected_seconds(cell, findings.protocol),
                "expected": run_seconds(cell, findings.protocol, epochs),
                "measured": median(seconds),
                "least": min(seconds),
                "most": max(seconds),
            }
        )
    rows.sort(key=lambda row: (row["architecture"], rank(row["method"])))
    names = ("planned", "expected", "measured", "least", "most")
    total = {name: sum(row[name] for row in rows) for name in names}
    rows.append(
        {
            "architecture": Cell(None, say("all")),
            "label": Cell(None, ""),
            "runs": sum(row["runs"] for row in rows),
            **total,
        }
    )
    for row in rows:
        row["ratio"] = row["measured"] / row["expected"]
        row["measured"] = Cell(row["measured"], _seconds_and_range(row))
    return Table(
        "cost",
        "What a run takes: expected and measured",
        (
            *_cell_columns(),
            Column("runs", "Runs", "count"),
            Column("planned", "Planned", "seconds"),
            Column("expected", "At our epochs", "seconds"),
            Column("measured", "Measured", "seconds"),
            Column("least", ""),
            Column("most", ""),
            Column("ratio", "Measured by expected", "decimal"),
        ),
        tuple(rows),
        (say("cost_note"),),
    )


def _seconds_and_range(row):
    middle, low, high = (text.seconds(row[n]) for n in ("measured", "least", "most"))
    if low == high:
        return middle
    return say("seconds_and_range", middle, low, high)


def all_records(findings):
    """(study, record) of every record that the findings are made of, each once."""
    for record in [*findings.records, *findings.others]:
        yield "report", record
    for study, records in findings.studies.items():
        if study != "report":
            for record in records:
                yield study, record


def _provenance(findings):
    found = {}
    for _, record in all_records(findings):
        for name, value in _flat(record.provenance):
            found.setdefault(name, set()).add(value)
    rows = [
        {"name": name, "values": Cell(" ".join(sorted(values)), _few(sorted(values)))}
        for name, values in sorted(found.items())
    ]
    return Table(
        "provenance",
        "Software and machines of the runs",
        (Column("name", "What"), Column("values", "Value")),
        tuple(rows),
    )


def _few(values):
    return ", ".join(values) if len(values) <= MOST_VALUES else say("many", len(values))


def _flat(values, prefix=""):
    """(dotted name, text) of each value; nothing that tells whose machine it was."""
    for key, value in values.items():
        name = f"{prefix}{key}"
        if any(word in str(key).lower() for word in PRIVATE):
            continue
        if isinstance(value, dict):
            yield from _flat(value, f"{name}.")
        elif not str(value).startswith("/"):
            yield name, _short(str(value))


def _short(value):
    is_hash = len(value) >= 40 and all(c in "0123456789abcdef" for c in value)
    return value[:SHORT_HASH] if is_hash else value


def _runs(findings):
    """One row a run, of every study."""
    own = {id(standing.record) for standing in findings.pool.standings}
    own |= set(map(id, findings.others))
    rows = []
    for study, record in all_records(findings):
        values = {
            f"{split}_{quantity}": record.splits.get(split, {}).get(quantity)
            for split in SPLITS
            for quantity in ("loss", "accuracy")
        }
        rows.append(
            {
                "study": study,
                "architecture": record.cell.architecture,
                "method": record.cell.method,
                "seed": record.cell.seed,
                "in_folder": id(record) in own if study == "report" else None,
                "ending": record.ending,
                "epochs": record.epochs,
                **values,
                "parameters": record.parameters,
                "setup_seconds": record.seconds.get("setup"),
                "training_seconds": record.seconds.get("training"),
                "core_seconds": record.core_seconds,
                "initial_sha256": record.initial_sha256[:SHORT_HASH],
            }
        )
    return _for_machines("runs", "Every run", rows)
