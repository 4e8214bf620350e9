"""`bench`: how fast the engine is."""

from reproduce.arguments import count
from reproduce.bench import PARTS
from reproduce.bench import bench as measure
from reproduce.flags import add_cells, add_out, add_some
from reproduce.verbs.status import OK, say

WHAT = "measure the engine beside stock fit and its peers, on one core"
EXAMPLE = "bench --architectures 1 --methods sgd"


def add_flags(parser):
    """Which cells to time, how often."""
    add_out(parser, "results/latest/bench")
    parser.add_argument("--repeats", type=count, default=5, help="measurements of each")
    words = f"of {', '.join(PARTS)} (default: all); the folder keeps the others"
    add_some(parser, "--parts", "part", PARTS, words=words)
    add_cells(parser)


def main(arguments):
    """Measure the engine; write a table and a figure."""
    cells = arguments.architectures, arguments.methods
    measure(arguments.out, *cells, arguments.repeats, arguments.parts, say)
    print(f"start with {arguments.out / 'bench.md'}")
    return OK
