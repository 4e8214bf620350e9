"""A record is written whole or not at all, and a damaged one is never believed."""

import hashlib
import json
import os
import shutil
from dataclasses import replace

import pytest

from reproduce.errors import InvalidRecord, NewerRecord, OtherProtocol, UserError
from reproduce.experiment import store as experiment_store
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.record import SCHEMA, Record, rounded
from reproduce.experiment.store import HELD, Store, parse


def test_a_written_record_reads_back_the_same(store, record):
    store.write(record)
    assert store.read(record.cell) == record
    assert store.load() == [record]


def test_its_place_is_named_by_architecture_method_and_seed(store, record):
    store.write(record)
    assert (store.folder / "runs/arch4/nag/seed-2.json").is_file()


def test_a_missing_record_is_none(store, cell):
    assert store.read(cell) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_a_record_or_a_model_is_refused_without_waiting(
    store, record
):
    store.write(record)
    os.mkfifo(store.model_path(record.cell))
    with pytest.raises(OSError, match="Not a regular file"):
        store.model_is_damaged(record)
    store.path(record.cell).unlink()
    os.mkfifo(store.path(record.cell))
    for read in (store.load, lambda: store.read(record.cell)):
        with pytest.raises(OSError, match="Not a regular file"):
            read()


def test_a_record_cut_short_anywhere_is_invalid(store, record):
    store.write(record)
    path = store.path(record.cell)
    content = path.read_bytes()
    for length in range(len(content) - 1):
        path.write_bytes(content[:length])
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
    neighbour = replace(record.cell, seed=3)
    os.replace(store.path(record.cell), store.path(neighbour))
    with pytest.raises(InvalidRecord, match="holds another cell"):
        store.read(neighbour)


def test_an_invalid_record_is_set_aside_and_kept(store, record):
    store.write(record)
    store.path(record.cell).write_text("damaged")
    aside = store.set_aside(store.path(record.cell))
    assert store.read(record.cell) is None
    assert aside.read_text() == "damaged"


def test_what_is_set_aside_later_leaves_what_was_set_aside_before(store, record):
    path = store.path(record.cell)
    path.parent.mkdir(parents=True)
    for content in ("first", "second", "third"):
        path.write_text(content)
        store.set_aside(path)
    contents = {aside.name: aside.read_text() for aside in path.parent.iterdir()}
    assert contents == {
        "seed-2.json.invalid": "first",
        "seed-2.2.json.invalid": "second",
        "seed-2.3.json.invalid": "third",
    }


def test_what_another_command_has_set_aside_is_no_trouble(store, record):
    path = store.path(record.cell)
    path.parent.mkdir(parents=True)
    assert store.set_aside(path) is None
    assert list(path.parent.iterdir()) == []


COPIES = (
    "runs/arch4/nag/seed-2 (copy).json",
    "runs/arch4/nag/seed-02.json",
    "runs/arch4/nag/seed-3.json",
    "runs/arch4/nag copy/seed-2.json",
    "runs/arch4.bak/nag/seed-2.json",
    "runs/arch5/nag/seed-2.json",
)


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_of_a_record_is_not_a_second_one(store, record, copy):
    store.write(record)
    place = store.folder / copy
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(store.path(record.cell), place)
    assert store.load() == [record]


def test_a_record_is_parsed_again_only_where_its_file_has_changed(
    store, record, monkeypatch
):
    parsed = []

    def parse_and_note(content):
        parsed.append(content)
        return parse(content)

    store.write(record)
    with monkeypatch.context() as patched:
        patched.setattr(experiment_store, "parse", parse_and_note)
        assert store.load() == store.load() == [record]
    assert len(parsed) == 1
    store.write(replace(record, seconds={"setup": 5.0, "training": 6.0}))
    assert store.load()[0].seconds["setup"] == 5.0


def newer(store, record):
    """The record as a later version of this project might write it."""
    store.write(record)
    path = store.path(record.cell)
    values = json.loads(path.read_bytes())
    del values["file_sha256"], values["splits"]
    path.write_text(json.dumps(values | {"schema": SCHEMA + 1, "novelty": 1}))
    return path


@pytest.mark.parametrize("look", ["read", "load"])
def test_a_record_of_a_later_version_is_neither_believed_nor_set_aside(
    store, record, look
):
    path = newer(store, record)
    content = path.read_bytes()
    with pytest.raises(NewerRecord, match=rf"{path}: .*schema 3.*Update the project"):
        store.read(record.cell) if look == "read" else store.load()
    assert path.read_bytes() == content


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
    history = {**record.history, "loss": [0.5, float("nan")]}
    with pytest.raises(InvalidRecord, match="its history"):
        store.write(replace(record, history=history))
    assert store.read(record.cell) is None


def test_rounding_keeps_float32_apart_and_never_invents_a_number():
    assert rounded(0.1 + 1e-12) == 0.1
    assert rounded(float("nan")) is None
    assert json.dumps(rounded(1 / 3)) == "0.333333333"


OTHER = Protocol(learning_rate=0.5)
MODEL = b"a model"
TRAINED = {"model_sha256": hashlib.sha256(MODEL).hexdigest()}


def test_a_finished_record_is_kept_whoever_comes_later(store, record):
    first = replace(record, **TRAINED)
    assert store.keep(first, MODEL) == first
    later = replace(first, seconds={"setup": 9.0, "training": 9.0})
    assert store.keep(later, MODEL) == first
    with pytest.raises(OtherProtocol, match=r"learning_rate 0\.001, not 0\.5"):
        store.keep(replace(first, protocol=OTHER), b"another model")
    assert store.read(record.cell) == first
    assert store.model_path(record.cell).read_bytes() == MODEL


def test_a_record_that_is_damaged_meanwhile_is_set_aside_for_the_new_one(store, record):
    first = replace(record, **TRAINED)
    store.path(record.cell).parent.mkdir(parents=True)
    store.path(record.cell).write_text("damaged")
    assert store.keep(first, MODEL) == store.read(record.cell) == first
    (aside,) = store.path(record.cell).parent.glob("*.invalid")
    assert aside.read_text() == "damaged"


def test_a_damaged_model_is_made_again_and_its_record_stays(store, record):
    first = replace(record, **TRAINED)
    store.keep(first, MODEL)
    assert not store.model_is_damaged(first)
    store.model_path(record.cell).write_bytes(MODEL[:-1])
    assert store.model_is_damaged(first)
    stamp = store.path(record.cell).stat().st_mtime_ns
    rerun = replace(first, seconds={"setup": 9.0, "training": 9.0})
    assert store.keep(rerun, MODEL) == first
    assert store.model_path(record.cell).read_bytes() == MODEL
    assert store.path(record.cell).stat().st_mtime_ns == stamp


def test_a_damaged_model_that_cannot_be_made_again_is_set_aside_in_words(store, record):
    first = replace(record, **TRAINED)
    store.keep(first, MODEL)
    store.model_path(record.cell).write_bytes(b"damaged")
    rerun = replace(record, model_sha256=hashlib.sha256(b"other").hexdigest())
    with pytest.raises(UserError, match="seed-2.keras.invalid.*delete .*seed-2.json"):
        store.keep(rerun, b"other")
    assert store.read(record.cell) == first
    assert not store.model_path(record.cell).exists()
    assert not store.model_is_damaged(first)


def test_a_model_that_is_not_there_is_not_missed(store, record):
    """Published records come without: their models are large, and can be made."""
    store.write(record)
    assert not store.model_is_damaged(record)


ONE, TWO = {"learning_rate": 0.1}, {"learning_rate": 0.2}


def test_a_folder_is_held_for_one_kind_of_settings_at_a_time(store):
    twin = Store(store.folder)
    with store.held(ONE) as first, twin.held(ONE) as second:
        assert (first, second) == (False, True)  # whether it is shared
        with pytest.raises(OtherProtocol, match=r"learning_rate 0\.1, not 0\.2"):
            with twin.held(TWO):
                pytest.fail("held for both")
    with twin.held(TWO):
        pass
    assert list(store.folder.iterdir()) == []


def test_who_leaves_first_does_not_let_go_for_the_others(store):
    first, second = store.held(ONE), Store(store.folder).held(ONE)
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    with pytest.raises(OtherProtocol), store.held(TWO):
        pass
    second.__exit__(None, None, None)
    with store.held(TWO):
        pass


def test_what_a_killed_process_held_is_free_again(store):
    store.folder.mkdir()
    (store.folder / HELD).write_text(json.dumps(ONE) + "cut")
    with store.held(TWO), pytest.raises(OtherProtocol), store.held(ONE):
        pass
    assert list(store.folder.iterdir()) == []


def test_where_there_are_no_locks_runs_go_on_without(store, monkeypatch):
    monkeypatch.setattr(experiment_store, "fcntl", None)
    with store.held(ONE), store.held(TWO):
        assert list(store.folder.iterdir()) == []
