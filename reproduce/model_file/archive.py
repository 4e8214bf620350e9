"""Take a `.keras` archive apart without trusting it."""

import io
import struct
import zipfile
import zlib

from reproduce.errors import ModelFileError

MEMBERS = ("config.json", "metadata.json", "model.weights.h5")
MAX_BYTES = 200_000_000
MAX_RATIO = 100
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others take memory unasked
ZIP, HDF5 = b"PK\x03\x04", b"\x89HDF\r\n\x1a\n"
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,  # encrypted, or an unknown kind of compression
    ValueError,
)
REMEDY = "copy it again, or train it again"


def members(content):
    """The three members of a `.keras` file, each checked against its CRC.

    Args:
        content: bytes of the file.

    Returns:
        Name to bytes.

    Raises:
        ModelFileError: not a `.keras` file, damaged, too large or with other
            members than Keras writes.
    """
    _check_kind(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            _check_headers(infos)
            return {info.filename: _read(archive, info) for info in infos}
    except ModelFileError:
        raise
    except BROKEN as error:
        # Its table of contents ends a zip file, so a cut one has none.
        problem = "damaged" if b"PK\x05\x06" in content[-70_000:] else "truncated"
        raise ModelFileError(f"{problem} ({error}); {REMEDY}") from None


def _check_kind(content):
    if not content:
        raise ModelFileError(f"the file is empty; {REMEDY}")
    if content.startswith(HDF5):
        raise ModelFileError(
            "an HDF5 model, which can run code when loaded; "
            "give a .keras file, saved in the .keras format"
        )
    if not content.startswith(ZIP):
        cut = ZIP.startswith(content)
        problem = f"truncated; {REMEDY}" if cut else "not a .keras file; give one"
        raise ModelFileError(problem)


def _check_headers(infos):
    names = [info.filename for info in infos]
    if sorted(names) != sorted(MEMBERS):
        odd = sorted(set(names) ^ set(MEMBERS)) or names
        raise ModelFileError(
            f"not as Keras saves a model, see {odd[0][:60]!r}: expected "
            f"{', '.join(MEMBERS)} and nothing else; do not trust this file"
        )
    if {info.compress_type for info in infos} - set(PACKED):
        raise ModelFileError(
            "packed otherwise than Keras packs a model; do not trust this file"
        )
    unpacked = sum(info.file_size for info in infos)
    ratio = max(info.file_size / max(info.compress_size, 1) for info in infos)
    if unpacked > MAX_BYTES or ratio > MAX_RATIO:
        raise ModelFileError(
            f"unpacks to {unpacked / 1e6:,.0f} MB, {ratio:,.0f} times its "
            f"size; at most {MAX_BYTES // 10**6} MB and {MAX_RATIO} times are "
            "allowed; do not trust this file"
        )


def _read(archive, info):
    """At most what the header says; one byte more is a broken file."""
    with archive.open(info) as member:
        content = member.read(info.file_size + 1)
    if len(content) != info.file_size:
        raise zipfile.BadZipFile(f"{info.filename} has another size than announced")
    return content
