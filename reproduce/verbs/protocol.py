"""`protocol`: which unstated settings explain the report."""

from dataclasses import replace

from reproduce.experiment.candidates import CANDIDATES, RUN_SETS
from reproduce.flags import (
    add_dry_run,
    add_jobs,
    add_limits,
    add_out,
    add_seeds,
    add_some,
)
from reproduce.settings import limited
from reproduce.verbs.status import OK, SOME_FAILED

WHAT = "find out which unstated settings explain the report: train, then rank"
EXAMPLE = "protocol --seeds 3 --dry-run"


def add_flags(parser):
    """Which candidates, with how many seeds."""
    words = f"of {', '.join(RUN_SETS)} (default: all candidates)"
    add_some(parser, "--sets", "set of runs", RUN_SETS, CANDIDATES, words)
    add_dry_run(parser)
    add_out(parser)
    add_seeds(parser, 3)
    add_limits(parser)
    add_jobs(parser)


def main(arguments):
    """Train the missing candidates, then rank them all; 1 if a cell failed."""
    from reproduce.experiment.estimates import expected_minutes
    from reproduce.report import build

    chosen = {
        name: replace(own, protocol=limited(own.protocol, arguments))
        for name in arguments.sets
        if (own := RUN_SETS[name])
    }
    if arguments.dry_run:
        lines = expected_minutes(chosen, arguments.seeds, arguments.out)
        print(*lines, sep="\n")
        return OK
    failed = _train(chosen.values(), arguments)
    build(arguments.out)
    print((arguments.out / "tables" / "protocol.md").read_text(encoding="utf-8"))
    return SOME_FAILED if failed else OK


def _train(run_sets, arguments):
    from reproduce.experiment.executors import open_pool
    from reproduce.missing import train_missing

    failed = []
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        for own in run_sets:
            cells, folder = own.cells(arguments.seeds), arguments.out / own.folder
            failed += train_missing(cells, own.protocol, folder, pool)
    return failed
