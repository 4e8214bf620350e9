"""The report's files but figures and page: REPORT.md, tables, JSON and model card."""

import csv
import hashlib
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from reproduce.analysis.claims import ADAPTIVE, PLAIN
from reproduce.analysis.findings import PATIENT
from reproduce.analysis.speed import TARGETS, by_cell
from reproduce.analysis.tests import LEVEL, chance_of_misses
from reproduce.analysis.verdicts import (
    JUDGED,
    QUANTITIES,
    changed_settings,
    count,
    missed,
)
from reproduce.errors import UserError
from reproduce.experiment.costs import MEASURED, expected_seconds, makespan
from reproduce.experiment.methods import METHODS, rank
from reproduce.experiment.protocol import ARCHITECTURES, Protocol, grid
from reproduce.experiment.record import SPLITS
from reproduce.experiment.stopping import ENDINGS
from reproduce.experiment.store import BEST_MODEL, BEST_MODEL_CARD
from reproduce.experiment.studies import STUDIES
from reproduce.original import CONFUSION, EXAMPLES, HIDDEN_UNITS, RESULTS

from . import text
from .rendering import phrase, render
from .table import Cell, Column, Table
from .tables import (
    VERDICT_ORDER,
    all_records,
    by_rule,
    checks,
    claim,
    is_usual,
    no_rerun,
    other_settings,
    say,
    scores,
    shown_digits,
    tables,
)

SCHEMA = 1  # of verdicts.json
MODEL_CARD = "best_model.md"
VERDICTS, REPORT = "verdicts.json", "REPORT.md"
OURS_ONLY = ("axis-ticks",)  # checks that fail by our runs, not by the original
FIGURE_PLACES = (
    *(f"architecture-{number}" for number in ARCHITECTURES),
    "verdicts",
    "stopping",
    "time-to-target",
    "profiles",
    "sweep",
    "confusion",
    "candidates",
)  # how the names of figures start, by the section that shows them


# What the report says first ---------------------------------------------------------


@dataclass(frozen=True)
class First:
    """The methods that are first on most architectures.

    Attributes:
        methods: keys; several that are first as often.
        on: the number of architectures on which each is first, or as good as it.
        of: architectures with at least two methods.
    """

    methods: tuple
    on: int
    of: int


@dataclass(frozen=True)
class Standing:
    """The user's runs beside the published ones.

    Attributes:
        runs: the user's.
        same, other, new: of these, how many equal the published run of their seed,
            do not equal it, and have a seed that is not published.
        compared: how many have published seeds of their cell.
        inside: of these, how many stop within the epochs of those seeds.
        published: published runs that are judged with them.
    """

    runs: int
    same: int
    other: int
    new: int
    compared: int
    inside: int
    published: int


@dataclass(frozen=True)
class Summary:
    """Facts for the sentences of the report, of the page and of the model card.

    Attributes:
        no_rerun: why the runs are no rerun of the original (`not_comparable`), or
            empty.
        changed: names of settings that the original states and the runs have not.
        unusual: names of all settings that are not the default protocol's.
        digits: of the data.
        own_data: start of the SHA-256 of the user's own data; None: the original's.
        runs, cells: how many runs of the original's methods, and of how many cells.
        all_cells: how many cells the original has.
        fewest_seeds, most_seeds: of a cell that was run.
        endings: how runs ended (`stopping.ENDINGS`) to how many did.
        others: keys of other methods that were run.
        legible, judged: the original's numbers that can be read, and have a verdict.
        labels: label to the number of verdicts, by the rule as stated.
        on_4_and_5: rule to the same, of the numbers of architectures 4 and 5 that both
            rules judge; empty if there are none.
        misses: (quantity, outside, judged, expected by chance, p) of the intervals.
        first: `stop`, `learn` (training error 0.05) and `generalize` (validation
            accuracy) to a `First` or None.
        rose: (runs that ended by a rise, runs) of RMSProp and Adam, and of SGD,
            momentum and NAG.
        stopping: the `Answer` on architectures 4 and 5 if it has one, else None.
        mistakes: keys of checks that the original fails.
        standing: a `Standing`, or None where no published runs are pooled.
        claims: verdict to the rows of its claims, as in the table `claims`.
        core_hours: of all runs of all studies.
    """

    no_rerun: str
    changed: tuple
    unusual: tuple
    digits: tuple
    own_data: str | None
    runs: int
    cells: int
    all_cells: int
    fewest_seeds: int
    most_seeds: int
    endings: dict
    others: tuple
    legible: int
    judged: int
    labels: dict
    on_4_and_5: dict
    misses: tuple
    first: dict
    rose: tuple
    stopping: object
    mistakes: tuple
    standing: Standing | None
    claims: dict
    core_hours: float


def summarize(findings):
    """The `Summary` of findings."""
    records, protocol = findings.records, findings.protocol
    cells = by_cell(records)
    seeds = [len(runs) for runs in cells.values()] or [0]
    legible = [v for v in findings.stated if v.reason != "illegible"]
    answer = next(
        answer
        for answer in findings.answers
        if answer.question.key == "stopping-on-4-and-5"
    )
    rows = [(entry.verdict, claim(entry)) for entry in findings.entries]
    data = protocol.data_sha256
    return Summary(
        no_rerun=no_rerun(findings),
        changed=tuple(changed_settings(protocol)),
        unusual=other_settings(findings),
        digits=shown_digits(findings),
        own_data=None if data is None else data[:12],
        runs=len(records),
        cells=len(cells),
        all_cells=len(RESULTS),
        fewest_seeds=min(seeds),
        most_seeds=max(seeds),
        endings={e: sum(run.ending == e for run in records) for e in ENDINGS},
        others=tuple(sorted({r.cell.method for r in findings.others}, key=rank)),
        legible=len(legible),
        judged=sum(verdict.label in JUDGED for verdict in legible),
        labels=count(verdict.label for verdict in legible),
        on_4_and_5=_on_4_and_5(findings),
        misses=tuple(_misses(findings.stated)),
        first=_first(findings),
        rose=tuple(_rose(records, methods) for methods in (ADAPTIVE, PLAIN)),
        stopping=answer if is_usual(findings) and answer.nearest else None,
        mistakes=tuple(
            check.key
            for check in checks(findings)
            if check.passes is False and check.key not in OURS_ONLY
        ),
        standing=standing(findings.pool),
        claims={
            verdict: tuple(row for own, row in rows if own == verdict)
            for verdict in VERDICT_ORDER
        },
        core_hours=sum(r.core_seconds for _, r in all_records(findings)) / 3600,
    )


def _on_4_and_5(findings):
    """Labels by rule, of the numbers that both rules judge."""
    rules = by_rule(findings)
    judged = [
        {v.key for v in own if v.label in JUDGED and v.architecture in PATIENT}
        for own in rules.values()
    ]
    both = set.intersection(*judged)
    if len(rules) < 2 or not both:
        return {}
    return {
        rule: count(verdict.label for verdict in own if verdict.key in both)
        for rule, own in rules.items()
    }


def _misses(verdicts):
    for quantity in QUANTITIES:
        outside, known = missed(verdicts, quantity)
        if known:
            p = chance_of_misses(outside, known)
            yield quantity, outside, known, (1 - LEVEL) * known, p


def _first(findings):
    cells = by_cell(findings.records)
    stops = {key: median(map(_until_stop, runs)) for key, runs in cells.items()}
    wrong = {key: 1 - median(map(_validation, runs)) for key, runs in cells.items()}
    learned = {key: findings.times(TARGETS[0])[key] for key in cells}
    return {
        "stop": first_of(stops),
        "learn": first_of(learned),
        "generalize": first_of(wrong),
    }


def _until_stop(run):
    return run.epochs if run.stopped else math.inf


def _validation(run):
    """Validation accuracy; 0 where the run diverged."""
    return run.splits["validation"]["accuracy"] if run.splits else 0.0


def first_of(values):
    """The `First` among methods, or None where there is nothing to compare.

    Args:
        values: (architecture, method) to a number, less is better.
    """
    wins, compared = {}, 0
    for architecture in ARCHITECTURES:
        own = {m: value for (a, m), value in values.items() if a == architecture}
        least = min(own.values(), default=math.inf)
        if len(own) > 1 and math.isfinite(least):
            compared += 1
            for method, value in own.items():
                wins[method] = wins.get(method, 0) + (value == least)
    if not compared:
        return None
    most = max(wins.values())
    winners = sorted((m for m, number in wins.items() if number == most), key=rank)
    return First(tuple(winners), most, compared)


def _rose(records, methods):
    runs = [record for record in records if record.cell.method in methods]
    return sum(run.ending == "rose" for run in runs), len(runs)


def standing(pool):
    """The `Standing` of a pool, or None where no published runs are in it."""
    standings = pool.standings
    known = [one for one in standings if one.seeds]
    if not known and not pool.published:
        return None
    return Standing(
        runs=len(standings),
        same=sum(one.same_bytes is True for one in standings),
        other=sum(one.same_bytes is False for one in standings),
        new=sum(one.same_bytes is None for one in standings),
        compared=len(known),
        inside=sum(one.same_bytes is True or not one.is_outside for one in known),
        published=pool.published,
    )


# Files ------------------------------------------------------------------------------


def report_files(findings, folder, figures=()):
    """Path below the output folder to bytes, of all but figures and the page.

    Args:
        findings: `Findings`.
        folder: the output folder; it is only asked whether it has the best model.
        figures: paths of the figures that REPORT.md is to show, below the folder.
    """
    made, best = tables(findings), findings.selection.best
    summary = summarize(findings)
    files = {
        REPORT: report(findings, made, summary, figures, _has_model(folder, best)),
        VERDICTS: verdicts_json(findings),
    }
    for table in made.values():
        files |= table.files()
    if best is not None:
        files[BEST_MODEL_CARD] = card(best, summary.digits)
        files[MODEL_CARD] = model_card(best, summary)
    return dict(sorted(files.items()))


def _has_model(folder, record):
    path = Path(folder) / BEST_MODEL
    if record is None or not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == record.model_sha256


def report(findings, made, summary, figures=(), has_model=False):
    """REPORT.md's bytes.

    Args:
        findings, made, summary: what it says.
        figures: paths of figures.
        has_model: whether the best model's file is in the folder.
    """
    values = {
        "findings": findings,
        "tables": made,
        "summary": summary,
        "figures": _by_place(figures),
        "has_model": has_model,
        "labels": JUDGED,
        "architectures": ARCHITECTURES,
        "hidden_units": HIDDEN_UNITS,
        "original": CONFUSION,
        "examples": EXAMPLES,
    }
    return _tidy(render("REPORT.md.j2", **values))


def _tidy(text_):
    """Its bytes, with no more than one blank line in a row and none at the ends."""
    lines = []
    for line in text_.split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return ("\n".join(lines).strip("\n") + "\n").encode()


def _by_place(figures):
    """Start of a figure's name to the paths of those figures; the others at `other`."""
    found = {place: [] for place in (*FIGURE_PLACES, "other")}
    for path in sorted(figures):
        name = Path(path).name
        place = next((p for p in FIGURE_PLACES if name.startswith(p)), "other")
        found[place].append((path, name[:-4].replace("-", " ").capitalize()))
    return found


def verdicts_json(findings):
    """`verdicts.json`: every verdict for programs; docs/verdicts-json.md has it."""
    numbers = [
        _number(verdict, rule)
        for rule, verdicts in by_rule(findings).items()
        for verdict in verdicts
        if rule == "stated" or verdict.architecture in PATIENT
    ]
    claims = [_claim(entry) for entry in findings.entries]
    records = {
        f"{STUDIES[study].folder}/{record.cell.path}".lstrip("/"): record.to_dict()[
            "sha256"
        ]
        for study, record in all_records(findings)
    }
    return _json(
        {
            "schema": SCHEMA,
            "protocol": findings.protocol.name,
            "numbers": numbers,
            "claims": claims,
            "records": dict(sorted(records.items())),
        }
    )


def _number(verdict, rule):
    return {
        "architecture": verdict.architecture,
        "method": verdict.method,
        "judged_as": verdict.judged_as,
        "quantity": verdict.quantity,
        "stopping": rule,
        "original": verdict.original,
        "n": len(verdict.values),
        "median": verdict.centre,
        "low": verdict.low,
        "high": verdict.high,
        "limit": verdict.limit if verdict.original is not None else None,
        "verdict": verdict.label,
        "reason": verdict.reason,
    }


def _claim(entry):
    row = claim(entry)
    return {
        "key": entry.key,
        "words": row["words"],
        "section": row["section"],
        "quantity": entry.quantity,
        "tested": row["tested"],
        "measured": row["measured"],
        "values": entry.finding.measured,
        "needs": entry.finding.needs,
        "p": entry.p,
        "p_holm": entry.p_holm,
        "verdict": entry.verdict,
        "reason": entry.reason,
    }


def _json(values):
    return f"{json.dumps(_plain(values), indent=1, ensure_ascii=False)}\n".encode()


def _plain(value):
    """What JSON can write: no NumPy numbers, and null for what is not finite."""
    if isinstance(value, dict):
        return {str(key): _plain(own) for key, own in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(own) for own in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def card(record, digits):
    """`best_model.json`: what the model is and what it should score."""
    values = {
        "cell": vars(record.cell),
        "digits": digits,
        "epochs": record.epochs,
        "expected": {
            split: {name: record.splits[split][name] for name in ("loss", "accuracy")}
            for split in SPLITS
        },
        "input": say("input"),
        "output": say("output", record.protocol.num_classes),
        "parameters": record.parameters,
        "protocol": record.protocol.to_dict(),
        "sha256": record.model_sha256,
    }
    text_ = json.dumps(values, indent=1, sort_keys=True, allow_nan=False)
    return f"{text_}\n".encode()


def model_card(record, summary):
    """`best_model.md`: the same for people, as a model card of Hugging Face."""
    values = {
        "record": record,
        "summary": summary,
        "units": HIDDEN_UNITS[record.cell.architecture],
        "scores": scores(record, compare=False),
        "images": {
            split: sum(map(sum, record.splits[split]["confusion"])) for split in SPLITS
        },
    }
    return _tidy(render("best_model.md.j2", **values))


# README.md --------------------------------------------------------------------------


BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def renewed(text_, findings):
    """The README's text with its generated blocks as the findings have them.

    Raises:
        UserError: a block whose name is not known.
    """
    blocks = readme_blocks(findings)

    def replace(match):
        if match[2] not in blocks:
            raise UserError(
                f"README.md: unknown generated block {match[2]!r}: expected one of "
                f"{', '.join(blocks)}"
            )
        return f"{match[1]}{blocks[match[2]]}\n{match[3]}"

    return BLOCK.sub(replace, text_)


def readme_blocks(findings):
    """Name to the Markdown of each generated block of README.md."""
    return {
        "results": _readme("results", *_result_tables(findings)),
        "cost": _readme("cost", *_cost_tables(findings)),
        "speed": _speed_table(),
    }


def _readme(block, *made):
    return _tidy(render("readme.md.j2", block=block, tables=made)).decode().rstrip()


def _result_tables(findings):
    cells = by_cell(findings.records)
    for quantity, write in (
        ("epochs", lambda value: text.count(value)),
        ("validation_accuracy", lambda value: text.percent(value)[:-2]),
    ):
        rows = []
        for method, settings in METHODS.items():
            row = {"method": settings.label}
            for architecture in ARCHITECTURES:
                runs = cells.get((architecture, method), [])
                values = _values(runs, quantity)
                ours = median(values) if values else None
                if values:
                    shown = f"**{write(ours)}**"
                else:
                    shown = say("accuracy", "", len(runs)) if runs else text.MISSING
                printed = getattr(RESULTS[architecture, method], quantity)
                other = "?" if printed is None else write(printed)
                row[f"architecture_{architecture}"] = Cell(
                    ours, say("ours_and_original", shown, other)
                )
            rows.append(row)
        yield Table(quantity, "", _by_architecture("Method"), tuple(rows))


def _values(runs, quantity):
    if quantity == "epochs":
        return [_until_stop(run) for run in runs]
    return [_validation(run) for run in runs if run.splits]


def _by_architecture(title):
    return (
        Column("method", title),
        *(
            Column(f"architecture_{number}", f"Architecture {number}", "count")
            for number in ARCHITECTURES
        ),
    )


def _cost_tables(findings):
    commands = [("reproduce", ARCHITECTURES)]
    commands += [(f"arch{number}", (number,)) for number in ARCHITECTURES]
    yield Table(
        "plans",
        "",
        (Column("command", "Command"), Column("seconds", "h:mm:ss", "clock")),
        tuple(
            {"command": f"`make {name}`", "seconds": seconds_of_a_seed(architectures)}
            for name, architectures in commands
        ),
    )
    seeds = {}
    for record in findings.records:
        seeds.setdefault(record.cell.seed, []).append(record.core_seconds)
    yield Table(
        "seeds",
        "",
        (
            Column("seed", "Seed", "count"),
            Column("cells", "Cells", "count"),
            Column("hours", "Core hours", "decimal"),
        ),
        tuple(
            {"seed": seed, "cells": len(own), "hours": sum(own) / 3600}
            for seed, own in sorted(seeds.items())
        ),
    )


def seconds_of_a_seed(architectures, jobs=2):
    """Expected seconds of one seed of these architectures' cells, on so many cores."""
    costs = [expected_seconds(cell, Protocol()) for cell in grid(architectures)]
    return makespan(sorted(costs, reverse=True), jobs)


def _speed_table():
    """The engine beside stock `fit`, from the committed measurements."""
    if not MEASURED.is_file():
        return phrase("words.j2", "not_measured")
    with open(MEASURED, newline="", encoding="utf-8") as file:
        rows = {(int(r["architecture"]), r["method"]): r for r in csv.DictReader(file)}
    columns, shown = [Column("method", "Method")], (1, 4)
    for number in shown:
        columns += [
            Column(f"engine_{number}", f"Architecture {number}: µs", "seconds"),
            Column(f"fit_{number}", "stock `fit`", "count"),
            Column(f"ratio_{number}", "ratio", "count"),
        ]
    lines = []
    for method, settings in METHODS.items():
        if not settings.full_batch:
            line = {"method": settings.label}
            for number in shown:
                row = rows[number, method]
                fit, ratio = round(float(row["fit_us"])), round(float(row["ratio"]))
                line |= {
                    f"engine_{number}": float(row["engine_us"]),
                    f"fit_{number}": fit,
                    f"ratio_{number}": Cell(ratio, f"{text.count(ratio)}×"),
                }
            lines.append(line)
    return Table("speed", "", tuple(columns), tuple(lines)).markdown()
