"""Flags that verbs have in common."""

from pathlib import Path

from reproduce.arguments import (
    Optimizers,
    choice,
    count,
    count_or_seeds,
    scheduler,
    table,
)
from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.environment import cores
from reproduce.experiment.protocol import METHODS


def add_some(verb, flag, kind, options, default=None, words=None):
    """Some of a few things, by name.

    Args:
        verb: its parser.
        flag: with its dashes.
        kind: what is chosen, for the message to a wrong name.
        options: what there is.
        default: what is meant without the flag; None: all of them.
        words: help; None: the names.
    """
    verb.add_argument(
        flag,
        nargs="+",
        type=choice(kind, {str(option): option for option in options}),
        default=list(options if default is None else default),
        help=words or f"of {', '.join(map(str, options))} (default: all)",
    )


def add_cells(verb):
    """Which architectures and methods."""
    words = "of 1 to 5 (default: all)"
    add_some(verb, "--architectures", "architecture", ARCHITECTURES, words=words)
    add_methods(verb)


def add_methods(verb):
    """Which of the report's methods."""
    add_some(verb, "--methods", "method", METHODS)


def add_grid(verb):
    """Which cells and seeds, in which folder."""
    add_out(verb)
    add_cells(verb)
    add_seeds(verb, 1)


def add_optimizers(verb):
    """Other optimizers than the report's; then `methods` is None if not given."""
    verb.set_defaults(methods=None)
    verb.add_argument(
        "--optimizer",
        dest="optimizers",
        action=Optimizers,
        default=(),
        metavar="SPEC",
        help="your own (module:Class, found from the current folder), Keras's "
        "(keras:Lion) or a variant of the report's (adam, with arguments); may be "
        "given again. Without --methods, nothing else is trained",
    )
    verb.add_argument(
        "--optimizer-args",
        dest="optimizers",
        action=Optimizers,
        type=table,
        default=(),
        metavar="JSON",
        help="arguments of the --optimizer before it: '{\"learning_rate\": 0.01}'",
    )


def add_data(verb):
    """Other data than the embedded digits."""
    verb.add_argument(
        "--data",
        type=Path,
        help="folder of train|val|test/<digit>/*.png|jpg, or MNIST's mnist.npz "
        "(default: the embedded digits)",
    )


def add_seeds(verb, seeds):
    """Which seeds of the cells."""
    verb.add_argument(
        "--seeds",
        type=count_or_seeds,
        default=range(seeds),
        help=f"how many (3: seeds 0, 1, 2), or which (0,4 or 3-5) (default: {seeds})",
    )


def add_limits(verb):
    """How much of each run."""
    verb.add_argument("--max-epochs", type=count, help="end a run there at the latest")
    verb.add_argument(
        "--subset", type=count, help="use only so many examples of each split"
    )


def add_jobs(verb):
    """Where cells are trained, and how many at a time."""
    number = len(cores())
    verb.add_argument(
        "--jobs",
        type=count,
        default=number,
        help=f"cells trained at a time, one core each (default: all cores, {number})",
    )
    verb.add_argument(
        "--cluster",
        type=scheduler,
        metavar="SCHEDULER",
        help="train on the workers of a Dask scheduler instead, as many cells at a "
        "time as they have threads: tcp://HOST:PORT or file:SCHEDULER.json",
    )


def add_out(verb, folder="results/latest"):
    """In which folder."""
    verb.add_argument(
        "--out",
        type=Path,
        default=Path(folder),
        help=f"output folder (default: {folder})",
    )


def add_architecture(verb):
    """Which one."""
    verb.add_argument(
        "--architecture",
        type=choice("architecture", {str(a): a for a in ARCHITECTURES}),
        default=1,
        metavar="NUMBER",
        help="1 to 5 (default: 1)",
    )


def add_dry_run(verb):
    """Whether to train at all."""
    verb.add_argument(
        "--dry-run", action="store_true", help="print what would be trained, and stop"
    )
