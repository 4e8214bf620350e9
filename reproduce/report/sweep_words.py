"""What a sweep says, in tables and sentences."""

import math
from statistics import median

from reproduce.experiment.methods import METHODS

from . import markdown, settings
from .markdown import DIVERGED, fraction, listed, spread
from .sweep_lines import REPORTED_RATE, equal_budgets

HEADER = ["Method", "Best rate", "Validation loss", "Validation accuracy"]
HEADER += ["Test accuracy", "Converged", "Validation loss at the report's rate"]


def cells(line):
    """A method's row."""
    best, there = line.best, line.reported
    return [
        METHODS[line.method].label,
        f"{best.rate:g}{' ‡' if line.at_edge else ''}",
        _range(best.values("validation", "loss")),
        _range(best.values("validation", "accuracy")),
        _range(best.values("test", "accuracy")),
        f"{best.count('threshold', 'rose')} of {len(best.runs)}",
        _range(there.values("validation", "loss")) if there else markdown.NOT_RUN,
    ]


def _range(values):
    return write(median(values)) + spread(values, write)


def write(number):
    """A loss or an accuracy."""
    return DIVERGED if math.isinf(number) else fraction(number)


def notes(lines):
    """How to read the table, and where it is not to be trusted."""
    found = [
        "Median over seeds (minimum–maximum). The best rate is the one with the lowest "
        "median validation loss; test accuracy is shown for that rate alone and had no "
        "say. “Converged”: runs at the best rate that met the criterion before the "
        "limit of epochs.",
    ]
    if any(line.at_edge for line in lines):
        found.append(
            "‡ The lowest or highest rate tried: a better one may lie beyond it."
        )
    if not equal_budgets(lines):
        found.insert(
            0,
            "**Not every method has the same rates and seeds yet: this is no fair "
            "comparison.** Run the sweep again to fill in what is missing.",
        )
    return found


def page(lines, table, records):
    """The page's text."""
    protocol, architecture = records[0].protocol, records[0].cell.architecture
    seeds = sorted({record.cell.seed for record in records})
    rates = sorted({point.rate for line in lines for point in line.points})
    parts = [
        f"# Learning rates on architecture {architecture}",
        f"The report trains every method with a learning rate of "
        f"{REPORTED_RATE:g}. Here each of {len(lines)} methods had the same "
        f"{len(rates)} rates to choose from ({listed([f'{r:g}' for r in rates])}), "
        f"with {markdown.plural(len(seeds), 'seed')} each: "
        f"{markdown.plural(len(records), 'run')}. The same seed gives every run the "
        "same images, initial weights and order of examples.",
        answer(lines),
        "![Validation loss and accuracy against learning rate](sweep.png)",
        "Lines are medians, bands the range over seeds. A filled dot: every run met "
        "the criterion; an open one: some were cut off at the limit of epochs; crosses "
        "along the top: some diverged.",
        table.body(),
        "## Where rates fail",
        failures(lines),
        "## Settings and limits",
        settings.protocol_sentence(protocol),
        f"An epoch is the same number of gradients for every method, and no run had "
        f"more than {protocol.max_epochs} epochs, which is short for batch GD and "
        "AdaGrad: theirs are the rates that go far in that time, not the ones that "
        "end best. Only the learning rate was chosen; momentum, decay rates and "
        "epsilon are the report's. The chosen rate is the best of several on the "
        "same validation images, so its validation loss flatters every method a "
        "little, and alike.",
        "Every run: [sweep-runs.csv](sweep-runs.csv); the table in full precision: "
        "[sweep.csv](sweep.csv).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def answer(lines):
    """The methods by what they reach at their best rates, and at the report's."""
    parts = [
        "At their best rates, by validation loss: " + _order(lines, lambda ln: ln.best)
    ]
    there = [line for line in lines if line.reported]
    if there:
        parts.append(f"At {REPORTED_RATE:g}: " + _order(there, lambda ln: ln.reported))
    return "\n\n".join(f"{part}." for part in parts)


def _order(lines, point):
    ordered = sorted(lines, key=lambda line: point(line).loss)
    return ", ".join(
        f"{METHODS[line.method].label} {write(point(line).loss)}"
        + (f" (at {point(line).rate:g})" if point(line) is line.best else "")
        for line in ordered
    )


def failures(lines):
    """A table: at which rates runs diverged, learned nothing, or were cut off."""
    rows = [
        [
            METHODS[line.method].label,
            _where(line, lambda run: run.ending == "diverged"),
            _where(line, guesses),
            _where(line, lambda run: run.ending == "epoch_limit"),
        ]
        for line in lines
    ]
    header = ["Method", "Diverged at", "No better than guessing at", "Cut off at"]
    return markdown.grid(header, rows)


def guesses(run):
    """Whether a run's validation accuracy is what one digit for all images gives.

    By more than three binomial standard errors it must be better. The criterion
    often ends such runs at once.
    """
    if not run.splits:
        return False
    sizes = [sum(row) for row in run.splits["validation"]["confusion"]]
    share = max(sizes) / sum(sizes)
    error = math.sqrt(share * (1 - share) / sum(sizes))
    return run.splits["validation"]["accuracy"] <= share + 3 * error


def _where(line, failed):
    """The rates at which some runs failed, with how many where not all did."""
    found = []
    for point in line.points:
        number, runs = sum(map(failed, point.runs)), len(point.runs)
        some = f" ({number} of {runs})" if number < runs else ""
        found += [f"{point.rate:g}{some}"] * (number > 0)
    return ", ".join(found) or "–"
