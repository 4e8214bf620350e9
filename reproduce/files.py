"""Files written whole or not at all, and read only where they are files.

Whoever else writes into the same folder, and whatever is found there.
"""

import errno
import os
import re
import secrets
import stat
import time
from contextlib import suppress
from itertools import takewhile

ABANDONED_SECONDS = 3600  # no write takes that long
_TEMPORARY = re.compile(r"\..+\.[0-9a-f]+\.tmp")
_swept = set()  # folders that this process has written to


def write_atomically(path, content):
    """Write bytes to `path` so that no reader ever sees a part of them.

    They are on the disk when this returns, and so is the name of the file.

    Raises:
        OSError: it could not be written; what was there before is unchanged.
    """
    new_folders = list(takewhile(lambda folder: not folder.exists(), path.parents))
    path.parent.mkdir(parents=True, exist_ok=True)
    if (folder := os.path.abspath(path.parent)) not in _swept:
        _swept.add(folder)
        sweep(folder)
    # Process ids repeat from one container to the next; these do not.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if error.errno:  # which does not say of which file it is
            error.filename = str(path)
        raise
    finally:
        temporary.unlink(missing_ok=True)
    for folder in (path.parent, *(folder.parent for folder in new_folders)):
        _sync_folder(folder)


def open_regular(path):
    """Open a regular file to read its bytes.

    A named pipe would be waited for as long as nobody writes into it, and a device
    has no end.

    Raises:
        OSError: it cannot be opened, or is of another kind.
    """
    return open(path, "rb", opener=_regular)


def read_regular(path, most=-1):
    """The bytes of a regular file, at most so many; -1: all.

    Raises:
        OSError: as `open_regular`.
    """
    with open_regular(path) as file:
        return file.read(most)


def _regular(path, flags):
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # `open` itself refuses folders
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "Not a regular file", str(path))


def sweep(folder):
    """Remove what writes into a folder left behind that were killed in their midst."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_temporary(entry.name):
                with suppress(OSError):  # gone meanwhile, or not ours to remove
                    if time.time() - entry.stat().st_mtime > ABANDONED_SECONDS:
                        os.unlink(entry)


def is_temporary(name):
    """Whether a file's name is one that `write_atomically` writes under."""
    return _TEMPORARY.fullmatch(name) is not None


def _sync_folder(folder):
    """Have the names in a folder on the disk, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
