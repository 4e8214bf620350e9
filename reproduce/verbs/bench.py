"""`bench`: how fast the engine is."""

from reproduce.arguments import count
from reproduce.flags import add_cells, add_out
from reproduce.verbs.status import OK, say

WHAT = "measure the engine beside stock fit and its peers, on one core"
EXAMPLE = "bench --architectures 1 --methods sgd"


def add_flags(parser):
    """Which cells to time, how often."""
    add_out(parser, "results/latest/bench")
    parser.add_argument("--repeats", type=count, default=5, help="measurements of each")
    add_cells(parser)


def main(arguments):
    """Measure the engine; write a table and a figure."""
    from reproduce.bench import bench

    methods, architectures = arguments.methods, arguments.architectures
    bench(arguments.out, architectures, methods, arguments.repeats, say)
    print(f"start with {arguments.out / 'bench.md'}")
    return OK
