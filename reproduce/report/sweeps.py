"""The sweeps that an output folder holds, as a section of the report."""

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.store import Store, write_atomically
from reproduce.experiment.studies import STUDIES

from . import sweep_words
from .markdown import plural
from .sweep import FIGURE, PAGE, sweep_files, sweep_table
from .sweep_lines import equal_budgets, gather_lines

TITLE = "Other learning rates"


def read_sweeps(folder):
    """{architecture: records} of the sweeps there are."""
    found = {number: [] for number in ARCHITECTURES}
    for record in Store(folder / STUDIES["sweep"].folder).load():
        found[record.cell.architecture].append(record)
    found = {number: _newest(records) for number, records in found.items()}
    return {number: records for number, records in found.items() if records}


def _newest(records):
    """Without those of the first edition, where there are others."""
    newer = [record for record in records if not record.is_first_edition]
    return newer or records


def build_sweep(folder, architecture):
    """Write the page, figure and CSV files of one architecture's sweep.

    Args:
        folder: an output folder.
        architecture: 1 to 5.

    Returns:
        Paths of the files, the page first; none where there are no records.
    """
    records = read_sweeps(folder).get(architecture, [])
    made = files({architecture: records})
    for name, content in made.items():
        write_atomically(folder / name, content)
    return [folder / name for name in made]


def files(sweeps):
    """{path: bytes} of every sweep's page, figure and CSV files."""
    return {
        f"{_place(number)}/{name}": content
        for number, records in sweeps.items()
        for name, content in sweep_files(records).items()
    }


def section(sweeps):
    """The report's words; empty without sweeps."""
    parts = [part for number, own in sweeps.items() for part in _sweep(number, own)]
    return "\n\n".join([f"## {TITLE}", *parts]) if parts else ""


def sentence(sweeps):
    """How far apart methods are at the report's rate and at their own; or empty."""
    found = {number: _equal_lines(records) for number, records in sweeps.items()}
    return " ".join(_apart(number, own) for number, own in found.items() if own)


def _equal_lines(records):
    """The report's single-example methods, if all have the same rates and seeds."""
    lines = [
        line
        for line in gather_lines(records)
        if line.method in METHODS and not METHODS[line.method].full_batch
    ]
    comparable = len(lines) > 1 and all(line.reported for line in lines)
    return lines if comparable and equal_budgets(lines) else []


def _apart(number, lines):
    rates = len(lines[0].points)
    return (
        f"On architecture {number}, the validation losses of the {len(lines)} "
        "single-example methods after the sweep's few epochs are "
        f"{_span(lines, lambda line: line.reported)} at the report's rate and "
        f"{_span(lines, lambda line: line.best)} where each has the best of {rates} "
        "rates."
    )


def _span(lines, point):
    """The smallest and the largest loss, and how far apart they are."""
    low, *_, high = sorted(lines, key=lambda line: point(line).loss)
    words = [
        f"{sweep_words.write(point(line).loss)} ({METHODS[line.method].label}, "
        f"{point(line).rate:g})"
        for line in (low, high)
    ]
    times = f"{point(high).loss / point(low).loss:.1f} times as high"
    return f"{' to '.join(words)}, {times},"


def _sweep(number, records):
    lines = gather_lines(records)
    if not lines:
        return
    rates = len({point.rate for line in lines for point in line.points})
    limit = records[0].protocol.max_epochs
    yield f"### On architecture {number}"
    yield (
        f"The report gives every method one learning rate. Here each of {len(lines)} "
        f"had the same {rates} to choose from, for at most {limit} epochs: "
        f"{plural(len(records), 'run')}."
    )
    yield sweep_words.answer(lines)
    yield sweep_table(lines).body()
    what = "Validation loss and accuracy against learning rate"
    yield f"![{what}]({_place(number)}/{FIGURE})"
    yield f"[Where rates fail, settings and limits]({_place(number)}/{PAGE})."


def _place(number):
    return f"sweep/arch{number}"
