"""What runs cost stands beside what the suite expected."""

from reproduce.experiment.costs import expected_seconds
from reproduce.experiment.protocol import Cell, Protocol
from reproduce.report.comparison import comparison_table
from reproduce.report.cost import cost_table
from reproduce.report.frame import runs_frame
from reproduce.report.statistics import compare

CPU = {"setup": 1.0, "training": 99.0}


def test_planned_is_what_the_plan_shows(record):
    table = cost_table(compare([record(1, "sgd")]), Protocol())
    planned = expected_seconds(Cell(1, "sgd", 0), Protocol())
    assert table.data[0]["planned_seconds"] == round(planned, 1)


def test_measured_is_the_median_of_processor_time(record):
    runs = [
        record(1, "sgd", seed, seconds={**CPU, "cpu": cpu})
        for seed, cpu in enumerate((30.0, 10.0, 20.0))
    ]
    line = cost_table(compare(runs), Protocol()).data[0]
    assert line["measured_seconds"] == 20.0
    assert (line["least_seconds"], line["most_seconds"]) == (10.0, 30.0)


def test_the_last_row_sums_the_cells(record):
    runs = [record(1, "sgd"), record(2, "adam")]
    table = cost_table(compare(runs), Protocol())
    total = sum(line["measured_seconds"] for line in table.data)
    assert table.rows[-1][5] == f"{total:,.0f}"


def test_methods_are_compared_by_processor_time_not_by_the_clock(record):
    run = record(1, "sgd", seconds={**CPU, "cpu": 12.0})
    rows = [row for row in compare([run]) if row.architecture == 1]
    line = next(
        line for line in comparison_table(1, rows, Protocol()).data if line["runs"]
    )
    assert line["core_seconds_median"] == 12.0
    assert runs_frame([run])["seconds"].tolist() == [12.0]
