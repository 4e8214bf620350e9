"""The best model is chosen by the stated rule and never by the test set."""

import math
from dataclasses import replace

import pytest

from reproduce.report.best import best_table, reports_choice, select
from reproduce.report.confusion import confusion_table, outside, reported_matrix


@pytest.fixture
def run(record):
    """A run with a given validation accuracy (and loss), on 3,795 examples."""

    def make(accuracy, architecture=1, method="sgd", loss=0.1, **changes):
        one = record(architecture, method, **changes)
        validation = {**one.splits["validation"], "accuracy": accuracy, "loss": loss}
        return replace(one, splits={**one.splits, "validation": validation})

    return make


def test_a_clearly_higher_validation_accuracy_wins(run):
    assert select([run(0.95, 1), run(0.98, 5)]).winner.cell.architecture == 5


def test_within_one_standard_error_the_smaller_model_wins(run):
    error = math.sqrt(0.98 * 0.02 / 3795)
    assert select([run(0.98 - 0.99 * error, 1), run(0.98, 5)]).winner.cell == (
        run(0, 1).cell
    )
    assert select([run(0.98 - 1.01 * error, 1), run(0.98, 5)]).winner.cell == (
        run(0, 5).cell
    )


def test_of_equal_models_the_lower_validation_loss_wins(run):
    runs = [run(0.981, 1, "sgd", loss=0.2), run(0.98, 1, "adagrad", loss=0.1)]
    assert select(runs).winner.cell.method == "adagrad"


def test_of_equal_losses_the_fewer_updates_win(run):
    runs = [run(0.98, 1, "sgd"), run(0.98, 1, "adam")]
    assert select(runs).winner.cell.method == "adam"


def test_updates_count_not_seconds(run):
    slow = {"setup": 1.0, "training": 1e6}
    runs = [run(0.98, 1, "sgd"), run(0.98, 1, "adam", seconds=slow)]
    assert select(runs).winner.cell.method == "adam"


def test_only_runs_that_the_criterion_ended_are_candidates(run):
    cut = run(0.99, 2, ending="epoch_limit")
    assert select([cut, run(0.9, 1)]).winner.cell.architecture == 1
    assert select([cut]).winner is None
    assert b"the criterion ended no run" in best_table(select([cut])).markdown()


def test_the_test_set_has_no_say(grid_of_records):
    def table(accuracy):
        changed = [
            replace(
                r,
                splits={**r.splits, "test": {**r.splits["test"], "accuracy": accuracy}},
            )
            for r in grid_of_records[:17]
        ]
        return best_table(select(changed + grid_of_records[17:])).csv()

    assert table(0.0) == table(1.0)


def test_the_order_of_the_records_has_no_say(grid_of_records):
    one, other = select(grid_of_records), select(grid_of_records[::-1])
    assert best_table(one).csv() == best_table(other).csv()


def test_markdown_shows_the_tied_and_csv_all_that_ended(run):
    table = best_table(select([run(0.98, 1), run(0.981, 2), run(0.5, 3)]))
    assert [row[1] for row in table.rows] == [
        "architecture 1, SGD, seed 0",
        "architecture 2, SGD, seed 0",
    ]
    assert [row["tied"] for row in table.data] == [True, True, False]


@pytest.mark.parametrize(
    ("split", "examples"), [("train", 2277), ("validation", 759), ("test", 759)]
)
def test_the_reports_matrix_is_ten_by_ten_with_rows_of_true_digits(split, examples):
    matrix = reported_matrix(split)
    sums = [sum(row) for row in matrix]
    assert sums == [examples if i in (1, 2, 3, 6, 9) else 0 for i in range(10)]
    assert outside(matrix) == 0


def test_confusion_table_has_both_matrices(record):
    table = confusion_table("test", record())
    assert [row["source"] for row in table.data].count("reported") == 10
    assert table.data[11]["predicted_1"] == 753
    assert b"726" in table.markdown()


def test_predictions_of_other_digits_are_counted():
    matrix = reported_matrix("test")
    matrix[1][7] += 3
    assert outside(matrix) == 3


def test_the_reports_choice_is_shown_only_where_the_rule_takes_another(record):
    four, one = record(4, "nag"), record(1, "adam")
    assert reports_choice([four, one], select([four, one])) == four
    assert reports_choice([four], select([four])) is None
    assert reports_choice([one], select([one])) is None
