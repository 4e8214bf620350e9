"""`verify`: do records, and runs made again, agree with what is published?"""

from pathlib import Path

from reproduce.arguments import count_or_none
from reproduce.flags import add_jobs, add_out
from reproduce.verbs.status import OK, SOME_FAILED

WHAT = "check records, and cells trained again, against published ones"
EXAMPLE = "verify --out results/latest --against results/reference"


def add_flags(parser):
    """What against what, and how many cells to train again."""
    add_out(parser)
    parser.add_argument(
        "--against",
        type=Path,
        default=Path("results/reference"),
        help="folder of the published results (default: results/reference)",
    )
    parser.add_argument(
        "--retrain",
        type=count_or_none,
        default=3,
        metavar="N",
        help="also train the N cheapest published cells again (default: 3; 0: none)",
    )
    add_jobs(parser)


def main(arguments):
    """Judge the records anew, train a sample again; 1 where either disagrees."""
    from reproduce.experiment.executors import open_pool
    from reproduce.experiment.records import Store
    from reproduce.report.verify import verify
    from reproduce.retrain import retrain

    gone, strays = [], []
    if arguments.retrain and not Store(arguments.out).load():
        print(f"{arguments.out}: no records of yours whose verdicts to compare")
    else:
        lines, gone = verify(arguments.out, arguments.against)
        print(*lines, sep="\n")
    if arguments.retrain:
        with open_pool(arguments.cluster, arguments.jobs) as pool:
            lines, strays = retrain(arguments.against, arguments.retrain, pool)
        print(*lines, sep="\n")
    return SOME_FAILED if gone or strays else OK
