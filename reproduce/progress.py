"""What a run shows: a live display on a terminal, else a line a finished cell."""

import sys
import time

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text


class Progress:
    """Hears of every event of a run and shows where it stands.

    Args:
        num_cells: all cells asked for.
        num_done: those that were done before.
        costs: cell to expected work, for those to do; any unit.
        jobs: cells trained at a time.
    """

    def __init__(self, num_cells, num_done, costs, jobs):
        self.num_cells, self.num_done, self.costs, self.jobs = (
            num_cells,
            num_done,
            costs,
            jobs,
        )
        self.failures = {}
        self._running, self._work = {}, 0.0
        self._begun = time.monotonic()
        self._console = Console(stderr=False)
        self._live = None

    def __enter__(self):
        self._console.print(
            f"{self.num_cells} cells: {self.num_done} done before, "
            f"{len(self.costs)} to train, {self.jobs} at a time"
        )
        if self._console.is_terminal and self.costs:
            self._live = Live(
                console=self._console, get_renderable=self._render, refresh_per_second=2
            )
            self._live.__enter__()
        return self

    def __exit__(self, *error):
        if self._live:
            self._live.__exit__(*error)

    def hear(self, cell, event):
        """Take note of an event of `cell` (None: of the whole run)."""
        kind = event["event"]
        if kind == "stopping":
            self._print("stopping when the running cells are done; again to stop now")
        elif kind == "started":
            self._running[cell] = (0, None)
        elif kind == "epoch":
            self._running[cell] = (event["epoch"], event["loss"])
        else:
            self._finish(cell, event)

    def _finish(self, cell, event):
        self._running.pop(cell, None)
        self.num_done += 1
        self._work += self.costs[cell]
        if event["event"] == "failed":
            self.failures[cell] = event["message"]
            outcome = f"failed: {event['message']}"
        else:
            accuracy = event["accuracy"]
            shown = "" if accuracy is None else f"validation {accuracy:.4f}"
            outcome = (
                f"{event['status']:11} {event['epochs']:6} epochs  {shown:17} "
                f"{event['seconds']:7.1f} s"
            )
        width = len(str(self.num_cells))
        self._print(
            f"[{self.num_done:{width}}/{self.num_cells}] {str(cell):22} {outcome}"
        )

    def _print(self, line):
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        sys.stdout.flush()

    def _render(self):
        table = Table.grid(padding=(0, 2))
        for cell, (epoch, loss) in list(self._running.items()):
            error = "" if loss is None else f"error {loss:.4f}"
            table.add_row(str(cell), f"epoch {epoch}" if epoch else "starting", error)
        elapsed = time.monotonic() - self._begun
        footer = f"{self.num_done}/{self.num_cells} done, {clock(elapsed)} elapsed"
        if self._work:
            left = elapsed * (sum(self.costs.values()) / self._work - 1)
            footer += f", about {clock(left)} left"
        return Group(table, Text(footer, style="bold"))


def clock(seconds):
    """Seconds as h:mm:ss."""
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
