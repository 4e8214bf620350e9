"""The report's files but figures and page: REPORT.md, tables, JSON and model card."""

import hashlib
import json
import math
import re
from pathlib import Path
from statistics import fmean, median

from reproduce.analysis.findings import PATIENT
from reproduce.analysis.speed import by_cell
from reproduce.analysis.verdicts import JUDGED
from reproduce.errors import UserError
from reproduce.experiment.costs import MEASURED, expected_seconds, makespan
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES, Protocol, grid
from reproduce.experiment.record import SPLITS
from reproduce.experiment.store import BEST_MODEL, BEST_MODEL_CARD
from reproduce.experiment.studies import STUDIES
from reproduce.original import CONFUSION, EXAMPLES, HIDDEN_UNITS, RESULTS

from . import speed, text
from .original_tables import by_rule, claim
from .rendering import render
from .run_tables import all_records, scores
from .summary import summarize
from .table import Cell, Column, Table, say
from .tables import tables

SCHEMA = 1  # of verdicts.json
MODEL_CARD = "best_model.md"
VERDICTS, REPORT = "verdicts.json", "REPORT.md"


# Files ------------------------------------------------------------------------------


def report_files(findings, folder, figures=None):
    """Path below the output folder to bytes, of all but figures and the page.

    Args:
        findings: `Findings`.
        folder: the output folder; it is only asked whether it has the best model.
        figures: path below the folder to title, of what REPORT.md is to show.
    """
    by_name, best = tables(findings), findings.selection.best
    summary = summarize(findings)
    files = {
        REPORT: report(findings, by_name, summary, figures, _has_model(folder, best)),
        VERDICTS: verdicts_json(findings),
    }
    for table in by_name.values():
        files |= table.files()
    if best is not None:
        files[BEST_MODEL_CARD] = card(best)
        files[MODEL_CARD] = model_card(best, summary)
    return dict(sorted(files.items()))


def _has_model(folder, record):
    path = Path(folder) / BEST_MODEL
    if record is None or not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == record.model_sha256


def report(findings, tables_by_name, summary, figures=None, has_model=False):
    """REPORT.md's bytes.

    Args:
        findings, tables_by_name, summary: what it says.
        figures: path to title.
        has_model: whether the best model's file is in the folder.
    """
    values = {
        "findings": findings,
        "tables": tables_by_name,
        "summary": summary,
        "figures": figures or {},
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
        f"{STUDIES[study].folder}/{record.cell.path}".lstrip("/"): record.sha256
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
        "mean": fmean(verdict.values) if verdict.values else None,
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
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def card(record):
    """`best_model.json`: what the model is and what it should score."""
    values = {
        "cell": vars(record.cell),
        "digits": record.digits,
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
    facts = {"summary": summarize(findings), "left_out": findings.left_out}
    return {
        "findings": _readme("findings", **facts),
        "results": _readme("results", tables=[*_result_tables(findings)]),
        "cost": _readme(
            "cost", tables=[_plans()], hours=_hours(findings), runs=findings.records
        ),
        "speed": speed.readme(speed.read(MEASURED)),
    }


def _readme(block, **values):
    return _tidy(render("readme.md.j2", block=block, **values)).decode().rstrip()


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
                original = "?" if printed is None else write(printed)
                row[f"architecture_{architecture}"] = Cell(
                    ours, say("ours_and_original", shown, original), is_markdown=True
                )
            rows.append(row)
        yield Table(quantity, "", _by_architecture("Method"), tuple(rows))


def _values(runs, quantity):
    if quantity == "epochs":
        return [run.epochs_to_stop for run in runs]
    return [run.splits["validation"]["accuracy"] for run in runs if run.splits]


def _by_architecture(title):
    return (
        Column("method", title),
        *(
            Column(f"architecture_{number}", f"Architecture {number}", "count")
            for number in ARCHITECTURES
        ),
    )


def _plans():
    commands = [("reproduce", ARCHITECTURES)]
    commands += [(f"arch{number}", (number,)) for number in ARCHITECTURES]
    return Table(
        "plans",
        "",
        (Column("command", "Command"), Column("seconds", "h:mm:ss", "clock")),
        tuple(
            {
                "command": Cell(name, f"`make {name}`", is_markdown=True),
                "seconds": seconds_of_a_seed(architectures),
            }
            for name, architectures in commands
        ),
    )


def _hours(findings):
    return sum(record.core_seconds for record in findings.records) / 3600


def seconds_of_a_seed(architectures, jobs=2):
    """Expected seconds of one seed of these architectures' cells, on so many cores."""
    costs = [expected_seconds(cell, Protocol()) for cell in grid(architectures)]
    return makespan(sorted(costs, reverse=True), jobs)
