"""What is the matter of people is told from bugs."""

import errno

import pytest

from reproduce.errors import DataError, in_one_line

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
