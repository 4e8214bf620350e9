"""What is the matter of people is told from bugs."""

import errno
import os

import pytest

from reproduce.errors import DataError, in_one_line, visible

OURS = {
    "what is meant for people": (DataError("a: bad; do b"), "a: bad; do b"),
    "a file that is not there": (
        FileNotFoundError(errno.ENOENT, "No such file", "here"),
        "here: no such file; check the path",
    ),
    "a full disk, of whatever file": (
        OSError(errno.ENOSPC, "No space\n left"),
        "no space left; make room and start the same command again: what is "
        "finished is kept",
    ),
    "no more processes": (
        BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"),
        "resource temporarily unavailable; use fewer --jobs, or raise this machine's "
        "limit (ulimit -u)",
    ),
    "no memory for another process": (
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        "cannot allocate memory; use fewer --jobs, which need less",
    ),
    "too many open files": (
        OSError(errno.EMFILE, "Too many open files"),
        "too many open files; use fewer --jobs, or raise this machine's limit "
        "(ulimit -n)",
    ),
    "no more threads": (
        RuntimeError("can't start new thread"),
        "can't start new thread; use fewer --jobs, or raise this machine's limit "
        "(ulimit -u)",
    ),
    "a clock of 1971": (
        ValueError("ZIP does not support timestamps before 1980"),
        "ZIP does not support timestamps before 1980; a model's file is such an "
        "archive, so set this machine's clock",
    ),
    "another trouble with a file": (
        OSError(errno.EIO, "Input/output error", "here"),
        "here: input/output error; check the path and its disk",
    ),
}


@pytest.mark.parametrize(("error", "line"), OURS.values(), ids=OURS)
def test_it_is_one_line(error, line):
    assert in_one_line(error) == line


@pytest.mark.parametrize(
    "bug", [ValueError("x"), KeyError("x"), OSError("x"), OSError(errno.EBADF, "x")]
)
def test_a_bug_has_none(bug):
    assert in_one_line(bug) is None


NAMES = {
    "a\x1b]0;title\x07.png": r"a\x1b]0;title\x07.png",
    "two\nlines\r": r"two\nlines\r",
    "\x9b31m red": r"\x9b31m red",
    "gpj.\u202egnp": r"gpj.\u202egnp",
    "line\u2028end": r"line\u2028end",
    os.fsdecode(b"\xff.png"): r"\udcff.png",
    "Größe 3 µm, 数字 – ½.png": "Größe 3 µm, 数字 – ½.png",
}


@pytest.mark.parametrize(("name", "shown"), NAMES.items())
def test_a_name_in_a_message_does_nothing_to_a_terminal(name, shown):
    assert visible(name) == shown
    assert str(DataError(f"{name}: bad")) == f"{shown}: bad"
    assert in_one_line(FileNotFoundError(errno.ENOENT, "None", name)).startswith(shown)
    assert visible(shown) == shown
    in_one_line(DataError(name)).encode()
