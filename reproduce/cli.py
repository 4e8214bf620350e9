"""The command line: what can be said, and what is answered to a mistake."""

import argparse
import os
import sys
from pathlib import Path

from reproduce import commands
from reproduce.arguments import choice, count, count_or_seeds
from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.protocol import METHODS, PROTOCOLS

BAD_USAGE, INTERRUPTED = 2, 130
DESCRIPTION = "Rerun a comparison of seven training methods on five MNIST digits."


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that answers a mistake in one line."""

    def error(self, message):
        self.exit(BAD_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv=None):
    """Run one command; return its exit status."""
    arguments = parser().parse_args(argv)
    try:
        return arguments.command(arguments)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    except (ValueError, OSError) as error:
        print(f"python -m reproduce: {error}", file=sys.stderr)
        return BAD_USAGE


def parser():
    """All verbs and their flags."""
    top = Parser(prog="python -m reproduce", description=DESCRIPTION)
    verbs = top.add_subparsers(required=True, metavar="VERB", parser_class=Parser)

    run = _verb(
        verbs,
        "run",
        "train the cells that have no record yet",
        "run --architectures 4 --methods nag adam --seeds 3",
    )
    _add_grid(run)
    cores = len(os.sched_getaffinity(0))
    run.add_argument(
        "--jobs",
        type=count,
        default=cores,
        help=f"cells trained at a time, one core each (default: all cores, {cores})",
    )

    _add_grid(_verb(verbs, "list", "show the cells and which are done", "list"))

    report = _verb(
        verbs,
        "report",
        "write tables, figures and REPORT.md from the records",
        "report --out results/latest",
    )
    _add_out(report)
    report.add_argument(
        "--readme", type=Path, help="also renew the numbers in this README.md"
    )

    bench = _verb(
        verbs,
        "bench",
        "measure the engine beside stock fit and its peers, on one core",
        "bench --architectures 1 --methods sgd",
    )
    bench.add_argument(
        "--out",
        type=Path,
        default=Path("results/latest/bench"),
        help="output folder (default: results/latest/bench)",
    )
    bench.add_argument("--repeats", type=count, default=5, help="measurements of each")
    _add_cells(bench)

    predict = _verb(
        verbs, "predict", "tell the digits in images", "predict drawing.png scan.jpg"
    )
    predict.add_argument(
        "images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="photo, scan or drawing of a digit; folder of them; - for standard input",
    )
    predict.add_argument(
        "--model", type=Path, help=".keras file (default: the published best model)"
    )
    predict.add_argument(
        "--json", action="store_true", help="print a JSON list with all probabilities"
    )
    return top


def _verb(verbs, name, what, example):
    verb = verbs.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=f"example: python -m reproduce {example}",
    )
    verb.set_defaults(command=getattr(commands, name))
    return verb


def _add_cells(verb):
    verb.add_argument(
        "--architectures",
        nargs="+",
        type=choice("architecture", {str(a): a for a in ARCHITECTURES}),
        default=list(ARCHITECTURES),
        help="of 1 to 5 (default: all)",
    )
    verb.add_argument(
        "--methods",
        nargs="+",
        type=choice("method", {m: m for m in METHODS}),
        default=list(METHODS),
        help=f"of {', '.join(METHODS)} (default: all)",
    )


def _add_grid(verb):
    _add_out(verb)
    _add_cells(verb)
    verb.add_argument(
        "--seeds",
        type=count_or_seeds,
        default=[0],
        help="how many (3: seeds 0, 1, 2), or which (0,4 or 3-5) (default: 1)",
    )
    verb.add_argument(
        "--protocol",
        type=choice("protocol", PROTOCOLS),
        default=PROTOCOLS["report"],
        metavar="NAME",
        help=f"of {', '.join(PROTOCOLS)} (default: report)",
    )
    verb.add_argument("--max-epochs", type=count, help="end a run there at the latest")
    verb.add_argument(
        "--subset", type=count, help="use only so many examples of each split"
    )


def _add_out(verb):
    verb.add_argument(
        "--out",
        type=Path,
        default=Path("results/latest"),
        help="output folder (default: results/latest)",
    )
