"""Read arrays from an HDF5 file that may come from anywhere.

This is the program of the child process that `weights` starts. It reads the file from
standard input, gives up every right that it does not need, and answers on standard
output: a line, `ok` or what is wrong, and then the arrays' bytes. It imports nothing
of this project.
"""

import io
import json
import sys
from contextlib import suppress

import h5py
import numpy as np

try:
    import resource
except ImportError:  # Windows
    resource = None

CPU_SECONDS = 30
MEMORY = 2 * 10**9  # bytes of address space
FLOAT = np.dtype("<f4")


def main():
    """Answer with the arrays that are asked for.

    The first argument is JSON: [[place in the file, shape], …].
    """
    places = json.loads(sys.argv[1])
    content = sys.stdin.buffer.read()
    give_up_rights()
    answer = sys.stdout.buffer
    try:
        with h5py.File(io.BytesIO(content), "r") as file:
            arrays = [plain_array(file, place, shape) for place, shape in places]
    except Refused as error:
        answer.write(f"{error}\n".encode())
    # The library raises whatever a damaged file makes it raise.
    except Exception as error:
        line = " ".join(str(error).encode("ascii", "replace").decode().split())
        answer.write(f"damaged ({line[:120]})\n".encode())
    else:
        answer.write(b"ok\n")
        for array in arrays:
            answer.write(array.tobytes())
    answer.flush()


class Refused(Exception):
    """What is wrong with a file, in words."""


def give_up_rights():
    """No file or socket can be opened any more, nothing be written but the answer.

    Memory and processor time are bounded, no process can be started. Systems without
    these limits have only those that `weights` sets from outside.
    """
    if resource is None:
        return
    for name, limit in (
        ("RLIMIT_AS", MEMORY),
        ("RLIMIT_CPU", CPU_SECONDS),
        ("RLIMIT_CORE", 0),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_NOFILE", 0),
    ):
        with suppress(AttributeError, OSError, ValueError):  # each system has some
            resource.setrlimit(getattr(resource, name), (limit, limit))


def plain_array(file, place, shape):
    """The array at a place, if it lies in the file itself, whole and as it is.

    Raises:
        Refused: it lies elsewhere, or is of another kind than expected.
    """
    node = file
    for name in place.split("/"):
        if not isinstance(node, h5py.Group):
            raise Refused(f"have no {place}")
        link = node.get(name, getlink=True)
        if link is None:
            raise Refused(f"have no {place}")
        if type(link) is not h5py.HardLink:
            raise Refused(f"have a link to elsewhere in place of {place}")
        node = node[name]
    if not isinstance(node, h5py.Dataset):
        raise Refused(f"have no array for {place}")
    storage = node.id.get_create_plist()
    if (
        storage.get_layout() != h5py.h5d.CONTIGUOUS
        or storage.get_external_count()
        or storage.get_nfilters()
    ):
        raise Refused(f"do not hold {place} in this file, plain and in one piece")
    if (node.dtype, node.shape) != (FLOAT, tuple(shape)):
        raise Refused(
            f"have {place} as {node.dtype} {node.shape}; expected float32 "
            f"{tuple(shape)}"
        )
    if node.id.get_storage_size() != node.size * FLOAT.itemsize:
        raise Refused(f"do not hold all of {place}")
    return node[()]


if __name__ == "__main__":
    main()
