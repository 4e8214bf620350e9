"""The manifest lists what went in and what came out, by SHA-256."""

import hashlib
import json

from reproduce.report import build
from reproduce.report.manifest import MANIFEST


def test_every_record_and_every_file_made_is_listed_as_it_is(output_folder, record):
    folder = output_folder([record(1, "adam"), record(1, "sgd", 2)])
    made = build(folder)
    listed = json.loads((folder / MANIFEST).read_bytes())
    assert sorted(listed["records"]) == [
        "runs/arch1/adam/seed-0.json",
        "runs/arch1/sgd/seed-2.json",
    ]
    names = {path.relative_to(folder).as_posix() for path in made}
    assert names - {MANIFEST} <= set(listed["made"])
    for name, digest in {**listed["records"], **listed["made"]}.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_records_of_extra_experiments_are_listed_too(output_folder, record):
    folder = output_folder([record(1, "adam")])
    output_folder([record(1, "adam")], "out/studies/glorot")
    output_folder([record(1, "adam")], "out/studies/he-normal")
    build(folder)
    listed = json.loads((folder / MANIFEST).read_bytes())["records"]
    assert set(listed) == {
        "runs/arch1/adam/seed-0.json",
        "studies/glorot/runs/arch1/adam/seed-0.json",
        "studies/he-normal/runs/arch1/adam/seed-0.json",
    }
