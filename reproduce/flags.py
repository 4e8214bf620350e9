"""Flags that verbs have in common."""

import os
from pathlib import Path

from reproduce.arguments import choice, count, count_or_seeds, scheduler
from reproduce.experiment.cells import ARCHITECTURES
from reproduce.experiment.protocol import METHODS, PROTOCOLS


def add_cells(verb):
    """Which architectures and methods."""
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


def add_grid(verb):
    """Which cells, seeds and settings, in which folder."""
    add_out(verb)
    add_cells(verb)
    add_training(verb, 1)
    verb.add_argument(
        "--protocol",
        type=choice("protocol", PROTOCOLS),
        default=PROTOCOLS["report"],
        metavar="NAME",
        help=f"of {', '.join(PROTOCOLS)} (default: report)",
    )


def add_training(verb, seeds):
    """Which seeds of the cells, and how much of each run."""
    verb.add_argument(
        "--seeds",
        type=count_or_seeds,
        default=range(seeds),
        help=f"how many (3: seeds 0, 1, 2), or which (0,4 or 3-5) (default: {seeds})",
    )
    verb.add_argument("--max-epochs", type=count, help="end a run there at the latest")
    verb.add_argument(
        "--subset", type=count, help="use only so many examples of each split"
    )


def add_jobs(verb):
    """Where cells are trained, and how many at a time."""
    cores = len(os.sched_getaffinity(0))
    verb.add_argument(
        "--jobs",
        type=count,
        default=cores,
        help=f"cells trained at a time, one core each (default: all cores, {cores})",
    )
    verb.add_argument(
        "--cluster",
        type=scheduler,
        metavar="SCHEDULER",
        help="train on the workers of a Dask scheduler instead, as many cells at a "
        "time as they have threads: tcp://HOST:PORT or file:SCHEDULER.json",
    )


def add_out(verb):
    """In which folder."""
    verb.add_argument(
        "--out",
        type=Path,
        default=Path("results/latest"),
        help="output folder (default: results/latest)",
    )
