"""`paths`: where the methods go on the loss surface."""

from reproduce.arguments import count_or_none
from reproduce.experiment.cells import grid
from reproduce.flags import add_architecture, add_limits, add_methods, add_out
from reproduce.settings import limited
from reproduce.verbs.status import OK, say

WHAT = "draw where the methods go on a plane through the loss surface"
EXAMPLE = "paths --architecture 1 --seed 0"


def add_flags(parser):
    """Which methods, on which architecture."""
    add_out(parser)
    add_architecture(parser)
    parser.add_argument(
        "--seed", type=count_or_none, default=0, help="of the runs (default: 0)"
    )
    add_methods(parser)
    add_limits(parser)


def main(arguments):
    """Train again, and draw where the weights went."""
    from reproduce.experiment.protocol import Protocol
    from reproduce.paths import draw_paths

    cells = grid([arguments.architecture], arguments.methods, [arguments.seed])
    draw_paths(arguments.out, cells, limited(Protocol(), arguments), say)
    return OK
