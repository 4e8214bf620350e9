"""What a run shows: a live display on a terminal, else a line now and then."""

import sys
import time
from dataclasses import dataclass

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from reproduce.experiment.costs import clock, epoch_seconds, makespan, run_seconds

HEARTBEAT_SECONDS = 60.0  # between two lines in a log, at most
REST = 1 / 4  # of its epochs so far: what a run is given that goes beyond expectation


@dataclass
class Training:
    """A task that is trained.

    Attributes:
        begun: when that was, by `time.monotonic`.
        start: epochs that it had before, where it goes on from a checkpoint.
        epoch: the latest that was heard of.
        loss: its error.
    """

    begun: float
    start: int = 0
    epoch: int = 0
    loss: float | None = None

    def hear(self, epoch, loss):
        """An epoch has ended."""
        if not self.epoch:
            self.start = epoch - 1
        self.epoch, self.loss = epoch, loss

    def __str__(self):
        error = "" if self.loss is None else f", error {self.loss:.4f}"
        return f"epoch {self.epoch}{error}" if self.epoch else "starting"


class Progress:
    """Hears of every event of a run and shows where it stands.

    Args:
        num_done: tasks that were done before.
        todo: tasks to train, in the order in which they are started.
        jobs: tasks trained at a time.
        pace: how many times the expected seconds a task took before.
    """

    def __init__(self, num_done, todo, jobs, pace=1.0):
        self.num_done, self.num_cells, self.jobs = num_done, num_done + len(todo), jobs
        self.failures = {}
        self._todo = {task: task.expected_seconds for task in todo}
        self._running = {}
        self._pace, self._expected, self._taken = pace, 0.0, 0.0
        self._told_of_checkpoints = False
        self._begun = self._said = time.monotonic()
        self._console = Console()
        self._live = None

    def __enter__(self):
        self._print(
            f"{self.num_cells} {'cell' if self.num_cells == 1 else 'cells'}: "
            f"{self.num_done} done before, {len(self._todo)} "
            f"to train, {self.jobs} at a time, about {clock(self.seconds_left())}"
        )
        if self._console.is_interactive and self._todo:
            self._live = Live(
                console=self._console, get_renderable=self._render, refresh_per_second=2
            )
            self._live.__enter__()
        return self

    def __exit__(self, *error):
        if self._live:
            self._live.__exit__(*error)

    def seconds_left(self):
        """Time still to go, at the pace of what has been trained so far."""
        now, left = time.monotonic(), []
        expected, taken = self._expected, self._taken
        for task, seconds in list(self._todo.items()):
            training = self._running.get(task)
            if training is None or not training.epoch:
                left.append(seconds)
                continue
            cell, protocol, epoch = task.cell, task.protocol, training.epoch
            expected += run_seconds(cell, protocol, epoch - training.start)
            taken += now - training.begun
            rest = max(task.expected_epochs - epoch, REST * epoch)
            rest = min(rest, protocol.max_epochs - epoch)
            left.append(rest * epoch_seconds(cell, protocol))
        pace = taken / expected if expected else self._pace
        return pace * makespan(left, self.jobs)

    def hear(self, task, event):
        """Take note of an event of `task` (None: of the whole run)."""
        kind = event["event"]
        if kind == "stopping":
            self._print("stopping when the running cells are done; again to stop now")
        elif kind == "started":
            self._running[task] = Training(time.monotonic())
        elif kind == "epoch":
            training = self._running.setdefault(task, Training(time.monotonic()))
            training.hear(event["epoch"], event["loss"])
        elif kind == "no checkpoint":
            self._tell_of_checkpoints(event["message"])
        else:
            self._finish(task, event)
        if not self._live and time.monotonic() - self._said >= HEARTBEAT_SECONDS:
            running = (f"{task} {training}" for task, training in self._running.items())
            self._print("; ".join([self._status(), *running]))

    def _tell_of_checkpoints(self, message):
        """Say once that none can be written: the next failures have the same cause."""
        if not self._told_of_checkpoints:
            self._print(f"no checkpoints; interrupted runs would start over: {message}")
        self._told_of_checkpoints = True

    def _finish(self, task, event):
        training = self._running.pop(task, None)
        seconds = self._todo.pop(task)
        self.num_done += 1
        if event["event"] == "failed":
            self.failures[task] = event["message"]
            outcome = f"failed: {event['message']}"
        else:
            if training is not None and training.epoch:  # else it was there meanwhile
                self._expected += seconds * (1 - training.start / event["epochs"])
                self._taken += time.monotonic() - training.begun
            accuracy = event["accuracy"]
            shown = "" if accuracy is None else f"validation {accuracy:.4f}"
            outcome = (
                f"{event['ending']:11} {event['epochs']:6} epochs  {shown:17} "
                f"{event['seconds']:7.1f} s"
            )
        width = len(str(self.num_cells))
        left = "" if self._live else f"  {clock(self.seconds_left())} left"
        self._print(
            f"[{self.num_done:{width}}/{self.num_cells}] {str(task):22} {outcome}{left}"
        )

    def _print(self, line):
        self._said = time.monotonic()
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        sys.stdout.flush()

    def _status(self):
        elapsed = time.monotonic() - self._begun
        return (
            f"{self.num_done}/{self.num_cells} done, {clock(elapsed)} elapsed, "
            f"about {clock(self.seconds_left())} left"
        )

    def _render(self):
        table = Table.grid(padding=(0, 2))
        for task, training in list(self._running.items()):
            table.add_row(str(task), str(training))
        return Group(table, Text(self._status(), style="bold"))
