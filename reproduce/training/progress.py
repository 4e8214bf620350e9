"""What a run shows: a live display on a terminal, else a line a finished cell."""

import sys
import time

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from reproduce.experiment.costs import clock, makespan


class Progress:
    """Hears of every event of a run and shows where it stands.

    Args:
        num_done: tasks that were done before.
        todo: tasks to train, in the order in which they are started.
        jobs: tasks trained at a time.
    """

    def __init__(self, num_done, todo, jobs):
        self.num_done, self.num_cells, self.jobs = num_done, num_done + len(todo), jobs
        self.seconds = {task: task.expected_seconds for task in todo}
        self.failures = {}
        self._running, self._ended = {}, set()
        self._told_of_checkpoints = False
        self._begun = time.monotonic()
        self._console = Console()
        self._live = None

    def __enter__(self):
        estimate = clock(makespan(self.seconds.values(), self.jobs))
        self._console.print(
            f"{self.num_cells} cells: {self.num_done} done before, {len(self.seconds)} "
            f"to train, {self.jobs} at a time, about {estimate}",
            highlight=False,
        )
        if self._console.is_terminal and self.seconds:
            self._live = Live(
                console=self._console, get_renderable=self._render, refresh_per_second=2
            )
            self._live.__enter__()
        return self

    def __exit__(self, *error):
        if self._live:
            self._live.__exit__(*error)

    def seconds_left(self, elapsed):
        """Time still to go, from what is done of the expected work so far."""
        done, left = sum(self.seconds[task] for task in self._ended), []
        for task, seconds in self.seconds.items():
            if task not in self._ended:
                epoch = self._running.get(task, (0, None))[0]
                part = min(epoch / task.expected_epochs, 0.95)
                done += part * seconds
                left.append((1 - part) * seconds)
        pace = elapsed * self.jobs / done if done else 1.0
        return pace * makespan(left, self.jobs)

    def hear(self, task, event):
        """Take note of an event of `task` (None: of the whole run)."""
        kind = event["event"]
        if kind == "stopping":
            self._print("stopping when the running cells are done; again to stop now")
        elif kind == "started":
            self._running[task] = (0, None)
        elif kind == "epoch":
            self._running[task] = (event["epoch"], event["loss"])
        elif kind == "no checkpoint":
            self._tell_of_checkpoints(event["message"])
        else:
            self._finish(task, event)

    def _tell_of_checkpoints(self, message):
        """Say once that none can be written: the next failures have the same cause."""
        if not self._told_of_checkpoints:
            self._print(f"no checkpoints; interrupted runs would start over: {message}")
        self._told_of_checkpoints = True

    def _finish(self, task, event):
        self._running.pop(task, None)
        self.num_done += 1
        self._ended.add(task)
        if event["event"] == "failed":
            self.failures[task] = event["message"]
            outcome = f"failed: {event['message']}"
        else:
            accuracy = event["accuracy"]
            shown = "" if accuracy is None else f"validation {accuracy:.4f}"
            outcome = (
                f"{event['ending']:11} {event['epochs']:6} epochs  {shown:17} "
                f"{event['seconds']:7.1f} s"
            )
        width = len(str(self.num_cells))
        left = "" if self._live else f"  {clock(self._seconds_left_now())} left"
        self._print(
            f"[{self.num_done:{width}}/{self.num_cells}] {str(task):22} {outcome}{left}"
        )

    def _seconds_left_now(self):
        return self.seconds_left(time.monotonic() - self._begun)

    def _print(self, line):
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        sys.stdout.flush()

    def _render(self):
        table = Table.grid(padding=(0, 2))
        for task, (epoch, loss) in list(self._running.items()):
            error = "" if loss is None else f"error {loss:.4f}"
            table.add_row(str(task), f"epoch {epoch}" if epoch else "starting", error)
        elapsed = time.monotonic() - self._begun
        left = clock(self._seconds_left_now())
        footer = (
            f"{self.num_done}/{self.num_cells} done, {clock(elapsed)} elapsed, "
            f"about {left} left"
        )
        return Group(table, Text(footer, style="bold"))
