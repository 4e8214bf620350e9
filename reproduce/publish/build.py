"""Write everything that an output folder's records have to say, in seconds."""

import hashlib
import json
from pathlib import Path

from reproduce.analysis.findings import find, swept
from reproduce.analysis.sweeps import gather
from reproduce.analysis.verdicts import judge
from reproduce.analysis.verification import judged, turned
from reproduce.cleaning import MANIFEST, last_report
from reproduce.errors import UserError
from reproduce.experiment.store import BEST_MODEL, Store
from reproduce.experiment.studies import STUDY_FOLDER
from reproduce.files import read_regular, write_atomically
from reproduce.published import PUBLISHED

from .rendering import phrase


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
    findings = find(folder, _published_folder(published, folder))
    model = _place_model(folder, published, findings.selection.best)
    drawn = figures(findings, folder)
    files = {path: content for path, (_, content) in drawn.items()}
    titles = {path: title for path, (title, _) in drawn.items()}
    files |= report_files(findings, folder, titles)
    files["report.html"] = page(findings, tables(findings), folder)
    files[MANIFEST] = _manifest(folder, files)
    earlier = last_report(folder)
    for name, content in sorted(files.items()):
        write_atomically(folder / name, content)
    for name in earlier - files.keys():
        (folder / name).unlink()
    return sorted(folder / name for name in [*files, *([BEST_MODEL] if model else [])])


def build_sweep(folder, architecture, published=PUBLISHED):
    """Write the table and the figure of one architecture's sweep, as `build` would.

    Args:
        folder: an output folder; the lines are about the methods of its records.
        architecture: 1 to 5.
        published: as for `build`.

    Returns:
        Lines to print: the best rate of each of these methods, then the files.
    """
    from .figures import sweep_figures
    from .setting_tables import sweep_table

    folder = Path(folder)
    sweeps = gather(swept(folder, _published_folder(published, folder)))
    sweeps = [sweep for sweep in sweeps if sweep.architecture == architecture]
    methods = {
        line.method
        for sweep in gather(swept(folder))
        for line in sweep.lines
        if sweep.architecture == architecture
    }
    files = {path: content for path, (_, content) in sweep_figures(sweeps).items()}
    for table in map(sweep_table, sweeps):
        files |= table.files()
    for name, content in files.items():
        write_atomically(folder / name, content)
    lines = [line for sweep in sweeps for line in sweep.lines if line.method in methods]
    return [
        *(phrase("terminal.j2", "best_rate", line) for line in lines),
        *(str(folder / name) for name in files),
    ]


def compared(folder, against):
    """The folder's records held against the published ones, alone and pooled.

    Args:
        folder: an output folder.
        against: the folder with the published records.

    Returns:
        Lines to print, and whether a published verdict turned for the worse.

    Raises:
        UserError: the folder has no records, or records of more than one protocol.
    """
    from .summary import standing

    findings = find(folder, _published_folder(against, Path(folder)))
    published = [r for r in Store(against).load() if r.protocol == findings.protocol]
    if not published:
        return [phrase("terminal.j2", "other_settings", folder)], False
    gone = turned(judge(published), findings.stated)
    number = judged(findings.stated)
    pool_standing = standing(findings.pool)
    lines = [phrase("terminal.j2", "standing", pool_standing)] if pool_standing else []
    lines.append(phrase("terminal.j2", "turned", number, len(gone)))
    lines += [f"  {phrase('terminal.j2', 'number', *pair)}" for pair in gone]
    return lines, bool(gone)


def renew_readme(path, folder, published=PUBLISHED):
    """Rewrite the generated blocks of a README.md from an output folder's records.

    Args:
        path: of the README.
        folder, published: as for `build`.

    Raises:
        OSError: it cannot be read.
        UserError: not text, or a block whose name is not known, or no records.
    """
    from .files import renewed

    findings = find(folder, _published_folder(published, Path(folder)))
    try:
        text = Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: not text in UTF-8 ({error.reason}); name the project's README.md"
        ) from None
    write_atomically(path, renewed(text, findings).encode())


def _published_folder(published, folder):
    """The published folder; None if it is `folder` itself or does not exist."""
    if published is None or not Path(published).is_dir():
        return None
    is_equal = Path(published).resolve() == Path(folder).resolve()
    return None if is_equal else Path(published)


def _place_model(folder, published, record):
    """Copy the best run's model to `best_model.keras`; return whether it is there.

    It is looked for beside its record, at `best_model.keras`, and in the published
    folder. A file of another model is left alone.
    """
    if record is None:
        return False
    beside = folder / record.cell.path
    places = [beside.with_suffix(".keras"), folder / BEST_MODEL]
    places += [Path(published) / BEST_MODEL] if published else []
    for path in places:
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() == record.model_sha256:
            if path != folder / BEST_MODEL:
                write_atomically(folder / BEST_MODEL, content)
            return True
    return False


def _manifest(folder, files):
    """What the report was made from and what was made, by SHA-256."""
    stores = [Store(folder), *map(Store, folder.glob(f"{STUDY_FOLDER}/*"))]
    records = sorted(path for store in stores for path in store.paths())
    values = {
        "records": {
            path.relative_to(folder).as_posix(): _sha256(read_regular(path))
            for path in records
        },
        "made": {name: _sha256(content) for name, content in sorted(files.items())},
    }
    return f"{json.dumps(values, indent=0)}\n".encode()


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
