"""A file is an archive of the three members that Keras writes, whole, or refused."""

import io
import zipfile

import numpy as np
import pytest

from reproduce.errors import ModelFileError
from reproduce.model_file.archive import members

from .samples import put, refuse, rezip


def flip(content, position):
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


def twice(content):
    """The archive with a second config.json."""
    archive = io.BytesIO(content)
    with zipfile.ZipFile(archive, "a") as file, pytest.warns(UserWarning):
        file.writestr("config.json", b"{}")
    return archive.getvalue()


def bomb(content):
    return rezip(content, put("model.weights.h5", bytes(10**8)), zipfile.ZIP_DEFLATED)


def lying_bomb(content):
    """A bomb whose headers say that it is small."""
    packed, true = bomb(content), (10**8).to_bytes(4, "little")
    return packed.replace(true, (10**5).to_bytes(4, "little"))


FILES = {
    "empty": (lambda c: b"", "empty"),
    "not an archive": (lambda c: b"<html>404", "not a .keras file"),
    "HDF5": (lambda c: b"\x89HDF\r\n\x1a\n" + c, "HDF5"),
    "cut": (lambda c: c[: len(c) // 2], "truncated"),
    "cut to two bytes": (lambda c: c[:2], "truncated"),
    "last byte missing": (lambda c: c[:-1], "truncated|damaged"),
    "a bit flipped in the weights": (lambda c: flip(c, len(c) // 2), "damaged"),
    "a path upwards": (lambda c: rezip(c, put("../../evil.py")), "do not trust"),
    "an absolute path": (lambda c: rezip(c, put("/tmp/evil.py")), "do not trust"),
    "an extra member": (lambda c: rezip(c, put("assets/a.txt")), "do not trust"),
    "a member missing": (
        lambda c: rezip(c, lambda parts: parts.pop("config.json")),
        "config.json",
    ),
    "a member twice": (twice, "do not trust"),
    "packed otherwise": (
        lambda c: rezip(c, put("metadata.json"), zipfile.ZIP_LZMA),
        "packed otherwise",
    ),
    "a bomb": (bomb, "do not trust"),
    "a lying bomb": (lying_bomb, "damaged"),
}


@pytest.mark.parametrize("kind", FILES)
def test_bad_archives_are_told_apart(kind, published):
    make, message = FILES[kind]
    refuse(make(published), message)


def test_a_file_cut_anywhere_is_refused(published):
    ends = np.linspace(0, len(published) - 1, 200).astype(int)
    for end in [*ends, *range(len(published) - 60, len(published))]:
        with pytest.raises(ModelFileError):
            members(published[:end])


def test_a_flipped_bit_is_refused_or_changes_no_member(published):
    whole = members(published)
    places = range(len(published) - 300, len(published))
    for place in [*range(0, 400, 7), *places]:
        try:
            assert members(flip(published, place)) == whole
        except ModelFileError as error:
            assert "\n" not in str(error)
