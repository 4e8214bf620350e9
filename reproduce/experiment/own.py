"""From what is asked for on the command line to a method's key; imports no Keras."""

import hashlib
import importlib.util
import os
import re
import sys
from pathlib import Path

from reproduce.errors import MethodError

from .method_keys import KERAS, key_of
from .methods import METHODS

_SPEC = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*", re.ASCII)
_ACCOUNTS = ("in user code:", "Graph execution error:")  # their point comes last


def method_key(spec, arguments):
    """The key of `module:Class`, `keras:Class` or a method of the report.

    The file of `module` is looked up as `import` would, from the current folder
    first, and hashed.

    Args:
        spec: as given to `--optimizer`.
        arguments: dict, as given to `--optimizer-args`.

    Raises:
        MethodError: no such thing.
    """
    if spec in METHODS:
        return key_of(spec, arguments)
    if not _SPEC.fullmatch(spec):
        raise MethodError(
            f"{spec!r} is no optimizer: expected module:Class, keras:Class or one of "
            f"{', '.join(METHODS)}"
        )
    module = spec.partition(":")[0]
    digest = None if module == KERAS else source_sha256(module)
    return key_of(spec, arguments, digest)


def source_sha256(module):
    """Hex digest of the file that `module` would be imported from.

    Raises:
        MethodError: there is no such file.
    """
    path = _file(module)
    if path is None:
        raise MethodError(
            f"{module}: no such module; expected {module.replace('.', '/')}.py in the "
            "current folder, or an installed module"
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def find_from_here():
    """Let modules in the current folder be found, here and in child processes."""
    here = os.getcwd()
    if here not in sys.path:
        sys.path.insert(0, here)
    inherited = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if here not in inherited:
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [here, *inherited]))


def _file(module):
    try:
        found = importlib.util.find_spec(module)
    except (Exception, SystemExit) as error:  # a package's own code may do anything
        raise MethodError(
            f"{module}: cannot be found ({type(error).__name__}: {reason(error)})"
        ) from None
    there = found is not None and found.has_location
    path = Path(found.origin) if there else None
    return path if path and path.suffix == ".py" and path.is_file() else None


def reason(error):
    """What an error says, in one line; of TensorFlow's long accounts the point."""
    lines = [line.strip() for line in str(error).splitlines()]
    lines = [line for line in lines if line and not line.startswith("[[")]
    if not lines:
        return "no reason given"
    return lines[-1 if lines[0].startswith(_ACCOUNTS) else 0]
