"""`manifest.json`: what the report was made from and what was made, by SHA-256."""

import hashlib
import json

MANIFEST = "manifest.json"
INPUTS = ("runs/arch*/*/seed-*.json", "*/**/runs/arch*/*/seed-*.json")


def manifest(folder, files):
    """The manifest's bytes.

    Args:
        folder: the output folder; its records are listed as they are there.
        files: {path below it: bytes} of what the report made.
    """
    records = sorted({path for pattern in INPUTS for path in folder.glob(pattern)})
    values = {
        "records": {
            path.relative_to(folder).as_posix(): _sha256(path.read_bytes())
            for path in records
        },
        "made": {name: _sha256(content) for name, content in sorted(files.items())},
    }
    return f"{json.dumps(values, indent=0)}\n".encode()


def _sha256(content):
    return hashlib.sha256(content).hexdigest()
