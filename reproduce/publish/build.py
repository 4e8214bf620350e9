"""Write everything that an output folder's records have to say, in seconds."""

import hashlib
import json
from pathlib import Path

from reproduce.analysis.findings import find
from reproduce.experiment.store import write_atomically

MODEL, MANIFEST = "best_model.keras", "manifest.json"
RECORDS = ("runs/arch*/*/seed-*.json", "studies/*/runs/arch*/*/seed-*.json")
PUBLISHED = Path(__file__).parents[2] / "results" / "reference"
MADE = ("tables/*", "figures/*.png", "best_model.json", "best_model.md")
# … patterns of what an earlier build may have left


def build(folder, published=PUBLISHED):
    """Rebuild tables, figures, REPORT.md and the page from the folder's records.

    The same records give the same bytes. Files of an earlier build that no longer
    belong are removed; nothing else in the folder is touched.

    Args:
        folder: an output folder, holding `runs/arch<k>/<method>/seed-<s>.json`.
        published: the folder whose records are pooled with it; None: none.

    Returns:
        Sorted paths of all files of the report. `best_model.keras` is among them
        only if the best run's trained model was at hand.

    Raises:
        UserError: no records, or records of more than one protocol.
    """
    from .figures import figures
    from .files import report_files
    from .page import page
    from .tables import tables

    folder = Path(folder)
    findings = find(folder, _other(published, folder))
    model = _place_model(folder, published, findings.selection.best)
    drawn = figures(findings, folder)
    files = report_files(findings, folder, drawn) | drawn
    files["report.html"] = page(findings, tables(findings), folder)
    files[MANIFEST] = _manifest(folder, files)
    for name, content in sorted(files.items()):
        write_atomically(folder / name, content)
    for path in (path for pattern in MADE for path in folder.glob(pattern)):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    return sorted(folder / name for name in [*files, *([MODEL] if model else [])])


def _other(published, folder):
    """The published folder, unless it is this one or is not there."""
    if published is None or not Path(published).is_dir():
        return None
    return None if Path(published).samefile(folder) else Path(published)


def _place_model(folder, published, record):
    """Put the best run's model where it is found; return whether it is there.

    It is beside its record, where it was placed before, or among the published ones;
    a file of another model is left alone.
    """
    if record is None:
        return False
    beside = folder / record.cell.path
    places = [beside.with_suffix(".keras"), folder / MODEL]
    places += [Path(published) / MODEL] if published else []
    for path in places:
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == record.model_sha256:
            if path != folder / MODEL:
                write_atomically(folder / MODEL, content)
            return True
    return False


def _manifest(folder, files):
    """What the report was made from and what was made, by SHA-256."""
    records = sorted({path for pattern in RECORDS for path in folder.glob(pattern)})
    values = {
        "records": {
            path.relative_to(folder).as_posix(): _sha256(path.read_bytes())
            for path in records
        },
        "made": {name: _sha256(content) for name, content in sorted(files.items())},
    }
    return f"{json.dumps(values, indent=0)}\n".encode()


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
