"""Errors meant for people: what was given, what is expected and how to mend it.

    UserError
    ├── DataError        the digits are not there, or not the digits
    ├── ImageError       an image cannot be read, or no digit is on it
    ├── ModelFileError   a file is not a model, or not safe to load
    ├── InvalidRecord    a file is not a whole record
    ├── NewerRecord      a record is of a later version of this project
    ├── OtherProtocol    a folder's records were made under other settings
    ├── MethodError      an optimizer is not there, or cannot be trained with
    ├── ExportError      a model cannot be written in another format
    └── ClusterError     a cluster cannot be used, or is lost

The command line prints them in one line and ends with status 2. Any other error
is a bug, and shows its traceback.
"""

import difflib
import errno
import io
import os
import shlex
import sys
import traceback
import unicodedata


class UserError(ValueError):
    """Something given is wrong; the message names it and says how to mend it."""

    def __str__(self):
        return visible(super().__str__())


class DataError(UserError):
    """The digits cannot be read or are not the digits this project was run on."""


class ImageError(UserError):
    """An image cannot be read, or no digit is on it."""


class ModelFileError(UserError):
    """A file is not a model of this project, or not safe to load."""


class InvalidRecord(UserError):
    """A file that is not a whole record of this schema."""


class NewerRecord(UserError):
    """A record that a later version of this project wrote, which is not to be lost."""


class OtherProtocol(UserError):
    """The output folder holds records made under other settings."""

    @classmethod
    def at(cls, place, difference, folder):
        """The error.

        Args:
            place: the record, or the folder.
            difference: which settings, in words.
            folder: the output folder.
        """
        return cls(
            f"{place}: made under other settings ({difference}). Choose another "
            f"--out, or delete all runs there{_purging(folder)}."
        )


def _purging(folder):
    """By which command, as a shell and make read it; none if it cannot be shown."""
    if not str(folder).isprintable():
        return ""
    return f" with `make purge {shlex.quote(make_argument(folder))}`"


def make_argument(folder):
    """The argument by which make takes a folder of any name for OUT.

    It expands what follows a `$`, and drops the spaces that a value begins with.
    """
    text = str(folder)
    prefix = "./" if text[:1].isspace() else ""
    return f"OUT={prefix}{text}".replace("$", "$$")


class MethodError(UserError):
    """An optimizer asked for is not there, or cannot be trained with."""


class ExportError(UserError):
    """A model cannot be written in another format; the message says why."""


class ClusterError(UserError):
    """The cluster cannot be used; the message says how to mend it."""


_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # categories of Unicode
_IN_THE_WAY = "a file stands where a folder is needed; choose another or move it"
_FORBIDDEN = "choose another folder, or change its permissions"
_FULL = "make room and start the same command again: what is finished is kept"
_OPEN_FILES = "use fewer --jobs, or raise this machine's limit (ulimit -n)"
_STARTED = "use fewer --jobs, or raise this machine's limit (ulimit -u)"
_OF_THE_MACHINE = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EMFILE: _OPEN_FILES,
    errno.ENFILE: _OPEN_FILES,
    errno.EAGAIN: _STARTED,  # of a new process
    errno.ENOMEM: "use fewer --jobs, which need less",
}  # of whatever file, or of none
_REMEDIES = {
    **_OF_THE_MACHINE,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EISDIR: "a folder stands where a file is needed; choose another or move it",
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _FORBIDDEN,
    errno.ENOENT: "check the path",
}
_WITHOUT_A_CLASS = {
    "can't start new thread": _STARTED,
    "ZIP does not support timestamps before 1980": "a model's file is such an archive, "
    "so set this machine's clock",
}  # what Python says of the machine with errors that it has no class for


def visible(text):
    """Text in one line that does nothing to a terminal, whatever is in a file's name.

    Control characters, line ends, marks that turn the direction of writing, and bytes
    that are no text are shown as Python would write them.
    """
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in _UNSEEN
        else char
        for char in str(text)
    )


def meant(word, known, otherwise=""):
    """The hint that a word may stand for one of the known ones, or `otherwise`."""
    close = difflib.get_close_matches(str(word), known, n=1)
    return f"; did you mean {close[0]}?" if close else otherwise


def in_one_line(error):
    """What to say to people of an error; None if it is a bug.

    A `UserError` says it itself; others are of people if they are about a file, or
    about what a machine gives: room, processes, threads, the time.
    """
    if isinstance(error, UserError):
        return str(error)
    if remedy := _WITHOUT_A_CLASS.get(str(error)):
        return f"{error}; {remedy}"
    if not isinstance(error, OSError):
        return None
    if error.filename is None and error.errno not in _OF_THE_MACHINE:
        return None
    remedy = _REMEDIES.get(error.errno, "check the path and its disk")
    reason = " ".join((error.strerror or type(error).__name__).split()).lower()
    place = "" if error.filename is None else f"{visible(error.filename)}: "
    return f"{place}{reason}; {remedy}"


def described(error):
    """A `message` in one line; for a bug its `traceback` as well."""
    line = in_one_line(error)
    if line is not None:
        return {"message": line}
    message = f"{type(error).__name__}: {error}".splitlines()[0]
    trace = "".join(traceback.format_exception(error))
    return {"message": message, "traceback": trace}


def take_any_text():
    """Have standard streams that are open and take all letters, whatever the locale.

    A file that is opened would be given the number of a stream that is closed, and
    then whatever is printed.
    """
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        continue
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # as stderr has it
