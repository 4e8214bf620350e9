"""Delete what this project has made in a folder, and nothing else.

    python -m reproduce.cleaning clean FOLDER   what a report rebuilds in seconds
    python -m reproduce.cleaning purge FOLDER   the runs and all the rest as well

`make clean` and `make purge` do it, with the standard library alone. A file is known
by its name, in a folder that has runs or a report of this project in it; the files of
a report are those that its manifest lists. A folder goes where that leaves it empty.
"""

import json
import re
import sys
from contextlib import suppress
from pathlib import Path, PurePosixPath

from reproduce.errors import take_any_text, visible
from reproduce.files import is_temporary, read_regular
from reproduce.published import PUBLISHED

MANIFEST = "manifest.json"
RUNS = ("runs", "studies")
FOLDERS = (*RUNS, "tables", "figures", "bench", "stress", "paths", "screenshots")
FOLDERS += ("tensorboard",)
BAD_USAGE = 2

_WORD = r"[\w.-]+"  # a study, or a method
_RUN = re.compile(
    rf"(studies/{_WORD}/)?runs/arch\d/{_WORD}/seed-(0|[1-9]\d*)"
    r"(\.keras|\.json|(\.\d+)?\.(keras|json)\.invalid|\.[01]\.checkpoint)",
    re.ASCII,
)
_FOR_RUNS = re.compile(
    rf"studies(/{_WORD})?|(studies/{_WORD}/)?runs(/arch\d(/{_WORD})?)?", re.ASCII
)
_REPORT = re.compile(
    r"REPORT\.md|report\.html|verdicts\.json|best_model\.(json|md)"
    r"|tables/[^/]+\.(csv|md)|figures/[^/]+\.png"
)
_BESIDE_RUNS = re.compile(
    rf"(studies/{_WORD}/)?(data\.npz|\.training)|\.cluster|history\.csv"
    r"|best_model\.(keras|onnx|tflite)|(tables|figures)/sweep-\d\.(csv|md|png)"
    r"|bench/(bench\.(csv|md|png)|(larger|seeds)\.csv|growth\.png)"
    r"|stress/stress\.(csv|md)"
    r"|paths/paths\.json|screenshots/(desktop|phone|drawing)\.png"
    rf"|tensorboard/runs/arch\d/{_WORD}/seed-(0|[1-9]\d*)"
    r"/events\.out\.tfevents\.0\.reproduce",
    re.ASCII,
)


def delete(folder, runs):
    """Delete what this project made in a folder; return how many files that were.

    Of a folder without runs and without a report none is ours.

    Args:
        folder: an output folder, as it was typed; need not exist.
        runs: whether to delete more than a report rebuilds.

    Raises:
        ValueError: it is the project's own, or published.
        OSError: a file cannot be deleted.
    """
    place = Path(folder).resolve()
    around = (PUBLISHED, *PUBLISHED.parents)
    if not folder or place in around or PUBLISHED in place.parents:
        raise ValueError(
            f"OUT={folder} is no folder of your own runs; name one, as "
            "OUT=results/latest"
        )
    if not place.is_dir():
        return 0
    report, names = last_report(place), set(_names(place))
    trained = {name for name in names if _RUN.fullmatch(name)}
    ours = report
    if runs and (report or trained):
        ours = report | trained | set(filter(_BESIDE_RUNS.fullmatch, names))
        ours |= {name for name in names if is_temporary(PurePosixPath(name).name)}
    for name in sorted(ours, key=lambda name: name == MANIFEST):
        (place / name).unlink(missing_ok=True)
    if ours:
        _remove_empty(place, ours)
    return len(ours)


def last_report(place):
    """Names of the files that the folder's last report made; its manifest lists them.

    Relative to the folder, and only those that are there; none without a manifest.
    """
    try:
        values = json.loads(read_regular(place / MANIFEST))
        names = [*values["made"]] if "records" in values else []
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return set()
    ours = filter(_REPORT.fullmatch, map(str, names))
    return {name for name in (MANIFEST, *ours) if (place / name).is_file()}


def _names(place):
    """The files that may be ours, relative to the folder."""
    yield from (path.name for path in place.iterdir() if path.is_file())
    for folder in FOLDERS:
        for path in (place / folder).rglob("*"):
            if path.is_file():
                yield path.relative_to(place).as_posix()


def _remove_empty(place, deleted):
    """Remove the folders that are empty: of deleted files, and those made for runs."""
    folders = {folder for name in deleted for folder in (place / name).parents}
    for name in RUNS:
        for path in (place / name, *(place / name).rglob("*")):
            if _FOR_RUNS.fullmatch(path.relative_to(place).as_posix()):
                folders.add(path)
    inside = [p for p in folders if p == place or place in p.parents]
    for folder in sorted(inside, key=lambda path: len(path.parts), reverse=True):
        with suppress(OSError):  # it is not empty
            folder.rmdir()


def main(arguments):
    """Delete; return the exit status."""
    if len(arguments) != 2 or arguments[0] not in ("clean", "purge"):
        print("usage: python -m reproduce.cleaning clean|purge FOLDER", file=sys.stderr)
        return BAD_USAGE
    take_any_text()
    target, folder = arguments
    try:
        number = delete(folder, runs=target == "purge")
    except (ValueError, OSError) as error:
        print(visible(f"make: {error}"), file=sys.stderr)
        return BAD_USAGE
    done = f"{number} files deleted" if number else "none of ours"
    print(visible(f"{folder}: {done}"))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
