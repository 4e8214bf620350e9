"""Runs to disturb, and whether they come out as if they had been left alone."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from reproduce.experiment.protocol import grid
from reproduce.experiment.store import Store
from reproduce.publish.build import build
from reproduce.training.pool import ROOT, SERVE

MAX_EPOCHS, SUBSET, JOBS = 3, 300, 2
FAKE_SERVE = SERVE.replace("training.pool", "stress.fake_worker")
CODE = """
import sys
from reproduce.cli import main
from reproduce.training import pool
vars(pool).update({settings!r})
raise SystemExit(main(sys.argv[1:]))
"""


class Scene:
    """A command, what it leaves when nothing disturbs it, and how long it takes.

    Args:
        folder: where to work.
        methods: of the cells of architecture 1 that are trained.
        serve: the code that children run: the real one, or `FAKE_SERVE`.

    Attributes:
        expected: the output folder of the undisturbed run.
        seconds: what it took.
        model_bytes: size of the largest model.
    """

    def __init__(self, folder, methods, serve=SERVE):
        self.folder, self.serve = Path(folder), serve
        self.cells = grid((1,), methods)
        self.expected = self.folder / "undisturbed"
        begun = time.monotonic()
        self.finish(self.expected)
        self.seconds = time.monotonic() - begun
        self._report = _report(self.expected)
        models = map(Store(self.expected).model_path, self.cells)
        self.model_bytes = max(path.stat().st_size for path in models)

    def fresh(self, name):
        """An output folder for a trial."""
        return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.folder))

    def start(self, out, limit=None, more=(), silence=None):
        """The command that trains what is missing in `out`, as a process.

        Args:
            out: the output folder.
            limit: size of a file at most, in bytes.
            more: other arguments.
            silence: seconds after which a child that says nothing is ended, at least.
        """
        arguments = ["run", "--architectures", "1", "--jobs", str(JOBS), *more]
        arguments += ["--methods", *(cell.method for cell in self.cells)]
        arguments += ["--max-epochs", str(MAX_EPOCHS), "--subset", str(SUBSET)]
        settings = {"SERVE": self.serve}
        if silence is not None:
            settings["LEAST_SILENCE_SECONDS"] = silence
        command = [sys.executable, "-c", CODE.format(settings=settings)]
        return subprocess.Popen(
            [*command, *arguments, "--out", str(out)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            preexec_fn=lambda: _prepare(limit),
            start_new_session=True,
        )

    def finish(self, out):
        """Run the command to its end.

        Raises:
            RuntimeError: it failed, undisturbed.
        """
        process = self.start(out)
        errors = process.communicate()[1]
        if process.returncode:
            raise RuntimeError(f"an undisturbed run failed: {errors.strip()[-500:]}")

    def check(self, trial, out, seen=()):
        """Count as losses all in which `out` is not as the undisturbed run left it.

        Args:
            trial: which to count for.
            out: a finished output folder.
            seen: what `finished` gave while it was not.
        """
        now = finished(out)
        for path, before in dict(seen).items():
            trial.expect(now.get(path) == before, f"{path}: touched when finished")
        ours, theirs = Store(out), Store(self.expected)
        for cell in self.cells:
            same = _contents(ours, cell) == _contents(theirs, cell)
            trial.expect(same, f"{ours.path(cell)}: missing, or not the same bytes")
        kinds = {path.suffix for path in out.glob("runs/*/*/*") if path.is_file()}
        odd = kinds - {".json", ".keras", ".invalid", ".tmp"}
        trial.expect(not odd, f"{out}: {', '.join(sorted(odd))} left behind")
        trial.expect(_report(out) == self._report, f"{out}: other tables or figures")


def finished(out):
    """Path to (modification time, bytes) of valid records and their models."""
    files, store = {}, Store(out)
    for record in store.load():
        for path in (store.path(record.cell), store.model_path(record.cell)):
            files[path] = path.stat().st_mtime_ns, path.read_bytes()
    return files


def _contents(store, cell):
    """All of a run that must come out the same."""
    record, model = store.read(cell), store.model_path(cell)
    return record and record.to_dict()["sha256"], model.exists() and model.read_bytes()


def _report(out):
    """Name to bytes of all tables and figures, times aside.

    And the commit: somebody may work on the project meanwhile.
    """
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = Store(folder), Store(out)
        for record in theirs.load():
            timeless = {name: 1.0 for name in record.seconds}
            source = {**record.provenance, "commit": None}
            ours.write(replace(record, seconds=timeless, provenance=source))
            model = theirs.model_path(record.cell).read_bytes()
            ours.model_path(record.cell).write_bytes(model)
        files = build(folder, published=None)
        return {path.relative_to(folder): path.read_bytes() for path in files}


def _prepare(limit):
    """In the new process: Ctrl-C as at a terminal, and files of a size at most."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if limit is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
