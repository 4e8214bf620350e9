"""The command line: what can be said, and what is answered to a mistake."""

import argparse
import os
import sys
from pathlib import Path

from reproduce import commands
from reproduce.arguments import choice, count, count_or_none
from reproduce.errors import UserError, in_one_line
from reproduce.experiment.candidates import CANDIDATES, RUN_SETS
from reproduce.exports import FORMATS
from reproduce.flags import (
    add_architecture,
    add_cells,
    add_data,
    add_grid,
    add_jobs,
    add_limits,
    add_methods,
    add_optimizers,
    add_out,
    add_sweep,
    add_training,
)
from reproduce.settings import add_settings

UNREAD, BAD_USAGE, INTERRUPTED = 1, 2, 130
DESCRIPTION = "Rerun a comparison of seven training methods on five MNIST digits."


class Parser(argparse.ArgumentParser):
    """An ArgumentParser that answers a mistake in one line."""

    def error(self, message):
        self.exit(BAD_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(argv=None):
    """Run one command; return its exit status.

    What is not a bug (`errors.in_one_line`) is said in one line.
    """
    arguments = parser().parse_args(argv)
    try:
        return arguments.command(arguments)
    except KeyboardInterrupt:
        print("interrupted: the same command goes on from here", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # as with `| head`: nobody reads what would be printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNREAD
    except (UserError, OSError) as error:
        if (line := in_one_line(error)) is None:
            raise
        print(f"python -m reproduce: {line}", file=sys.stderr)
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
    add_grid(run)
    add_jobs(run)
    add_optimizers(run)
    add_data(run)
    add_settings(run)
    run.add_argument(
        "--tensorboard",
        type=Path,
        metavar="DIR",
        help="also write the runs there as TensorBoard event files",
    )

    sweep = _verb(
        verbs,
        "sweep",
        "give every method the same learning rates to choose from, and compare",
        "sweep --architecture 1 --seeds 3 --dry-run",
    )
    add_sweep(sweep)

    add_grid(_verb(verbs, "list", "show the cells and which are done", "list"))

    report = _verb(
        verbs,
        "report",
        "write tables, figures and REPORT.md from the records",
        "report --out results/latest",
    )
    add_out(report)
    report.add_argument(
        "--readme", type=Path, help="also renew the numbers in this README.md"
    )

    _add_checks(verbs)
    _add_export(verbs)
    _add_paths(verbs)

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
    add_cells(bench)

    unseen = _verb(
        verbs,
        "unseen",
        "score the best model on the MNIST images that are in no split",
        "unseen --mnist ~/.keras/datasets/mnist.npz",
    )
    unseen.add_argument(
        "--mnist",
        type=Path,
        required=True,
        help="folder of MNIST's four IDX files, or Keras's mnist.npz",
    )
    add_out(unseen)

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


def _add_export(verbs):
    what = "write the best model, or all records, in a format of other tools"
    export = _verb(verbs, "export", what, "export --format litert --out results/latest")
    export.add_argument(
        "--format",
        required=True,
        type=choice("format", {name: name for name in FORMATS}),
        metavar="NAME",
        help="of onnx and litert (the model), csv and tensorboard (the records)",
    )
    export.add_argument(
        "--model", type=Path, help=".keras file (default: the output folder's best)"
    )
    export.add_argument(
        "--to",
        type=Path,
        metavar="PATH",
        help="what to write (default: a file beside the model, or in the folder)",
    )
    add_out(export)


def _add_paths(verbs):
    what = "draw where the methods go on a plane through the loss surface"
    paths = _verb(verbs, "paths", what, "paths --architecture 1 --seed 0")
    add_out(paths)
    add_architecture(paths)
    paths.add_argument(
        "--seed", type=count_or_none, default=0, help="of the runs (default: 0)"
    )
    add_methods(paths)
    add_limits(paths)


def _add_checks(verbs):
    what = "find out which unstated settings explain the report: train, then rank"
    protocol = _verb(verbs, "protocol", what, "protocol --seeds 3 --dry-run")
    protocol.add_argument(
        "--sets",
        nargs="+",
        type=choice("set of runs", {name: name for name in RUN_SETS}),
        default=list(CANDIDATES),
        help=f"of {', '.join(RUN_SETS)} (default: all candidates)",
    )
    protocol.add_argument(
        "--dry-run", action="store_true", help="print what would be trained, and stop"
    )
    add_out(protocol)
    add_training(protocol, 3)
    add_jobs(protocol)

    verify = _verb(
        verbs,
        "verify",
        "check records, and cells trained again, against published ones",
        "verify --out results/latest --against results/reference",
    )
    add_out(verify)
    verify.add_argument(
        "--against",
        type=Path,
        default=Path("results/reference"),
        help="folder of the published results (default: results/reference)",
    )
    verify.add_argument(
        "--retrain",
        type=count_or_none,
        default=3,
        metavar="N",
        help="also train the N cheapest published cells again (default: 3; 0: none)",
    )
    add_jobs(verify)

    what = "kill, corrupt, starve and crowd short runs, and count what is lost"
    stress = _verb(verbs, "stress", what, "stress --tries 1")
    stress.add_argument(
        "--out",
        type=Path,
        default=Path("results/latest/stress"),
        help="output folder (default: results/latest/stress)",
    )
    stress.add_argument(
        "--tries", type=count, default=3, help="of each disturbance (default: 3)"
    )
    stress.add_argument(
        "--seed", type=count_or_none, default=0, help="of the random times (default: 0)"
    )


def _verb(verbs, name, what, example):
    verb = verbs.add_parser(
        name,
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=f"example: python -m reproduce {example}",
    )
    verb.set_defaults(command=getattr(commands, name))
    return verb
