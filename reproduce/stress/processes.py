"""Other processes, as Linux tells of them."""

import os
import signal
import time
from pathlib import Path

GRACE_SECONDS = 10.0


def children(pid):
    """Process ids of a process's children."""
    return [child for child, parent, _ in _processes() if parent == pid]


def children_after(process, seconds, parents=None):
    """Wait so long (0: for its first child), or until it ends; return its children.

    Where `parents` are given, those of these processes.

    The first kill of a try waits for a child because a time could come too late: the
    machine may have been slower when the undisturbed run was timed.
    """
    until, pids = time.monotonic() + seconds, []
    while process.poll() is None:
        time.sleep(0.02)
        pids = [pid for parent in parents or [process.pid] for pid in children(parent)]
        if time.monotonic() >= until and (seconds or pids):
            break
    return pids


def kill(pid):
    """SIGKILL, if the process is still there; whether it was."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def survivors(pids, seconds=GRACE_SECONDS):
    """Which of the processes are still running after so long, at most."""
    until = time.monotonic() + seconds
    while running := _running(pids):
        if time.monotonic() > until:
            return running
        time.sleep(0.1)
    return []


def resident_megabytes():
    """Resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _running(pids):
    """A process that has ended, but whose parent has not noticed, is not running."""
    return [pid for pid, _, state in _processes() if pid in pids and state != "Z"]


def _processes():
    """(pid, parent's pid, state) of all processes."""
    processes = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except (OSError, ValueError):  # it has ended meanwhile
            continue
        processes.append((int(path.parent.name), int(parent), state))
    return processes
