"""A checkpoint is believed whole or not at all; a damaged one costs little."""

import hashlib
import json
import os
from dataclasses import replace

import numpy as np
import pytest

from reproduce.errors import in_one_line
from reproduce.training.checkpoints import Checkpoint, Checkpoints

RUN = {"cell": {"method": "sgd"}, "provenance": {"commit": None}}


def checkpoint(epoch):
    return Checkpoint(
        identity=RUN,
        epoch=epoch,
        history={"loss": [0.1 + 1e-17, 1 / 3][:epoch]},
        seconds={"training": 1.5},
        arrays=[np.arange(6, dtype=np.float32).reshape(2, 3), np.int64(epoch)],
    )


@pytest.fixture
def checkpoints(store, cell):
    return Checkpoints(store.checkpoint_paths(cell))


def is_that_run(candidate):
    return candidate.identity == RUN


def fresh_view(checkpoints):
    """As another process finds them."""
    return Checkpoints(sorted(checkpoints.paths))


def test_it_reads_back_bit_for_bit(checkpoints):
    written = checkpoint(2)
    checkpoints.write(written)
    read = fresh_view(checkpoints).load(is_that_run)
    for theirs, ours in zip(read.arrays, written.arrays, strict=True):
        np.testing.assert_array_equal(theirs, ours)
        assert theirs.dtype == ours.dtype
    assert replace(read, arrays=[]) == replace(written, arrays=[])


def test_the_latest_of_many_is_found_and_two_files_are_kept(checkpoints):
    for epoch in range(1, 6):
        checkpoints.write(checkpoint(epoch))
        assert fresh_view(checkpoints).load(is_that_run).epoch == epoch
    assert len(list(checkpoints.paths[0].parent.iterdir())) == 2


def test_who_goes_on_replaces_the_older_one(checkpoints):
    checkpoints.write(checkpoint(1))
    checkpoints.write(checkpoint(2))
    view = fresh_view(checkpoints)
    view.load(is_that_run)
    newest = view.paths[1].read_bytes()
    view.write(checkpoint(3))
    assert newest in [path.read_bytes() for path in checkpoints.paths]


DAMAGES = {
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2],
    "last byte missing": lambda content: content[:-1],
    "a bit flipped": lambda c: c[:-99] + bytes([c[-99] ^ 4]) + c[-98:],
    "another epoch": lambda content: content.replace(b'"epoch": 2', b'"epoch": 9'),
    "something else": lambda content: b"\xff\x00not\na checkpoint",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_one_falls_back_to_the_one_before_then_to_the_start(
    damage, checkpoints
):
    checkpoints.write(checkpoint(1))
    checkpoints.write(checkpoint(2))
    older, newest = checkpoints.paths
    newest.write_bytes(damage(newest.read_bytes()))
    assert fresh_view(checkpoints).load(is_that_run).epoch == 1
    older.write_bytes(damage(older.read_bytes())[:-1])
    assert fresh_view(checkpoints).load(is_that_run) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_as_good_as_none(checkpoints):
    checkpoints.write(checkpoint(1))
    os.mkfifo(checkpoints.paths[0])
    assert checkpoints.load(is_that_run).epoch == 1


def test_every_flipped_byte_is_noticed(checkpoints):
    checkpoints.write(checkpoint(1))
    path = checkpoints.paths[1]
    content = path.read_bytes()
    for place in range(len(content)):
        changed = bytes([content[place] ^ (1 << place % 8)])
        path.write_bytes(content[:place] + changed + content[place + 1 :])
        assert fresh_view(checkpoints).load(is_that_run) is None


@pytest.mark.parametrize("part", RUN)
def test_that_of_another_run_is_not_gone_on_from(part, checkpoints):
    checkpoints.write(checkpoint(1))
    identity = {**RUN, part: "other"}
    assert (
        fresh_view(checkpoints).load(lambda candidate: candidate.identity == identity)
        is None
    )


HEADERS = {
    "a list": lambda header: [1, 2],
    "a number": lambda header: 7,
    "less": lambda header: {"identity": header["identity"]},
    "more": lambda header: {**header, "colour": "red"},
    "nothing": lambda header: {},
}


@pytest.mark.parametrize("change", HEADERS.values(), ids=HEADERS)
def test_one_with_another_header_is_as_good_as_none(change, checkpoints):
    checkpoints.write(checkpoint(1))
    path = checkpoints.paths[1]
    _, header, arrays = path.read_bytes().split(b"\n", 2)
    body = json.dumps(change(json.loads(header))).encode() + b"\n" + arrays
    digest = hashlib.sha256(body).hexdigest().encode()
    path.write_bytes(digest + b"\n" + body)
    assert fresh_view(checkpoints).load(is_that_run) is None


@pytest.mark.parametrize("arrays", [b"", b"x", b"PK\x03\x04", b"\x93NUMPY\x01\x00"])
def test_one_without_arrays_is_as_good_as_none(arrays, checkpoints):
    header = {"identity": RUN, "epoch": 1, "history": {}, "seconds": {}}
    body = json.dumps(header).encode() + b"\n" + arrays
    digest = hashlib.sha256(body).hexdigest().encode()
    path = checkpoints.paths[0]
    path.parent.mkdir(parents=True)
    path.write_bytes(digest + b"\n" + body)
    assert fresh_view(checkpoints).load(is_that_run) is None


def test_that_none_can_be_written_is_said_once_and_ends_no_run(store, cell):
    heard = []
    store.path(cell).parent.parent.mkdir(parents=True)
    store.path(cell).parent.touch()  # a file stands where their folder should be
    checkpoints = Checkpoints(store.checkpoint_paths(cell), on_failure=heard.append)
    checkpoints.write(checkpoint(1))
    checkpoints.write(checkpoint(2))
    (error,) = heard
    assert "choose another or move it" in in_one_line(error)


def test_deleting_leaves_nothing(checkpoints):
    checkpoints.write(checkpoint(1))
    checkpoints.delete()
    assert list(checkpoints.paths[0].parent.iterdir()) == []
