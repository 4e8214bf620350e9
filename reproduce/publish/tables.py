"""The list of all tables of the report: each once, for Markdown, CSV and HTML.

Column and table titles stand in these modules. The words in cells and the notes below
tables come from `templates/words.j2` and `templates/claims.j2`.
"""

from functools import lru_cache

from reproduce.experiment.protocol import ARCHITECTURES
from reproduce.experiment.record import SPLITS

from . import original_tables, run_tables, setting_tables


@lru_cache(1)  # REPORT.md and the page are made of the same
def tables(findings):
    """Name to `Table`, in the order of the report.

    A table that would be empty, or untrue of runs that are no rerun of the original,
    is not among them.
    """
    usual = original_tables.is_usual(findings)
    rules = original_tables.by_rule(findings)
    compare = findings.protocol.data_sha256 is None
    best = {
        "": findings.selection.best,
        "-original-choice": findings.original_selection.best,
    }
    chosen = [(end, run) for end, run in best.items() if run is not None]
    listed = [
        original_tables.overview(findings),
        original_tables.labels(findings),
        original_tables.verdicts(findings),
        original_tables.limits(findings),
        usual and original_tables.honest(findings),
        "patience 2" in rules and original_tables.patience(findings),
        *(original_tables.architecture(findings, number) for number in ARCHITECTURES),
        *(original_tables.summary(findings, number) for number in ARCHITECTURES),
        original_tables.claims(findings),
        original_tables.sentences(findings),
        run_tables.time_to_target(findings),
        run_tables.profiles(findings),
        run_tables.chances(findings),
        *map(setting_tables.sweep_table, findings.sweeps),
        setting_tables.sweep_points(findings),
        usual and setting_tables.candidates(findings),
        usual and setting_tables.leave_one_out(findings),
        run_tables.best_model(findings),
        *(run_tables.scores(run, compare, f"scores{end}") for end, run in chosen),
        *(
            run_tables.confusion(run, split, compare, f"confusion-{split}{end}")
            for end, run in chosen
            for split in SPLITS
        ),
        original_tables.check_table(findings),
        setting_tables.hyperparameters(findings),
        run_tables.standings(findings),
        run_tables.cost(findings),
        run_tables.provenance(findings),
        run_tables.runs_of_all_studies(findings),
    ]
    return {table.name: table for table in listed if table and table.rows}
