"""Write everything an output folder's records have to say, in seconds."""

from reproduce.errors import UserError
from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.records import SPLITS, Store, write_atomically

from . import export
from .best import best_table, select
from .candidate_figure import candidate_figure
from .candidates import cells_table, protocol_table, unsaid_sentence
from .comparison import comparison_table
from .confusion import confusion_table
from .cost import cost_table
from .evidence import gather
from .figures import architecture_figure, drawable, method_figure, png
from .heatmaps import confusion_figure
from .hyperparameters import hyperparameters_table
from .internal import internal_table
from .ledger import ledger, ledger_table
from .page import page
from .readings import readings_frame
from .sections import Findings
from .statistics import compare
from .tables import runs_table, summary_table
from .verdict_tables import verdicts_table
from .verdicts import judge

OWN = (
    "tables/architecture-*",
    "tables/confusion-*",
    "figures/architecture-*.png",
    "figures/confusion-*.png",
    export.CARD,
)  # patterns of what an earlier build may have left


def build(folder):
    """Rebuild tables, figures and REPORT.md from the folder's records.

    The same records give the same bytes. Files of an earlier build that no longer
    belong are removed; nothing else in the folder is touched.

    Args:
        folder: an output folder, holding `runs/arch<k>/<method>/seed-<s>.json`.

    Returns:
        Sorted paths of all files of the report. `best_model.keras` is among them
        only if the best run's trained model was at hand.

    Raises:
        UserError: no records, or records of more than one protocol.
    """
    store = Store(folder)
    records = store.load()
    _check(records, folder)
    rows, selection = compare(records), select(records)
    entries, verdicts = ledger(gather(records, _extras(store))), judge(rows)
    tables = {table.name: table for table in _tables(records, rows, selection)}
    readings = readings_frame(store.folder)
    for table in (
        internal_table(),
        ledger_table(entries),
        verdicts_table(verdicts),
        protocol_table(readings),
        cells_table(readings),
    ):
        tables[table.name] = table
    files = dict(_figures(rows, records[0].protocol, selection.winner))
    if readings["candidate"].nunique() > 1:
        files["figures/protocol.png"] = png(candidate_figure, readings)
    figures = {name.removeprefix("figures/") for name in files}
    there = export.export_model(store, selection.winner)
    invalid = len(list(store.folder.glob("runs/arch*/*/seed-*.json"))) - len(records)
    unsaid = unsaid_sentence(readings)
    findings = Findings(
        records, invalid, rows, verdicts, entries, selection, tables, figures, there,
        unsaid,
    )  # fmt: skip
    for table in tables.values():
        files |= _table_files(table)
    if selection.winner:
        files[export.CARD] = export.card(selection.winner)
    files["REPORT.md"] = page(findings)
    _write(store.folder, files)
    return sorted(store.folder / name for name in [*files, *[export.MODEL] * there])


def _check(records, folder):
    if not records:
        raise UserError(
            f"{folder}: no records found (runs/arch<k>/<method>/seed-<s>.json). "
            "Run some cells first, or name the folder they are in."
        )
    names = {record.protocol: record.protocol.name for record in records}
    if len(names) > 1:
        raise UserError(
            f"{folder}: records of {len(names)} different protocols "
            f"({', '.join(sorted(names.values()))}); expected one a folder. "
            "Move the others to a folder of their own."
        )


def _extras(store):
    """Records of the extra experiments, each an output folder in this one."""
    folders = {path.name: Store(path).load() for path in store.folder.glob("*/")}
    return {name: records for name, records in sorted(folders.items()) if records}


def _tables(records, rows, selection):
    protocol = records[0].protocol
    for number in ARCHITECTURES:
        own = [record for record in records if record.cell.architecture == number]
        yield summary_table(number, own, protocol)
        yield hyperparameters_table(number, protocol)
        yield comparison_table(
            number, [row for row in rows if row.architecture == number], protocol
        )
    yield runs_table(records)
    yield cost_table(rows, protocol)
    yield best_table(selection)
    if selection.winner:
        for split in SPLITS:
            yield confusion_table(split, selection.winner)


def _table_files(table):
    files = {f"tables/{table.name}.csv": table.csv()}
    if table.header:
        files[f"tables/{table.name}.md"] = table.markdown()
    return files


def _figures(rows, protocol, winner):
    for number in ARCHITECTURES:
        own = [row for row in rows if row.architecture == number and drawable(row)]
        for row in own:
            name = f"figures/architecture-{number}-{row.method}.png"
            yield name, png(method_figure, row, protocol)
        if own:
            name = f"figures/architecture-{number}-all.png"
            yield name, png(architecture_figure, own)
    for split in SPLITS if winner else ():
        yield f"figures/confusion-{split}.png", png(confusion_figure, split, winner)


def _write(folder, files):
    for name, content in sorted(files.items()):
        write_atomically(folder / name, content)
    for pattern in OWN:
        for path in folder.glob(pattern):
            if path.relative_to(folder).as_posix() not in files:
                path.unlink()
