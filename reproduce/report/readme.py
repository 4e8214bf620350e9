"""The parts of README.md that hold numbers, generated from records."""

import csv
import re

from reproduce.errors import UserError
from reproduce.experiment.costs import MEASURED, clock, expected_seconds, makespan
from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES, Protocol, grid
from reproduce.experiment.store import Store, write_atomically

from . import markdown
from .comparison import epochs_cell
from .statistics import compare

BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def update_readme(path, folder):
    """Rewrite the generated blocks of `path` from the records in `folder`.

    Raises: as `renewed`.
    """
    write_atomically(path, renewed(path, folder).encode())


def renewed(path, folder):
    """The text of the file at `path` with its blocks as the records have them.

    Raises:
        OSError: it cannot be read.
        UserError: not text, a block whose name is not known, or no records.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{path}: not text in UTF-8 ({error.reason}); name the project's README.md"
        ) from None
    return regenerated(text, folder)


def regenerated(text, folder):
    """The README's text with its blocks as the records have them."""
    records = Store(folder).load()
    if not records:
        raise UserError(
            f"{folder}: no records found to write README.md from; run some cells first"
        )
    blocks = {"results": results, "cost": cost, "speed": speed}

    def replace(match):
        if match[2] not in blocks:
            raise UserError(
                f"README.md: unknown generated block {match[2]!r}: expected one of "
                f"{', '.join(blocks)}"
            )
        return f"{match[1]}{blocks[match[2]](records)}\n{match[3]}"

    return BLOCK.sub(replace, text)


def results(records):
    """Two tables, a column an architecture: epochs and validation accuracy."""
    rows, protocol = compare(records), records[0].protocol
    seeds = sorted({len(row.runs) for row in rows if row.runs})
    runs = f"{seeds[0]}" if len(seeds) == 1 else f"{seeds[0]} to {seeds[-1]}"
    return "\n\n".join(
        [
            "Epochs to convergence, rerun **in bold**, the report's in brackets:",
            _table(rows, lambda row: _epochs(row, protocol)),
            "Validation accuracy in percent, likewise:",
            _table(rows, _accuracy),
            f"Medians over {runs} seeds a cell; – is not run, ? not legible in the "
            "report. The report's batch GD rows of architectures 4 and 5 are "
            "single-example SGD under another name.",
        ]
    )


def _table(rows, write):
    header = ["Method", *(f"Architecture {number}" for number in ARCHITECTURES)]
    lines = [
        [METHODS[method].label, *(write(r) for r in rows if r.method == method)]
        for method in METHODS
    ]
    return markdown.grid(header, lines)


def _epochs(row, protocol):
    found = epochs_cell(row, protocol, with_spread=False) if row.runs else None
    printed = row.reported.epochs
    return _pair(found, printed and f"{printed:,}")


def _accuracy(row):
    found, printed = row.accuracy("validation"), row.reported.validation_accuracy
    return _pair(found and f"{100 * found:.2f}", printed and f"{100 * printed:.2f}")


def _pair(found, printed):
    return f"{f'**{found}**' if found else '–'} ({printed or '?'})"


def cost(records):
    """What the seeds took, measured."""
    seconds = {seed: 0.0 for seed in sorted({r.cell.seed for r in records})}
    cells = dict.fromkeys(seconds, 0)
    for record in records:
        seconds[record.cell.seed] += record.core_seconds
        cells[record.cell.seed] += 1
    lines = [
        [str(seed), f"{cells[seed]}", f"{seconds[seed] / 3600:.2f}"] for seed in seconds
    ]
    cpu = records[0].provenance["cpu"]
    plans = [
        [f"`make {name}`", clock(estimate(architectures))]
        for name, architectures in (
            ("reproduce", ARCHITECTURES),
            *((f"arch{number}", (number,)) for number in ARCHITECTURES),
        )
    ]
    return "\n\n".join(
        [
            f"One seed on two cores, estimated from measured updates ({cpu}):",
            markdown.grid(["Command", "h:mm:ss"], plans),
            "Processor time of the published runs:",
            markdown.grid(["Seed", "Cells", "Core hours"], lines),
        ]
    )


def estimate(architectures, jobs=2):
    """Expected seconds of one seed of these architectures' cells."""
    costs = [expected_seconds(c, Protocol()) for c in grid(architectures)]
    return makespan(sorted(costs, reverse=True), jobs)


def speed(_):
    """The engine beside stock fit, from the committed measurements."""
    if not MEASURED.is_file():
        return "Not measured yet."
    with open(MEASURED, newline="", encoding="utf-8") as file:
        rows = {(int(r["architecture"]), r["method"]): r for r in csv.DictReader(file)}
    header = ["Method"]
    for number in (1, 4):
        header += [f"Architecture {number}: µs", "stock `fit`", "ratio"]
    lines = []
    for method, settings in METHODS.items():
        if not settings.full_batch:
            cells = [rows[number, method] for number in (1, 4)]
            numbers = [
                f"{float(cell[name]):,.{digits}f}{unit}"
                for cell in cells
                for name, digits, unit in (
                    ("engine_us", 1, ""),
                    ("fit_us", 0, ""),
                    ("ratio", 0, "×"),
                )
            ]
            lines.append([settings.label, *numbers])
    return markdown.grid(header, lines)
