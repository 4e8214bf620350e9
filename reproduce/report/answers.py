"""The opening of the page: the answer, for a reader holding the report."""

from collections import Counter

from reproduce import original
from reproduce.experiment.stopping import ENDINGS

from . import best, ledger_words, settings, sweeps, verdict_words
from .confusion import reported_name
from .internal import failures
from .markdown import fraction, listed, plural
from .ranking import unsaid_sentence
from .statistics import of_report
from .verdict_tables import differing_words

UNCOMPARED = (
    "No candidate settings were compared yet (`python -m reproduce run --study all`)."
)


def opening(findings):
    """Warnings, the two answers, what stands behind them, and what was run."""
    answers = [
        verdict_words.opening(findings.verdicts),
        ledger_words.counts_sentence(findings.entries),
    ]
    parts = [
        *_warnings(findings),
        " ".join(answers),
        "\n".join(f"- **{head}** {words}" for head, words in _points(findings)),
        _what_ran(findings),
        _best_sentence(findings.selection),
    ]
    return "\n\n".join(part for part in parts if part)


def _warnings(findings):
    if findings.limits:
        yield (
            f"**These runs were {findings.limits}. They neither bear out nor "
            "contradict the report.**"
        )
    if findings.invalid:
        files = plural(findings.invalid, "file")
        yield f"**Left out: {files} not holding a valid record.**"
    for folder, count in findings.strays.items():
        yield (
            f"**Left out: {plural(count, 'record')} in {folder}/, run under other "
            "settings than that folder is for.**"
        )


def _points(findings):
    """(head, words) of what the opening lists; only what there is."""
    unsaid = "" if findings.limits else UNCOMPARED
    points = [
        ("Not as printed:", differing_words(findings.verdicts)),
        ("Claims that hold:", ledger_words.standing(findings.entries)),
        (
            "Claims that do not, and what was found:",
            ledger_words.fallen(findings.entries),
        ),
        (
            "What the report left unsaid, and what explains its numbers.",
            unsaid_sentence(findings.readings) or unsaid,
        ),
        ("Mistakes in the report itself:", f"{'; '.join(failures())}."),
        ("Past the point where the criterion ends a run.", findings.past),
        ("One learning rate for all.", sweeps.sentence(findings.sweeps)),
    ]
    return [(head, words) for head, words in points if words]


def _what_ran(findings):
    records = of_report(findings.records)
    if not records:
        return "None of the report's methods was run."
    cells = [row for row in findings.rows if row.runs]
    seeds = sorted({record.cell.seed for record in records})
    found = Counter(record.ending for record in records)
    outcomes = [
        f"{found[ending]} ended because {words}"
        for ending, words in ENDINGS.items()
        if found[ending]
    ]
    some = (
        "All" if len(cells) == len(findings.rows) else f"{len(cells)} of the report's"
    )
    return (
        f"{some} {len(findings.rows)} combinations of architecture and method were "
        "trained, with "
        f"{'seed' if len(seeds) == 1 else 'seeds'} {listed(list(map(str, seeds)))}: "
        f"{plural(len(records), 'run')}, of which {listed(outcomes)}. "
        f"{settings.protocol_sentence(findings.protocol)}"
    )


def _best_sentence(selection):
    record = selection.winner
    if record is None:
        return "The criterion ended no run, so there is no best model."
    validation, test = (record.splits[split] for split in ("validation", "test"))
    printed = original.CONFUSION["splits"]
    return (
        f"Best model by the report's criteria: **{best.name(record)}**, validation "
        f"accuracy {fraction(validation['accuracy'])}, test accuracy "
        f"{fraction(test['accuracy'])}. The report's ({reported_name()}): "
        f"{fraction(printed['validation']['accuracy'])} and "
        f"{fraction(printed['test']['accuracy'])}."
    )
