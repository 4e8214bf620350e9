"""Find the scheduler of a cluster, and say so where there is none."""

import json
import logging
import warnings
from pathlib import Path

from reproduce.errors import ClusterError

CONNECT_SECONDS = 10
START_WORKER = "`.venv/bin/python -m dask worker` in the project's folder"


def connect(where):
    """A Dask client of the scheduler at `tcp://HOST:PORT` or `file:PATH`.

    Raises:
        ClusterError: Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "--cluster needs Dask: `make cluster`, or "
            "`.venv/bin/pip install -r requirements-cluster.txt`"
        ) from None
    address = _address(where)
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # we say it ourselves
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # versions are compared below
            return Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except Exception as error:
        raise ClusterError(
            f"{where}: no scheduler answers at {address} ({type(error).__name__}); "
            "start one with `.venv/bin/python -m dask scheduler`"
        ) from error


def _address(where):
    if not where.startswith("file:"):
        return where
    path = Path(where.removeprefix("file:"))
    try:
        return json.loads(path.read_text(encoding="utf-8"))["address"]
    except FileNotFoundError:
        raise ClusterError(
            f"{path}: no such file; start a scheduler with "
            f"`.venv/bin/python -m dask scheduler --scheduler-file {path}`"
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ClusterError(
            f"{path}: not a scheduler file, as `dask scheduler --scheduler-file` writes"
        ) from None
