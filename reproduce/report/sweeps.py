"""The sweeps that an output folder holds, as a section of the report."""

from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.records import Store

from . import sweep_words
from .markdown import plural
from .sweep import FIGURE, PAGE, sweep_files, sweep_table
from .sweep_lines import gather_lines

TITLE = "Other learning rates"


def read_sweeps(folder):
    """{architecture: records} of the sweeps there are."""
    stores = {n: Store(folder / _place(n)) for n in ARCHITECTURES}
    found = {number: store.load() for number, store in stores.items()}
    return {number: records for number, records in found.items() if records}


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
