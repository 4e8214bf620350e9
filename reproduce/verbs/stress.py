"""`stress`: is anything lost?"""

from reproduce.arguments import count, count_or_none
from reproduce.flags import add_out
from reproduce.verbs.status import OK, SOME_FAILED, say

WHAT = "kill, corrupt, starve and crowd short runs, and count what is lost"
EXAMPLE = "stress --tries 1"


def add_flags(parser):
    """How often, where."""
    add_out(parser, "results/latest/stress")
    parser.add_argument(
        "--tries", type=count, default=3, help="of each disturbance (default: 3)"
    )
    parser.add_argument(
        "--seed", type=count_or_none, default=0, help="of the random times (default: 0)"
    )


def main(arguments):
    """Disturb runs in every way there is; 1 if anything was lost."""
    from reproduce.stress import stress

    losses = stress(arguments.out, arguments.tries, arguments.seed, say)
    print(*losses, f"start with {arguments.out / 'stress.md'}", sep="\n")
    return SOME_FAILED if losses else OK
