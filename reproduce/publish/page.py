"""report.html: the report as one page to explore, which loads and sends nothing."""

import base64
import hashlib
import json
import math
from pathlib import Path
from statistics import median

from markupsafe import Markup

from reproduce.analysis.candidates import QUESTIONS
from reproduce.analysis.sampling import most_drawn
from reproduce.analysis.speed import by_cell
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.record import SPLITS
from reproduce.original import CONFUSION, HIDDEN_UNITS, RESULTS

from . import page_data as values
from .figures import read_paths
from .page_model import read_model
from .rendering import render
from .summary import summarize

STATIC = Path(__file__).with_name("static")
STYLES = ("base", "grid", "chart", "cell", "claims", "tables", "confusion", "drawing")
STYLES += ("race", "print")
SCRIPTS = ("format", "theme", "roving", "scales", "chart", "address", "grid", "curves")
SCRIPTS += (
    "cell",
    "rates",
    "race",
    "claims",
    "tables",
    "confusion",
    "centring",
    "ink",
    "familiar",
    "network",
    "drawing",
)
SCRIPTS += ("main",)
LEVELS = 10  # of the scale of a matrix, in CSS
POWER = 0.4  # so that a few errors are seen beside hundreds
SWITCH = "stopping-on-4-and-5"  # the question that architectures 4 and 5 raise


def page(findings, tables, folder=None):
    """The bytes of report.html.

    Args:
        findings: `analysis.findings.Findings`.
        tables: name to `Table`; those that are there are shown in the appendix, each
            with its CSV to download.
        folder: the output folder, for `best_model.keras` (used if its SHA-256 is the
            best run's), `data.npz` and `paths/paths.json`; None: none of them.
    """
    digits = values.digits_of(findings)
    model = read_model(findings.selection.best, folder, digits)
    methods = values.methods_of(findings)
    style = _joined(STYLES, "css") + values.method_styles(methods)
    scripts = [_read(f"{name}.js") for name in SCRIPTS]
    words = render("page_words.j2", digits=digits)
    paths = read_paths(folder, findings.protocol) if folder else None
    data = values.page_data(findings, model, tables, paths)
    content = render(
        "page.html.j2",
        **_facts(findings, tables, model, digits, methods),
        paths=paths,
        policy=_policy(style, scripts),
        style=Markup(style),
        scripts=[Markup(script) for script in scripts],
        data=Markup(embedded(data)),
        words=Markup(embedded(json.loads(words))),
        weights=Markup(model.network.base64() if model.network else ""),
    )
    return content.encode()


def _facts(findings, tables, model, digits, methods):
    """What the sentences are about."""
    runs = by_cell([*findings.records, *findings.custom_records])
    return {
        "summary": summarize(findings),
        "findings": findings,
        "protocol": findings.protocol,
        "tables": tables,
        "most_drawn": most_drawn(values.shown_runs(findings)),
        "digits": digits,
        "methods": [
            {"key": key, "label": METHODS[key].label, "custom": key not in METHODS}
            for key in methods
        ],
        "architectures": ARCHITECTURES,
        "units": HIDDEN_UNITS,
        "runs": runs,
        "results": RESULTS,
        "stated": {verdict.key: verdict for verdict in findings.stated},
        "answer": next((a for a in findings.answers if a.question.key == SWITCH), None),
        "questions": QUESTIONS,
        "claims": values.claims(findings),
        "claim_order": values.ORDER,
        "cell_name": values.cell_name,
        "labels": {key: METHODS[key].label for key in methods},
        "slugged": lambda words: words.lower().replace(" ", "-"),
        "centre": lambda runs: median(run.epochs_to_stop for run in runs),
        "is_infinite": math.isinf,
        "mostly_diverged": values.mostly_diverged,
        "model": model,
        "matrices": _matrices(model, digits),
        "choice": CONFUSION,
    }


def _matrices(model, digits):
    """The best run's matrices beside the original's, the validation images first."""
    if model.record is None:
        return []
    mistaken, matrices = model.mistaken, []
    for split in (SPLITS[1], SPLITS[2], SPLITS[0]):
        ours = model.record.splits[split]
        printed = values.original_matrix(split)
        matrices.append(
            {
                "split": split,
                "ours": _matrix(
                    {(i, j): ours["confusion"][i][j] for i in digits for j in digits},
                    digits,
                    mistaken.get(split, {}),
                ),
                "accuracy": ours["accuracy"],
                "outside": _outside(ours["confusion"], digits),
                "original": _matrix(printed, CONFUSION["digits"], {}),
                "original_accuracy": CONFUSION["splits"][split]["accuracy"],
            }
        )
    return matrices


def _outside(matrix, digits):
    return sum(map(sum, matrix)) - sum(matrix[i][j] for i in digits for j in digits)


def _matrix(numbers, digits, mistaken):
    """Rows of cells: the number, its shade, and how many images it can show."""
    rows = []
    for true in digits:
        counts = [numbers[true, predicted] for predicted in digits]
        rows.append(
            {
                "true": true,
                "cells": [
                    {
                        "predicted": predicted,
                        "count": count,
                        "level": _level(count, sum(counts)),
                        "images": len(mistaken.get((true, predicted), ())),
                    }
                    for predicted, count in zip(digits, counts, strict=True)
                ],
            }
        )
    return rows


def _level(count, total):
    if not count:
        return 0
    return max(1, round(LEVELS * (count / max(1, total)) ** POWER))


def _read(name):
    return "\n" + (STATIC / name).read_text(encoding="utf-8")


def _joined(names, suffix):
    return "\n".join(_read(f"{name}.{suffix}") for name in names)


def _policy(style, scripts):
    """Nothing may be loaded and nothing run but what is written here."""
    allowed = " ".join(map(_hash, scripts))
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; "
        f"script-src {allowed}; base-uri 'none'; form-action 'none'"
    )


def _hash(source):
    digest = hashlib.sha256(source.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def embedded(data):
    """JSON that cannot end the element it stands in."""
    content = json.dumps(
        data,
        separators=(",", ":"),
        sort_keys=True,
        allow_nan=False,
        ensure_ascii=False,
    )
    return content.replace("<", "\\u003c")
