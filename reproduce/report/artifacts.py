"""The tables and figures that findings consist of."""

from reproduce.experiment.methods import slug
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.record import SPLITS

from .best import best_table
from .candidate_figure import candidate_figure
from .candidates import cells_table, protocol_table
from .comparison import comparison_table
from .confusion import confusion_table, stem
from .cost import cost_table
from .figures import architecture_figure, drawable, method_figure, png
from .heatmaps import confusion_figure
from .hyperparameters import hyperparameters_table
from .internal import internal_table
from .ledger_table import ledger_table
from .pair_tables import pairs_table
from .paths import FIGURE
from .paths_figure import still
from .sentences import sentences_table
from .tables import runs_table, summary_table
from .verdict_tables import verdicts_table


def tables(findings):
    """Every table but the claims' own inputs, by name."""
    made = [*_of_architectures(findings), *_of_the_whole(findings)]
    return {table.name: table for table in made}


def _of_architectures(findings):
    records, protocol = findings.records, findings.protocol
    for number in ARCHITECTURES:
        own = [record for record in records if record.cell.architecture == number]
        yield summary_table(number, own, protocol)
        yield hyperparameters_table(number, protocol)
        yield comparison_table(number, findings.of(number), protocol)


def _of_the_whole(findings):
    yield runs_table(findings.records)
    yield cost_table([*findings.rows, *findings.others], findings.protocol)
    yield best_table(findings.selection)
    for split, record, is_choice in _confused(findings):
        yield confusion_table(split, record, is_choice)
    yield internal_table(findings.records)
    yield ledger_table(findings.entries)
    yield sentences_table(findings.entries)
    yield pairs_table(findings.pairs, findings.limits)
    yield verdicts_table(findings.verdicts)
    yield protocol_table(findings.readings)
    yield cells_table(findings.readings)


def _confused(findings):
    """Split, record and whether it is the report's choice, of each matrix shown."""
    for record in (findings.selection.winner, findings.choice):
        for split in SPLITS if record else ():
            yield split, record, record is findings.choice


def table_files(table):
    """{path: bytes} of one table."""
    files = {f"tables/{table.name}.csv": table.csv()}
    if table.header:
        files[f"tables/{table.name}.md"] = table.markdown()
    return files


def figures(findings):
    """{path: bytes} of every figure."""
    files = {}
    for number in ARCHITECTURES:
        rows = [row for row in findings.of(number) if drawable(row)]
        files |= _curves(number, rows, findings)
    for split, record, is_choice in _confused(findings):
        name = f"figures/{stem(split, is_choice)}.png"
        files[name] = png(confusion_figure, split, record)
    if findings.paths:
        files[FIGURE] = still(findings.paths)
    if findings.readings["candidate"].nunique() > 1:
        files["figures/protocol.png"] = png(candidate_figure, findings.readings)
    return files


def _curves(number, rows, findings):
    start = f"figures/architecture-{number}"
    files = {
        f"{start}-{slug(row.method)}.png": png(method_figure, row, findings.protocol)
        for row in rows
    }
    return files | (
        {f"{start}-all.png": png(architecture_figure, rows)} if rows else {}
    )
