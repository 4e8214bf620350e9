"""REPORT.md: the answer first, then each architecture, the best model, the settings.

Every number here is computed from the records or read from `reproduce.reported`.
"""

from reproduce.experiment.protocol import ARCHITECTURES

from . import ledger_words, paths, sections, settings, sweeps, verdict_words
from .answers import opening
from .best_section import best_model
from .ledger_table import DEPENDENCE


def page(findings, tables, figures, model_there):
    """The page's bytes.

    Args:
        findings: `Findings`.
        tables: `Table` by name.
        figures: figures' file names, without their folder.
        model_there: whether `best_model.keras` is the best run's model.
    """
    parts = [
        "# Seven optimizers on five digits: does the report hold?",
        opening(findings),
        "## Numbers of the report",
        *_numbers(findings.verdicts),
        "## Claims of the report",
        ledger_words.short(findings.entries),
        DEPENDENCE,
        "## What the report leaves unsaid",
        *sections.unsaid(tables, figures),
        "## The report checked against itself",
        tables["internal-checks"].body(),
        *(sections.architecture(findings, tables, figures, n) for n in ARCHITECTURES),
        sweeps.section(findings.sweeps),
        paths.section(findings.paths),
        best_model(findings, tables, model_there),
        settings.data_and_protocol(findings.records),
        "## What the runs cost",
        tables["cost"].body(),
        settings.provenance(findings.records),
        sections.files(tables),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode()


def _numbers(verdicts):
    return [
        verdict_words.counts_table(verdicts),
        verdict_words.closeness(verdicts),
        " ".join(verdict_words.misses_sentences(verdicts)),
        verdict_words.rule(),
    ]
