"""A Dask cluster on this machine alone, to be measured and to be disturbed."""

import json
import subprocess
import sys
import time
from pathlib import Path

from .cluster import connect
from .pool import ROOT

DASK = ("-m", "dask")
HERE = ("--host", "127.0.0.1", "--no-dashboard")
WAIT_SECONDS = 60  # for the workers to join


class LocalCluster:
    """A scheduler and workers of one thread each, in a `with` block.

    Args:
        folder: for their files.
        workers: how many to start with.
        program: Python's arguments for a Dask process.

    Attributes:
        where: what `--cluster` takes.
        workers: their processes.
    """

    def __init__(self, folder, workers=2, program=DASK):
        self._folder, self._number, self._program = Path(folder), workers, program
        self._file = self._folder / "scheduler.json"
        self.where, self.workers = f"file:{self._file}", []

    def __enter__(self):
        self._scheduler = self._start("scheduler", "--port", "0")
        try:
            while not self._is_ready():
                time.sleep(0.05)
        except BaseException:
            self.__exit__()
            raise
        self.add(self._number)
        return self

    def __exit__(self, *error):
        self.lose([*self.workers])
        self._scheduler.kill()
        self._scheduler.wait()

    def add(self, number=1):
        """Start more workers."""
        for _ in range(number):
            options = (
                "--nthreads",
                "1",
                "--no-nanny",
                "--local-directory",
                self._folder,
            )
            self.workers.append(self._start("worker", *map(str, options)))

    def lose(self, lost):
        """Kill some of the workers; return how many."""
        for process in lost:
            process.kill()
            process.wait()
            self.workers.remove(process)
        return len(lost)

    def wait(self):
        """Until all workers have joined.

        Raises:
            TimeoutError: they do not, for a minute.
        """
        with connect(self.where) as client:
            client.wait_for_workers(len(self.workers), timeout=WAIT_SECONDS)

    def _start(self, *words):
        command = [sys.executable, *self._program, *words, *HERE]
        return subprocess.Popen(
            [*command, "--scheduler-file", str(self._file)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _is_ready(self):
        """Whether the scheduler has said where it is.

        Raises:
            RuntimeError: it has ended.
        """
        if self._scheduler.poll() is not None:
            raise RuntimeError("the Dask scheduler did not start")
        try:
            return bool(json.loads(self._file.read_bytes()))
        except (OSError, ValueError):  # not yet, or not all of it
            return False
