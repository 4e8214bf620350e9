"""Comparison, summary, hyperparameters and runs: each cell says what it should."""

import csv
import io
import math
from dataclasses import replace

import pytest

from reproduce.experiment.methods import METHODS
from reproduce.experiment.protocol import Protocol
from reproduce.report.comparison import comparison_table
from reproduce.report.distributions import wilson
from reproduce.report.hyperparameters import hyperparameters_table
from reproduce.report.statistics import compare, median_run, updates_per_epoch
from reproduce.report.tables import runs_table, summary_table


def comparison(architecture, records, protocol=None):
    rows = [row for row in compare(records) if row.architecture == architecture]
    return comparison_table(architecture, rows, protocol or Protocol())


def line(table, method):
    """Markdown cells of one method, by column."""
    cells = table.rows[list(METHODS).index(method)]
    return dict(zip(table.header, cells, strict=True))


def entry(table, method):
    rows = csv.DictReader(io.StringIO(table.csv().decode()))
    return next(row for row in rows if row["method"] == method)


def capped(run):
    return replace(run, ending="epoch_limit", epochs=20_000)


def diverged(run):
    return replace(run, ending="diverged", splits={}, model_sha256=None)


def test_a_method_that_was_not_run_says_so(record):
    cells = line(comparison(1, [record(1, "sgd")]), "adam")
    assert cells["Epochs"] == cells["Ended"] == cells["Updates"] == "not run"
    assert cells["Epochs, report"] == "13"


def test_illegible_numbers_stay_not_legible(record):
    table = comparison(4, [record(4, "adam")])
    cells = line(table, "adam")
    assert cells["Epochs, report"] == "not legible"
    assert cells["Validation accuracy, report"] == "not legible"
    assert cells["Epochs"] == "20"
    assert entry(table, "adam")["reported_epochs"] == ""


def test_a_method_the_report_does_not_have_is_not_printed(record, monkeypatch):
    monkeypatch.setitem(METHODS, "lion", replace(METHODS["adam"], label="Lion"))
    assert line(comparison(1, [record()]), "lion")["Epochs, report"] == "not printed"


def test_one_hundred_percent_keeps_its_printed_decimals(record):
    cells = line(comparison(3, [record(3, "nag")]), "nag")
    assert cells["Training accuracy, report"] == "1.00"
    assert cells["Validation accuracy, report"] == "0.9510"


def test_changing_one_record_changes_its_cell_only(record, grid_of_records):
    before = comparison(1, grid_of_records).rows
    changed = [
        replace(r, epochs=77) if r.cell == record(1, "nag").cell else r
        for r in grid_of_records
    ]
    after = comparison(1, changed).rows
    different = [i for i in range(7) if before[i] != after[i]]
    assert different == [list(METHODS).index("nag")]
    assert after[different[0]][2] == "77"


def test_a_run_at_the_limit_counts_as_infinitely_many_epochs(record):
    runs = [record(seed=0), capped(record(seed=1)), capped(record(seed=2))]
    table = comparison(1, runs)
    assert line(table, "sgd")["Epochs"] == ">20,000 (153–>20,000)"
    assert line(table, "sgd")["Ended"] == "1 at the threshold, 2 cut off"
    assert entry(table, "sgd")["epochs_median"] == "inf"


def test_a_rise_is_told_from_the_threshold(record):
    runs = [record(seed=seed) for seed in range(4)]
    runs.append(replace(record(seed=4), ending="rose"))
    table = comparison(1, runs)
    assert line(table, "sgd")["Ended"] == "4 at the threshold, 1 by a rise"
    row = entry(table, "sgd")
    assert (row["threshold"], row["rose"], row["epoch_limit"]) == ("4", "1", "0")


def test_one_run_at_the_limit_does_not_move_a_median_of_three(record):
    runs = [record(seed=0), record(seed=1), capped(record(seed=2))]
    assert line(comparison(1, runs), "sgd")["Epochs"] == "155 (153–>20,000)"


def test_two_runs_of_which_one_never_converged_have_no_finite_median(record):
    row = compare([record(seed=0), capped(record(seed=1))])[0]
    assert sorted(row.epochs) == [153, math.inf]
    table = comparison(1, row.runs)
    assert line(table, "sgd")["Epochs"].startswith(">20,000")


def test_a_diverged_run_is_counted_and_has_no_accuracy(record):
    table = comparison(1, [diverged(record())])
    cells = line(table, "sgd")
    assert cells["Epochs"] == cells["Training accuracy"] == "diverged"
    assert cells["Ended"] == "1 diverged"
    assert entry(table, "sgd")["diverged"] == "1"


def test_updates_are_epochs_times_examples_and_epochs_for_full_batch(record):
    table = comparison(1, [record(1, "sgd"), record(1, "batch_gd")])
    assert line(table, "sgd")["Updates"] == f"{153 * 11_385:,}"
    assert line(table, "batch_gd")["Updates"] == "5,005"


@pytest.mark.parametrize(("subset", "updates"), [(100, 100), (50_000, 11_385)])
def test_a_subset_makes_fewer_updates(subset, updates):
    assert updates_per_epoch("adam", replace(Protocol(), subset=subset)) == updates


@pytest.mark.parametrize(
    ("method", "size", "updates"),
    [("adagrad", 32, 356), ("batch_gd", 32, 356), ("sgd", 20_000, 1)],
)
def test_mini_batches_make_an_update_a_batch(method, size, updates):
    protocol = replace(Protocol(), batch_size=size)
    assert updates_per_epoch(method, protocol) == updates


def test_mislabelled_batch_rows_get_a_footnote(record):
    table = comparison(4, [record(4, "nag")])
    assert line(table, "batch_gd")["Method"] == "Batch GD †"
    assert table.notes[-1].startswith("† labelled batch_size=N")
    assert not any("†" in note for note in comparison(1, [record()]).notes)


def test_accuracies_have_their_binomial_doubt(record):
    run = record(1, "adam")
    accuracy = run.splits["validation"]["accuracy"]
    row = entry(comparison(1, [run]), "adam")
    low, high = wilson(round(3795 * accuracy), 3795)
    assert float(row["validation_accuracy_low"]) == low
    assert float(row["validation_accuracy_high"]) == high
    assert entry(comparison(1, [run]), "sgd")["validation_accuracy_low"] == ""
    assert f"{low:.4f}–{high:.4f} (Wilson" in comparison(1, [run]).notes[0]
    part = replace(Protocol(), subset=100)
    row = entry(comparison(1, [replace(run, protocol=part)], part), "adam")
    assert float(row["validation_accuracy_high"]) > high


def test_the_median_run_is_a_run(record):
    runs = [record(seed=s) for s in (2, 0, 1)]
    assert median_run(runs).cell.seed == 1
    assert median_run([capped(record(seed=0)), record(seed=1)]).cell.seed == 1


def test_csv_has_full_precision_and_markdown_the_reports(record):
    run = record(1, "adam")
    table = comparison(1, [run])
    accuracy = run.splits["validation"]["accuracy"]
    assert float(entry(table, "adam")["validation_accuracy_median"]) == accuracy
    assert line(table, "adam")["Validation accuracy"] == f"{accuracy:.4f}"


@pytest.mark.parametrize(
    ("number", "total"),
    [(1, 118_346), (2, 269_450), (3, 567_434), (4, 575_050), (5, 576_810)],
)
def test_summary_totals_are_those_of_ten_outputs(record, number, total):
    table = summary_table(number, [record(number)], Protocol())
    assert table.data[-1]["parameters"] == total
    assert not any("not what" in note for note in table.notes)


def test_a_model_of_another_size_is_marked(record):
    odd = replace(record(), parameters=1)
    table = summary_table(1, [record(), odd], Protocol())
    assert "not what the runs' models have: 1." in table.notes[-1]


def test_five_outputs_give_the_printed_totals_of_architectures_4_and_5():
    protocol = replace(Protocol(), num_classes=5)
    for number in (4, 5):
        last = summary_table(number, [], protocol).data[-1]
        assert last["parameters"] == last["reported_parameters"]


def test_hyperparameters_follow_the_protocol():
    protocol = replace(Protocol(), momentum=0.5, kernel_initializer="he_normal")
    cells = {row[0]: row[2:] for row in hyperparameters_table(2, protocol).rows}
    assert cells["Alpha (α)"] == ["0.5", "0.9"]
    assert cells["Kernel initializer"] == ["He normal", "not stated"]


def test_every_setting_of_the_protocol_is_in_the_table():
    settings = {row["setting"] for row in hyperparameters_table(1, Protocol()).data}
    assert set(Protocol().to_dict()) - {"name"} <= settings


def test_architectures_without_a_printed_table_say_not_printed():
    cells = {row[0]: row[3] for row in hyperparameters_table(5, Protocol()).rows}
    assert cells["Alpha (α)"] == "not printed"
    assert cells["Convergence threshold"] == "10⁻⁴"


def test_runs_are_one_row_each_and_diverged_ones_have_empty_cells(record):
    table = runs_table([record(), diverged(record(2))])
    first, second = csv.DictReader(io.StringIO(table.csv().decode()))
    assert first["ending"] == "threshold" and first["test_loss"] == "0.13"
    assert second["ending"] == "diverged" and second["test_loss"] == ""
    assert len(first["initial_sha256"]) == 12
