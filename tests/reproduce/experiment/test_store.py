"""A record is written whole or not at all, and a damaged one is never believed."""

import json
import os
from dataclasses import replace

import pytest

from reproduce.errors import InvalidRecord
from reproduce.experiment.record import Record, rounded
from reproduce.experiment.store import write_atomically


def test_a_written_record_reads_back_the_same(store, record):
    store.write(record)
    assert store.read(record.cell) == record
    assert store.load() == [record]


def test_its_place_is_named_by_architecture_method_and_seed(store, record):
    store.write(record)
    assert (store.folder / "runs/arch4/nag/seed-2.json").is_file()


def test_a_missing_record_is_none(store, cell):
    assert store.read(cell) is None


def test_a_record_cut_short_anywhere_is_invalid(store, record):
    store.write(record)
    path = store.path(record.cell)
    content = path.read_bytes()
    for kept in range(len(content) - 1):
        path.write_bytes(content[:kept])
        with pytest.raises(InvalidRecord, match=r"seed-2\.json"):
            store.read(record.cell)


def test_a_changed_number_is_noticed(store, record):
    store.write(record)
    path = store.path(record.cell)
    path.write_text(path.read_text().replace('"epochs": 2', '"epochs": 3'))
    with pytest.raises(InvalidRecord, match="SHA-256"):
        store.read(record.cell)


def test_every_flipped_byte_is_noticed_or_changes_nothing(store, record):
    store.write(record)
    path = store.path(record.cell)
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytes([content[place] ^ (1 << place % 8)])
        path.write_bytes(content[:place] + changed + content[place + 1 :])
        try:
            assert store.read(record.cell) == record
        except InvalidRecord:
            continue


def test_an_older_record_without_a_checksum_of_its_file_is_valid(store, record):
    store.write(record)
    path = store.path(record.cell)
    *lines, _, end = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines).removesuffix(",\n") + "\n" + end)
    assert "file_sha256" not in path.read_text()
    assert store.read(record.cell) == record


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", "null", '"x"', '{"schema": 1}', "\x00\xff", "[" * 9999]
)
def test_what_is_not_a_record_is_invalid(store, record, content):
    store.write(record)
    store.path(record.cell).write_text(content)
    with pytest.raises(InvalidRecord):
        store.read(record.cell)


def test_a_record_in_another_cells_place_is_invalid(store, record):
    store.write(record)
    other = replace(record.cell, seed=3)
    os.replace(store.path(record.cell), store.path(other))
    with pytest.raises(InvalidRecord, match="holds another cell"):
        store.read(other)


def test_an_invalid_record_is_set_aside_and_kept(store, record):
    store.write(record)
    store.path(record.cell).write_text("damaged")
    aside = store.set_aside(record.cell)
    assert store.read(record.cell) is None
    assert aside.read_text() == "damaged"


def test_seconds_and_provenance_do_not_count_as_contents(record):
    elsewhere = replace(record, seconds={"setup": 9.0}, provenance={"cpu": "other"})
    assert elsewhere.to_dict()["sha256"] == record.to_dict()["sha256"]
    longer = replace(record, epochs=3)
    assert longer.to_dict()["sha256"] != record.to_dict()["sha256"]


def test_a_setting_that_came_later_leaves_older_records_valid(store, record):
    values = record.to_dict()
    hashed = values.pop("sha256")
    del values["protocol"]["evaluate_epochs"]
    assert Record.from_dict({**values, "sha256": hashed}) == record


def test_a_number_that_is_not_finite_is_never_written(store, record):
    with pytest.raises(ValueError, match="JSON compliant"):
        store.write(replace(record, history={"loss": [float("nan")]}))
    assert store.read(record.cell) is None


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["file"]
    assert path.read_bytes() == b"old"


def test_rounding_keeps_float32_apart_and_never_invents_a_number():
    assert rounded(0.1 + 1e-12) == 0.1
    assert rounded(float("nan")) is None
    assert json.dumps(rounded(1 / 3)) == "0.333333333"
