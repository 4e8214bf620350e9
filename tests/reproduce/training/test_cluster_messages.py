"""What is said of a cluster that cannot be used."""

import sys

import pytest

from reproduce.cli import main
from reproduce.experiment.protocol import differences
from reproduce.training.cluster import CERTIFICATE
from reproduce.training.provenance import code_sha256


def answer(where, tmp_path, capsys):
    """What the command line says of such a cluster, in how many lines."""
    assert main(["run", "--out", str(tmp_path), "--cluster", where]) == 2
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("where", ["host:8786", "tcp://host", "scheduler.json", ""])
def test_an_address_of_another_kind_is_refused(where, tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["run", "--out", str(tmp_path), "--cluster", where])
    (line,) = capsys.readouterr().err.splitlines()
    assert "is neither tcp://HOST:PORT nor file:SCHEDULER.json" in line


def test_without_dask_it_says_how_to_install_it(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    (line,) = answer("tcp://127.0.0.1:1", tmp_path, capsys)
    assert "make cluster" in line


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file; start"), ("{", "not a scheduler"), ("[]", "not a sched")],
)
def test_a_wrong_scheduler_file_is_named(content, message, tmp_path, capsys):
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    path = tmp_path / "scheduler.json"
    if content is not None:
        path.write_text(content)
    (line,) = answer(f"file:{path}", tmp_path, capsys)
    assert str(path) in line and message in line


def test_without_a_certificate_it_says_where_to_name_one(tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    (line,) = answer("tls://127.0.0.1:1", tmp_path, capsys)
    assert "needs a certificate to show to the scheduler (there is none)" in line
    for name in CERTIFICATE:
        assert name in line
    import dask

    with dask.config.set({"distributed.comm.tls.ca-file": str(tmp_path / "none.pem")}):
        (line,) = answer("tls://127.0.0.1:1", tmp_path, capsys)
    assert "needs a certificate to show to the scheduler (" in line


def test_the_fingerprint_follows_every_file_that_trains(tmp_path):
    (tmp_path / "models").mkdir()
    seen = set()
    for name, content in [("a.py", "1"), ("a.py", "2"), ("b.py", ""), ("c.txt", "")]:
        (tmp_path / "models" / name).write_text(content)
        seen.add(code_sha256(tmp_path))
    assert len(seen) == 3  # text files do not train


def test_differences_name_what_differs():
    theirs, ours = {"a": 1, "b": "x"}, {"a": 1, "b": "y", "c": 2}
    assert differences(theirs, ours) == "b 'x', not 'y', c None, not 2"
    assert differences(ours, ours) == ""


def test_an_address_where_nobody_answers_is_named(tmp_path, capsys, monkeypatch):
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    monkeypatch.setattr("reproduce.training.cluster.CONNECT_SECONDS", 1)
    (line,) = answer("tcp://127.0.0.1:1", tmp_path, capsys)
    assert "tcp://127.0.0.1:1: no scheduler answers" in line
