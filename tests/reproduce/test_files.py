"""A file is written whole or not at all, and what killed writes left is removed."""

import os
import socket

import pytest

from reproduce.files import (
    is_temporary,
    open_regular,
    read_regular,
    sweep,
    write_atomically,
)


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


def test_two_processes_of_one_number_do_not_write_under_one_name(tmp_path, monkeypatch):
    """As two containers on one folder have them: the second writes amid the first."""
    path, sync, seen = tmp_path / "file", os.fsync, []
    monkeypatch.setattr(os, "getpid", lambda: 7)

    def second(descriptor):
        sync(descriptor)
        if not seen:
            seen.append(True)
            write_atomically(path, b"second")
            seen.append(path.read_bytes())

    monkeypatch.setattr(os, "fsync", second)
    write_atomically(path, b"first")
    assert seen == [True, b"second"]
    assert path.read_bytes() == b"first"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_the_names_of_a_file_and_of_new_folders_are_on_the_disk(tmp_path, monkeypatch):
    synced, sync = set(), os.fsync

    def note(descriptor):
        synced.add(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    path = tmp_path / "runs" / "arch1" / "file"
    write_atomically(path, b"x")
    named = (tmp_path, tmp_path / "runs", tmp_path / "runs/arch1", path)
    assert synced == {place.stat().st_ino for place in named}


def abandoned(path, seconds=7200):
    """A file that a killed write left, so long before the newest file beside it."""
    path.write_bytes(b"half")
    now = path.stat().st_mtime
    os.utime(path, (now - seconds, now - seconds))


def test_what_a_killed_write_left_goes_with_the_next_one_in_the_folder(tmp_path):
    abandoned(tmp_path / f".other.json.{'ab' * 8}.tmp")
    abandoned(tmp_path / ".older.json.4711.tmp")
    write_atomically(tmp_path / "file", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_only_what_is_old_and_named_so_is_swept(tmp_path):
    young = tmp_path / f".file.{'ab' * 8}.tmp"
    abandoned(young, seconds=60)
    bystanders = [tmp_path / name for name in ("a.tmp", ".b.tmp", ".c.ab.json", "d")]
    for path in bystanders:
        abandoned(path)
    sweep(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([young, *bystanders])


def test_a_temporary_file_is_known_by_its_name(tmp_path, monkeypatch):
    names = []
    monkeypatch.setattr(os, "replace", lambda old, new: names.append(old.name))
    write_atomically(tmp_path / "seed-0.json", b"x")
    assert is_temporary(*names)
    assert not is_temporary("seed-0.json")


def test_a_regular_file_is_opened_also_behind_a_link(tmp_path):
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_bytes(b"content")
    link.symlink_to(path)
    with open_regular(path) as file, open_regular(link) as linked:
        assert file.read() == linked.read() == b"content"
    assert (read_regular(path), read_regular(path, 3)) == (b"content", b"con")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_sockets_devices_and_folders_are_refused_without_waiting(tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    before = len(os.listdir("/dev/fd"))
    for path in (pipe, link, "/dev/zero", tmp_path):
        with pytest.raises(OSError, match="(?i)not a regular file|is a directory"):
            open_regular(path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        with pytest.raises(OSError, match="socket"):
            open_regular(tmp_path / "socket")
    assert len(os.listdir("/dev/fd")) == before
