"""Tables that hold the original against the runs: its numbers, layers and sentences."""

from itertools import groupby
from statistics import median

from reproduce import original
from reproduce.analysis import consistency
from reproduce.analysis.claims import CONTRADICTED, NOT_JUDGED, SUPPORTED, UNDECIDED
from reproduce.analysis.findings import PATIENT
from reproduce.analysis.speed import by_cell
from reproduce.analysis.verdicts import JUDGED, count, not_comparable, sensitivity
from reproduce.experiment.methods import METHODS, rank
from reproduce.experiment.protocol import UNNAMED, Protocol
from reproduce.experiment.stopping import ENDINGS

from . import text
from .rendering import phrase
from .run_tables import LABEL, accuracy, cell_of, changed, effort, runs_by_cell
from .table import BLANK, Cell, Column, Table, say, worded

NUMBERS = {
    "epochs": ("Epochs", "count"),
    "train": ("Training accuracy", "percent"),
    "validation": ("Validation accuracy", "percent"),
}  # of a row of the original's tables: title and kind
VERDICT_ORDER = (CONTRADICTED, SUPPORTED, UNDECIDED, NOT_JUDGED)
KERNELS = ("Flatten", "Dense")  # the layers that are ours as well as the original's


# Which runs -------------------------------------------------------------------------


def no_rerun(findings):
    """Why the runs are no rerun of the original, as `not_comparable`, or empty."""
    return not_comparable(findings.protocol)


def other_settings(findings):
    """Names of settings that are not the default protocol's, stated or not."""
    return changed(findings.protocol, Protocol(), *UNNAMED)


def is_usual(findings):
    """Whether the runs have the default protocol, which the candidates start from."""
    return not no_rerun(findings) and not other_settings(findings)


def by_rule(findings):
    """The verdicts by stopping rule: `stated`, and `patience 2` if any is judged."""
    rules = {"stated": findings.stated}
    patient = [v for v in findings.patient if v.architecture in PATIENT]
    if is_usual(findings) and any(v.label in JUDGED for v in patient):
        rules["patience 2"] = findings.patient
    return rules


def _judged_rows(findings):
    """Each row of the original by each rule: (rule, verdicts on its numbers, runs).

    The runs are those that it is judged by: SGD's, where it is SGD's by mistake.
    """
    for rule, verdicts in by_rule(findings).items():
        stated = rule == "stated"
        runs = by_cell(findings.records if stated else findings.studies["patience-2"])
        for (number, _), row in groupby(verdicts, lambda verdict: verdict.key[:2]):
            if stated or number in PATIENT:
                row = tuple(row)
                yield rule, row, runs.get((number, row[0].judged_as), [])


def _rule(findings, rule):
    words = worded("rule", rule, is_usual(findings))
    return {Column("stopping", "Stopping rule"): words}


def _cell(verdicts):
    """Where a row stands; with a dagger if it is SGD's under another label."""
    cell = cell_of(verdicts[0])
    if verdicts[0].judged_as != verdicts[0].method:
        cell[LABEL] = Cell(cell[LABEL], f"{cell[LABEL]} {say('dagger')}")
    return cell


def _daggers(verdicts, ours=True):
    """The note on rows with a dagger; `ours`: whether they show our SGD, too."""
    marked = any(verdict.judged_as != verdict.method for verdict in verdicts)
    return [say("dagger_note", ours)] if marked else []


def _printed(verdict):
    """The original's number as the original prints it."""
    if verdict.original is None:
        return Cell(None, say("illegible"))
    row = original.RESULTS[verdict.architecture, verdict.method]
    decimals = getattr(row, f"{verdict.quantity}_decimals", 0)  # epochs have none
    return _in_unit(verdict, verdict.original, decimals - 2)


def _in_unit(verdict, value, decimals=2):
    """A value in the unit of the verdict's number: epochs, or a share in percent."""
    if verdict.quantity == "epochs" or value is None:
        return value
    return Cell(value, text.percent(value, decimals))


def _label(verdict):
    """The label, or in words why there is none."""
    judged = verdict.label in JUDGED
    words = verdict.label if judged else say("reason", verdict.reason)
    return Cell(verdict.label, words)


# Numbers ----------------------------------------------------------------------------


def overview(findings):
    """Every number of the original beside the median of ours, and its verdict."""
    rows = []
    for rule, verdicts, runs in _judged_rows(findings):
        row = _cell(verdicts) | _rule(findings, rule)
        row[Column("runs", "Runs", "count")] = len(runs)
        for verdict in verdicts:
            key, printed = verdict.quantity, _printed(verdict)
            title, kind = NUMBERS[key]
            ours = effort(runs, with_range=False)
            if key != "epochs":
                ours = accuracy(runs, key, with_range=False)
            row |= {
                Column(key, title, kind): ours,
                Column(f"{key}_original", f"{title}, original", kind): printed,
                Column(f"{key}_verdict", f"{title}, verdict"): _label(verdict),
            }
        rows.append(row)
    lacks_seeds = any(verdict.reason == "few seeds" for verdict in findings.stated)
    title = "Every number of the original beside ours (1.5)"
    notes = [say("overview_note", lacks_seeds), *_daggers(findings.stated)]
    return Table.of("overview", title, rows, *notes)


def labels(findings):
    """How many numbers have each label."""
    rows = []
    for rule, verdicts in by_rule(findings).items():
        for quantity in NUMBERS:
            judged = [verdict for verdict in verdicts if verdict.quantity == quantity]
            counts = count(verdict.label for verdict in judged)
            numbers = worded("quantity", quantity)
            illegible = sum(verdict.reason == "illegible" for verdict in judged)
            waiting = len(judged) - illegible - sum(counts.values())
            rows.append(
                {
                    Column("quantity", "Numbers of the original"): numbers,
                    **_rule(findings, rule),
                    **_by_label(counts),
                    Column("waiting", "No verdict", "count"): waiting,
                    Column("illegible", "Not legible", "count"): illegible,
                }
            )
    title = "How many of the original's numbers agree"
    note = say("labels_note", "patience 2" in by_rule(findings))
    return Table.of("labels", title, rows, note)


def _by_label(counts):
    return {Column(label, label, "count"): counts[label] for label in JUDGED}


def verdicts(findings):
    """The verdict on every number of the original, with what it hangs on."""
    rows = [
        {
            **_cell(judged),
            "judged_as": verdict.judged_as,
            Column("quantity", "Number"): worded("quantity", verdict.quantity),
            **_rule(findings, rule),
            Column("original", "Original", "count"): _printed(verdict),
            Column("n", "Runs", "count"): len(verdict.values),
            Column("median", "Median", "count"): _in_unit(verdict, verdict.centre),
            Column("low", "Next run, from", "count"): _in_unit(verdict, verdict.low),
            Column("high", "Next run, to", "count"): _in_unit(verdict, verdict.high),
            Column("limit", "Limit", "count"): verdict.original
            and _in_unit(verdict, verdict.limit),
            Column("verdict", "Verdict"): _label(verdict),
            "reason": verdict.reason,
        }
        for rule, judged, _ in _judged_rows(findings)
        for verdict in judged
    ]
    title = "A verdict on every number of the original (1.5)"
    notes = [say("verdicts_note"), *_daggers(findings.stated)]
    return Table.of("verdicts", title, rows, *notes)


def limits(findings):
    """How many numbers would have each label if the limits were others."""
    rows = [
        {
            **_rule(findings, rule),
            Column("factor", "Limit", "decimal"): worded("factor", factor),
            **_by_label(counts),
        }
        for rule, verdicts in by_rule(findings).items()
        for factor, counts in sensitivity(verdicts).items()
        if any(counts.values())
    ]
    title = "The verdicts under other limits"
    return Table.of("sensitivity", title, rows, say("sensitivity_note"))


def honest(findings):
    """Labels where the default settings were chosen, where not, and a control."""
    rows = []
    for cells, counts in findings.honest.items():
        if numbers := sum(counts.values()):
            share = counts["AGREES"] / numbers
            rows.append(
                {
                    Column("cells", "Numbers of"): worded("cells", cells),
                    Column("numbers", "Judged", "count"): numbers,
                    **_by_label(counts),
                    Column("agreeing", "Share that agrees", "percent"): share,
                }
            )
    title = "Where the settings were chosen, where not, and wrong settings"
    note = say("honest_note", any(findings.honest["wrong protocol"].values()))
    return Table.of("honest", title, rows, note)


def patience(findings):
    """Epochs on architectures 4 and 5: the original's, by the rule, and with 2."""
    rows = {}
    for rule, verdicts, runs in _judged_rows(findings):
        epochs, ours = verdicts[0], effort(runs)
        if rule == "stated":
            rows[epochs.key] = _cell(verdicts) | {
                Column("original", "Original", "count"): _printed(epochs),
                Column("stated", "As stated", "count"): ours,
                Column("stated_verdict", "Verdict"): _label(epochs),
            }
        else:
            rows[epochs.key] |= {
                Column("patient", "Patience 2", "count"): ours,
                Column("patient_verdict", "Verdict, patience 2"): _label(epochs),
            }
    title = "Epochs on architectures 4 and 5 by two stopping rules"
    shown = [row for key, row in rows.items() if key[0] in PATIENT]
    notes = [say("patience_note"), *_daggers(findings.stated)]
    return Table.of("patience", title, shown, *notes)


# Architectures ----------------------------------------------------------------------


def architecture(findings, number):
    """The methods compared on one architecture, the user's methods last."""
    cells = runs_by_cell(findings)
    methods = {*METHODS, *(method for a, method in cells if a == number)}
    judged = [v for v in findings.stated if v.architecture == number]
    rows = [
        _method_row(method, cells.get((number, method), []), judged)
        for method in sorted(methods, key=rank)
    ]
    several = any(len(runs) > 1 for cell, runs in cells.items() if cell[0] == number)
    title = f"Architecture {number}: the methods compared ({_section(number)})"
    notes = [say("architecture_note", several), *_daggers(judged, ours=False)]
    return Table.of(f"architecture-{number}", title, rows, *notes)


def _section(number):
    return original.SECTIONS["tables"][str(number)]


def _method_row(method, runs, verdicts):
    """The row of a method, which has verdicts if the original has it."""
    verdicts = [verdict for verdict in verdicts if verdict.method == method]
    epochs, train, validation = map(_printed, verdicts) if verdicts else [None] * 3
    measured = accuracy(runs, "validation")
    updates = effort(runs, "updates", with_range=False)
    gradients = effort(runs, "gradients", with_range=False)
    words = [_label(verdict).shown for verdict in verdicts]
    words = words[:1] if len(set(words)) == 1 else words
    endings = {ending: sum(run.ending == ending for run in runs) for ending in ENDINGS}
    ended = say("ended", endings) if runs else say("not_run")
    seconds = median(run.core_seconds for run in runs) if runs else None
    return {
        "method": method,
        LABEL: _cell(verdicts)[LABEL] if verdicts else METHODS[method].label,
        Column("runs", "Runs", "count"): len(runs),
        Column("ended", "How they ended"): ended,
        Column("epochs", "Epochs", "count"): effort(runs),
        Column("epochs_original", "Epochs, original", "count"): epochs,
        Column("train", "Training accuracy", "percent"): accuracy(runs, "train"),
        Column("train_original", "Training, original", "percent"): train,
        Column("validation", "Validation accuracy", "percent"): measured,
        Column("validation_original", "Validation, original", "percent"): validation,
        Column("test", "Test accuracy", "percent"): accuracy(runs, "test"),
        Column("updates", "Updates", "count"): updates,
        Column("gradients", "Gradients", "count"): gradients,
        Column("seconds", "Core seconds", "seconds"): seconds,
        Column("verdicts", "Verdicts"): " / ".join(words) or say("not_in_original"),
        **{f"{verdict.quantity}_verdict": _label(verdict) for verdict in verdicts},
        **endings,
    }


def summary(findings, number):
    """Layers of an architecture: ours, counted from its widths, and as printed."""
    hidden_units = original.HIDDEN_UNITS[number]
    widths = [original.INPUTS, *hidden_units, findings.protocol.num_classes]
    counts = [0, *((a + 1) * b for a, b in zip(widths[:-1], widths[1:], strict=True))]
    hidden = [f"hidden_layer_{place}" for place, _ in enumerate(hidden_units, start=1)]
    layers = zip(
        ["input_layer", *hidden, "output_layer", "total"],
        [*widths, BLANK],
        [*counts, sum(counts)],
        [line for line in original.SUMMARIES[number] if line.type in (*KERNELS, "")],
        strict=True,
    )
    rows = []
    for name, units, parameters, line in layers:
        illegible = line.parameters is None
        printed = Cell(None, say("illegible")) if illegible else line.parameters
        rows.append(
            {
                Column("layer", "Layer"): name,
                Column("type", "Type"): line.type or BLANK,
                Column("units", "Units", "count"): units,
                Column("parameters", "Parameters", "count"): parameters,
                Column("original", "Parameters, original", "count"): printed,
            }
        )
    outputs = int(original.SUMMARIES[number][-2].output_shape.strip("()").split(",")[1])
    note = say("summary_note", outputs if outputs != original.OUTPUTS else None)
    title = f"Architecture {number}: layers ({_section(number)})"
    return Table.of(f"summary-{number}", title, rows, note)


# Sentences --------------------------------------------------------------------------


def claims(findings):
    """The claims of the original, the contradicted ones first."""
    entries = sorted(findings.entries, key=lambda e: VERDICT_ORDER.index(e.verdict))
    columns = (
        Column("key"),
        Column("section", "Section"),
        Column("words", "The original"),
        Column("verdict", "Verdict"),
        Column("reason"),
        Column("quantity"),
        Column("tested", "Tested as"),
        Column("measured", "Measured"),
        Column("p", "", "p"),
        Column("p_holm", "p (Holm)", "p"),
        Column("change", "What would change it"),
    )
    title = "What the original says, and what the runs say"
    return Table("claims", title, columns, tuple(map(claim, entries)))


def claim(entry):
    """The row of a claim: the original's words, the verdict and the words for both."""
    statement = original.CLAIMS[entry.key]
    if entry.verdict == NOT_JUDGED:
        measured, change = say("not_judged", entry.reason), say("not_judged_change")
    else:
        measured = phrase("claims.j2", "measured", entry)
        change = phrase("claims.j2", "change", entry)
    return {
        "key": entry.key,
        "section": statement.sections,
        "words": statement.words,
        "verdict": entry.verdict,
        "reason": entry.reason,
        "quantity": entry.quantity,
        "tested": phrase("claims.j2", "tested", entry.key),
        "measured": measured,
        "p": entry.p,
        "p_holm": entry.p_holm,
        "change": change,
    }


def sentences(findings):
    """Every sentence of the original, with the verdicts of the claims in it."""
    verdicts = {entry.key: entry.verdict for entry in findings.entries}
    rows = []
    for sentence in original.SENTENCES:
        keys = [key for key in sentence.judged_by if key not in original.UNJUDGED]
        judged = ", ".join(f"{key}: {verdicts[key]}" for key in keys)
        judged = judged or say("unjudged", sentence.judged_by[0])
        rows.append(
            {
                Column("section", "Section"): sentence.section,
                Column("words", "Sentence, shortened"): sentence.words,
                "claims": " ".join(keys),
                Column("found", "Judged as"): judged,
            }
        )
    title = "Every sentence of the original, and where it is judged"
    return Table.of("sentences", title, rows)


def checks(findings):
    """The original's checks; without our runs where they are no rerun of it."""
    return consistency.check() if no_rerun(findings) else findings.checks


def check_table(findings):
    """The original checked against itself."""
    rows = [
        {
            "key": check.key,
            Column("question", "Question"): say("check_question", check.key),
            Column("sections", "Section"): check.sections,
            Column("passes", "Answer"): Cell(
                check.passes, say("check_answer", check.key, check.passes)
            ),
            Column("found", "Found"): say("check_found", check),
        }
        for check in checks(findings)
    ]
    return Table.of("checks", "The original checked against itself", rows)
