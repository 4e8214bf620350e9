"""`run`: train what is missing."""

from pathlib import Path

from reproduce.experiment.cells import grid
from reproduce.flags import add_data, add_grid, add_jobs, add_limits, add_optimizers
from reproduce.request import request
from reproduce.settings import add_settings
from reproduce.verbs.status import OK, SOME_FAILED

WHAT = "train the cells that have no record yet"
EXAMPLE = "run --architectures 4 --methods nag adam --seeds 3"


def add_flags(parser):
    """Which cells, where, under which settings."""
    add_grid(parser)
    add_limits(parser)
    add_jobs(parser)
    add_optimizers(parser)
    add_data(parser)
    add_settings(parser)
    parser.add_argument(
        "--tensorboard",
        type=Path,
        metavar="DIR",
        help="also write the runs there as TensorBoard event files",
    )


def main(arguments):
    """Train what is missing; 1 if a cell failed."""
    from reproduce.experiment.executors import open_pool
    from reproduce.missing import train_missing

    asked = request(arguments)
    cells = grid(arguments.architectures, asked.methods, arguments.seeds)
    asked.prepare(cells, arguments.out)
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        failed = train_missing(cells, asked.protocol, arguments.out, pool)
    if arguments.tensorboard:
        done = [cell for cell in cells if cell not in failed]
        _write_events(done, arguments)
    return SOME_FAILED if failed else OK


def _write_events(cells, arguments):
    from reproduce.experiment.records import Store
    from reproduce.exports.event_files import write_events

    records = map(Store(arguments.out).read, cells)
    print(*write_events(list(records), arguments.tensorboard), sep="\n")
