"""A side: a process that measures one thing, on one core, each time it is asked."""

import json
import os
import subprocess
import sys
import tempfile

from reproduce.errors import UserError
from reproduce.experiment.protocol import Cell
from reproduce.training.pool import ONE_THREAD, ROOT, environment, pin


class Side:
    """One measuring process, as its parent sees it; a context.

    Args:
        module: of this package, run as a program, which calls `serve`.
        core: to be pinned to.
    """

    def __init__(self, module, core):
        self._errors = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.{module}"],
            env={**os.environ, **ONE_THREAD, **environment()},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            preexec_fn=lambda: pin(core),
        )
        self._module = module

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.kill()
        self._process.communicate()
        self._errors.close()

    def measure(self, cell):
        """What the process measures of a cell, by name.

        Raises:
            UserError: it failed, with its last words.
        """
        try:
            self._process.stdin.write(f"{cell.architecture} {cell.method}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # its last words are better than this
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            self._errors.seek(0)
            errors = self._errors.read().strip().splitlines() or ["it said nothing"]
            raise UserError(f"bench: {self._module} failed on {cell}: {errors[-1]}")
        return json.loads(line)


def serve(prepare):
    """Answer each line `ARCHITECTURE METHOD` of standard input with what it measures.

    Args:
        prepare: makes ready to measure a `Cell`; returns a function that measures it
            once more and returns a dict of numbers. Lines of one cell follow each
            other, and the first answer, of what may still be cold, does not count.
    """
    ready = measure = None
    for line in sys.stdin:
        architecture, method = line.split()
        cell = Cell(int(architecture), method, 0)
        if cell != ready:
            ready, measure = cell, prepare(cell)
        print(json.dumps(measure()), flush=True)
