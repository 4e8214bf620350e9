"""One supervised child process: hand it a cell, hear what becomes of it."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from .checkpoints import EVERY_SECONDS
from .costs import clock
from .environment import environment, pin
from .watchdog import Watchdog, silence_limit

ROOT = Path(__file__).parents[2]
WORKER = ("-m", "reproduce.experiment.worker")
# TensorFlow keeps some memory of every model; a cell alone takes up to 1,100 MB.
MOST_MEGABYTES = 1200
NOISE = re.compile(r"[IW]\d{4} |WARNING: ")  # what TensorFlow says anyway


class Child:
    """A worker process on one core, started when first needed.

    Args:
        core: the processor to stay on, or None.
        checkpoint_seconds: between two checkpoints of a run, at least.
    """

    def __init__(self, core=None, checkpoint_seconds=EVERY_SECONDS):
        self.core, self.checkpoint_seconds = core, checkpoint_seconds
        self.process = self.environment = None

    def run(self, cell, protocol, out, on_event):
        """Train one cell in the child; return its last event.

        The event is `done` or `failed`; a child that dies, or is ended for making
        no progress, has failed, and the next call starts another.
        """
        self.start(environment(protocol))
        task = {
            "out": str(Path(out).resolve()),
            "cell": asdict(cell),
            "protocol": protocol.to_dict(),
            "checkpoint_seconds": self.checkpoint_seconds,
        }
        limit = silence_limit(cell, protocol)
        with Watchdog(limit, self.process.kill) as watchdog:
            event = self._answer(task, on_event, watchdog)
        if event is None:
            how = self._post_mortem()
            if watchdog.bitten:
                how = f"no progress for {clock(limit)}, so its process was ended"
            event = {"event": "failed", "message": how}
        elif watchdog.bitten or event.get("megabytes", 0) > MOST_MEGABYTES:
            self.stop()  # bitten in the moment of the answer, or grown too large
        return event

    def start(self, variables):
        """Have a process with these environment variables, the same one if it has."""
        if self.process is not None and self.environment == variables:
            return
        self.stop()
        self.environment = variables
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            [sys.executable, *WORKER, str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env={**os.environ, **variables},
            cwd=ROOT,
            start_new_session=True,  # Ctrl-C is for the parent to deal with
        )
        if self.core is not None:
            pin(self.core, self.process.pid)

    def _answer(self, task, on_event, watchdog):
        """The child's last event, or None if it died."""
        try:
            self.process.stdin.write(json.dumps(task) + "\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                watchdog.pat()
                event = json.loads(line)
                if event["event"] in ("done", "failed"):
                    return event
                on_event(event)
        except (BrokenPipeError, ValueError):
            pass
        return None

    def kill(self):
        """End its process, if it has one; may be called from any thread."""
        process = self.process
        if process is not None:
            process.kill()

    def stop_if_dead(self):
        """Forget a process that ended while it had nothing to do."""
        if self.process is not None and self.process.poll() is not None:
            self.stop()

    def stop(self):
        """End the child now."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                try:
                    stream.close()
                except BrokenPipeError:
                    continue
            self.errors.close()
            self.process = None

    def _post_mortem(self):
        code = self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").split("\n")
        said = [ln for ln in lines if ln.strip() and not NOISE.match(ln)][-1:]
        self.stop()
        how = f"killed by signal {-code}" if code < 0 else f"exit status {code}"
        if code == -signal.SIGKILL:
            how += ", as where memory runs out: fewer --jobs need less"
        return ": ".join([f"its process ended ({how})", *said])
