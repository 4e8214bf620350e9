"""Write everything an output folder's records have to say, in seconds."""

from reproduce.experiment.store import Store, write_atomically

from . import export, sweeps
from .artifacts import figures, table_files, tables
from .findings import find
from .manifest import MANIFEST, manifest
from .model_card import model_card
from .page import page

OWN = (
    "tables/architecture-*",
    "tables/confusion-*",
    "figures/architecture-*.png",
    "figures/confusion-*.png",
    "figures/paths.png",
    "figures/protocol.png",
    export.CARD,
    export.MODEL_CARD,
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
    findings = find(store)
    winner = findings.selection.winner
    made, files = tables(findings), figures(findings)
    drawn = {name.removeprefix("figures/") for name in files}
    model_there = export.export_model(store, winner)
    for table in made.values():
        files |= table_files(table)
    if winner:
        files[export.CARD] = export.card(winner)
        files[export.MODEL_CARD] = model_card(winner)
    files |= sweeps.files(findings.sweeps)
    files["REPORT.md"] = page(findings, made, drawn, model_there)
    files["report.html"] = _webpage(findings, files, store.folder, model_there)
    files[MANIFEST] = manifest(store.folder, files)
    _write(store.folder, files)
    models = [export.MODEL] if model_there else []
    return sorted(store.folder / name for name in [*files, *models])


def _webpage(findings, files, folder, model_there):
    from reproduce.webpage.document import page as webpage  # it is built on this

    return webpage(findings, files, folder, model_there)


def _write(folder, files):
    for name, content in sorted(files.items()):
        write_atomically(folder / name, content)
    for pattern in OWN:
        for path in folder.glob(pattern):
            if path.relative_to(folder).as_posix() not in files:
                path.unlink()
