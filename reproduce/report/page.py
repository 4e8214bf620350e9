"""REPORT.md: the answer first, then each architecture, the best model, the settings.

Every number here is computed from the records or read from `reproduce.reported`.
"""

from collections import Counter

from reproduce import reported
from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.records import STATUSES

from . import best, ledger_words, sections, settings, verdict_words
from .confusion import reported_name
from .markdown import fraction, listed, plural
from .verdict_tables import differing

STATUS_WORDS = {
    "converged": "converged",
    "epoch_limit": "reached the limit of epochs",
    "diverged": "diverged",
}


def page(findings):
    """The page's bytes."""
    parts = [
        "# Seven optimizers on five digits: rerun and report",
        _opening(findings),
        "## Claims of the report",
        ledger_words.short(findings.entries),
        "## What the report leaves unsaid",
        *sections.unsaid(findings),
        "## The report checked against itself",
        findings.tables["internal-checks"].body(),
        *(sections.architecture(findings, number) for number in ARCHITECTURES),
        sections.best_model(findings),
        settings.data_and_protocol(findings.records),
        "## What the runs cost",
        findings.tables["cost"].body(),
        settings.provenance(findings.records),
        sections.files(findings),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _opening(findings):
    parts = [
        verdict_words.opening(findings.verdicts),
        verdict_words.counts_table(findings.verdicts),
        verdict_words.closeness(findings.verdicts),
        " ".join(verdict_words.misses_sentences(findings.verdicts)),
        differing(findings.verdicts),
        ledger_words.counts_sentence(findings.entries),
        findings.unsaid,
        _what_ran(findings),
        _best_sentence(findings.selection),
    ]
    if findings.invalid:
        files = plural(findings.invalid, "file")
        parts.insert(0, f"**Left out: {files} not holding a valid record.**")
    return "\n\n".join(part for part in parts if part)


def _what_ran(findings):
    records, cells = findings.records, [row for row in findings.rows if row.runs]
    seeds = sorted({record.cell.seed for record in records})
    found = Counter(record.status for record in records)
    outcomes = [
        f"{found[status]} {STATUS_WORDS[status]}"
        for status in STATUSES
        if found[status]
    ]
    return (
        f"{len(cells)} of the report's {len(findings.rows)} combinations of "
        f"architecture and method were trained, with "
        f"{'seed' if len(seeds) == 1 else 'seeds'} {listed(list(map(str, seeds)))}: "
        f"{plural(len(records), 'run')}, of which {listed(outcomes)}. "
        f"{settings.protocol_sentence(findings.protocol)}"
    )


def _best_sentence(selection):
    record = selection.winner
    if record is None:
        return "No run converged, so there is no best model."
    validation, test = (record.splits[split] for split in ("validation", "test"))
    printed = reported.CONFUSION["splits"]
    return (
        f"Best model by the report's criteria: **{best.name(record)}**, validation "
        f"accuracy {fraction(validation['accuracy'])}, test accuracy "
        f"{fraction(test['accuracy'])}. The report's ({reported_name()}): "
        f"{fraction(printed['validation']['accuracy'])} and "
        f"{fraction(printed['test']['accuracy'])}."
    )
