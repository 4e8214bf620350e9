"""Save a model so that the same weights give the same bytes."""

import io
import json
import re
import tempfile
import zipfile
from pathlib import Path

NO_DATE = "1980-01-01@00:00:00"


def archive_bytes(model):
    """The model as the bytes of a `.keras` archive without dates and addresses.

    Keras writes the time into the archive, and memory addresses to tell shared
    objects apart; without them the checksum tells whether two models are the same.

    Raises:
        OSError: no room in the folder for temporary files, which it names.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        try:
            model.save(path)
        except OSError as error:
            if error.errno:  # of a full disk, which does not say where
                error.filename = folder
            raise
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in sorted(archive.namelist())}
    metadata = json.loads(members["metadata.json"])
    metadata["date_saved"] = NO_DATE
    members["metadata.json"] = json.dumps(metadata, sort_keys=True).encode()
    members["config.json"] = _renumbered(members["config.json"].decode()).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, member in members.items():
            archive.writestr(zipfile.ZipInfo(name), member)
    return content.getvalue()


def _renumbered(config):
    """The configuration with its shared objects numbered in order of appearance."""
    numbers = {}

    def number(match):
        return f'"shared_object_id": {numbers.setdefault(match[1], len(numbers))}'

    return re.sub(r'"shared_object_id": (\d+)', number, config)
