"""What the runs cost, beside what the suite expected them to cost."""

from statistics import median

from reproduce.experiment.costs import expected_seconds, run_seconds
from reproduce.experiment.methods import METHODS

from .markdown import Table, spread

NOTES = [
    "Seconds of one core's processor time, start included, medians over the seeds, "
    "range in brackets. *Planned* is what a plan shows before anything ran: the "
    "update's time as measured by `make bench` times the report's epochs. *At our "
    "epochs* is the same with the epochs that the runs took, so that its ratio to "
    "the measured time tells how well the measured updates carry over to whole runs.",
]


def cost_table(rows, protocol):
    """Planned and measured seconds of every cell that ran, and their sums.

    Args:
        rows: `Comparison`s.
        protocol: of the runs.
    """
    data = [_row(row, protocol) for row in rows if row.runs]
    names = ("planned_seconds", "expected_seconds", "measured_seconds")
    total = {name: sum(line[name] for line in data) for name in names}
    cells = [_cells(line) for line in data]
    cells.append(["**All**", "", "", *(f"{total[name]:,.0f}" for name in names), ""])
    cells[-1][-1] = f"{total[names[2]] / total[names[1]]:.2f}"
    header = [
        *("Architecture", "Method", "Runs", "Planned, s", "At our epochs, s"),
        *("Measured, s", "Measured / expected"),
    ]
    return Table("cost", "What the runs cost", data, header, cells, NOTES)


def _row(row, protocol):
    cell = row.runs[0].cell
    measured = [record.core_seconds for record in row.runs]
    epochs = median(record.epochs for record in row.runs)
    return {
        "architecture": cell.architecture,
        "method": cell.method,
        "runs": len(row.runs),
        "planned_seconds": round(expected_seconds(cell, protocol), 1),
        "expected_seconds": round(run_seconds(cell, protocol, epochs), 1),
        "measured_seconds": round(median(measured), 1),
        "least_seconds": min(measured),
        "most_seconds": max(measured),
    }


def _cells(line):
    def write(number):
        return f"{number:,.0f}"

    measured = [line["least_seconds"], line["most_seconds"]]
    several = spread(measured if line["runs"] > 1 else [], write)
    return [
        str(line["architecture"]),
        METHODS[line["method"]].label,
        str(line["runs"]),
        write(line["planned_seconds"]),
        write(line["expected_seconds"]),
        write(line["measured_seconds"]) + several,
        f"{line['measured_seconds'] / line['expected_seconds']:.2f}",
    ]
