"""`sweep`: the same learning rates for every method."""

from reproduce.arguments import positive
from reproduce.experiment.sweep import PROTOCOL, RATES, Sweep
from reproduce.flags import (
    add_architecture,
    add_data,
    add_dry_run,
    add_jobs,
    add_limits,
    add_methods,
    add_optimizers,
    add_out,
    add_seeds,
)
from reproduce.request import request
from reproduce.verbs.status import OK, SOME_FAILED

WHAT = "give every method the same learning rates to choose from, and compare"
EXAMPLE = "sweep --architecture 1 --seeds 3 --dry-run"


def add_flags(parser):
    """Which methods at which learning rates, on one architecture."""
    add_out(parser)
    add_architecture(parser)
    add_methods(parser)
    parser.add_argument(
        "--rates",
        nargs="+",
        type=positive,
        default=list(RATES),
        metavar="RATE",
        help=f"learning rates (default: {' '.join(f'{rate:g}' for rate in RATES)})",
    )
    add_seeds(parser, 3)
    add_limits(parser)
    add_jobs(parser)
    add_optimizers(parser)
    add_data(parser)
    parser.set_defaults(protocol=PROTOCOL)
    add_dry_run(parser)


def main(arguments):
    """Train the missing rates, then draw the curves; 1 if a cell failed."""
    from reproduce.experiment.executors import open_pool
    from reproduce.missing import train_missing
    from reproduce.report.sweep import build_sweep

    asked = request(arguments)
    own = Sweep(arguments.architecture, asked.methods, arguments.rates, asked.protocol)
    cells, folder = own.cells(arguments.seeds), arguments.out / own.folder
    if arguments.dry_run:
        print(*own.plan(cells, folder, arguments.jobs), sep="\n")
        return OK
    asked.prepare(cells, folder)
    with open_pool(arguments.cluster, arguments.jobs) as pool:
        failed = train_missing(cells, asked.protocol, folder, pool)
    print(*build_sweep(folder), sep="\n")
    return SOME_FAILED if failed else OK
