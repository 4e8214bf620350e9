"""A record says with what it was made, and older ones that say less are as good."""

import hashlib
import subprocess
from dataclasses import replace
from importlib.metadata import version

import pytest

from reproduce.data import load_digits
from reproduce.training import provenance as subject

NUMPY = f"numpy=={version('numpy')}"
HASH = "    --hash=sha256:" + "0" * 64 + "\n"
SAME = {
    "what is installed": f"{NUMPY} \\\n{HASH}",
    "what other systems need": f"{NUMPY} \\\n{HASH}no-such-package==1.0 ; a \\\n{HASH}",
    "a version for each Python": f"numpy==1.0 ; b \\\n{HASH}{NUMPY} ; c \\\n{HASH}",
}


@pytest.fixture
def lock(tmp_path, monkeypatch):
    """Writes another lock."""

    def write(text):
        path.write_text(text)
        subject.lock_sha256.cache_clear()

    path = tmp_path / "requirements.lock"
    monkeypatch.setattr(subject, "LOCK", path)
    subject.lock_sha256.cache_clear()
    yield write
    subject.lock_sha256.cache_clear()


@pytest.mark.parametrize("kind", SAME)
def test_a_lock_that_is_installed_is_told_by_its_hash(kind, lock):
    lock(SAME[kind])
    digest = subject.provenance(load_digits())["lock_sha256"]
    assert digest == hashlib.sha256(SAME[kind].encode()).hexdigest()


def test_a_lock_that_is_not_installed_is_not_told(lock):
    assert subject.lock_sha256() is None  # there is none
    lock(f"{NUMPY}.1 \\\n{HASH}")
    assert subject.provenance(load_digits())["lock_sha256"] is None


def test_a_record_without_it_is_still_accepted(store, record):
    for provenance in (
        {"cpu": "any"},
        {"lock_sha256": None},
        {"lock_sha256": "ab" * 32},
    ):
        store.write(replace(record, provenance=provenance))
        assert store.read(record.cell).provenance == provenance


def test_a_long_run_goes_on_where_only_the_lock_or_the_commit_is_another(record):
    from reproduce.training.cell import _identity

    provenance = {"numpy": "1", "lock_sha256": "a", "commit": "b"}
    first, second, third = (
        _identity(record.cell, record.protocol, source)
        for source in (
            provenance,
            provenance | {"lock_sha256": None, "commit": "c"},
            {"numpy": 2},
        )
    )
    assert first == second != third


# Commits ----------------------------------------------------------------------------


@pytest.fixture
def commit(monkeypatch):
    """The commit that records of code below a folder name."""

    def of(folder):
        monkeypatch.setattr(subject, "ROOT", folder)
        subject.commit.cache_clear()
        return subject.commit()

    yield of
    subject.commit.cache_clear()


def git(folder, *arguments):
    author = ("-c", "user.name=A", "-c", "user.email=a@b.c")
    return subprocess.run(
        ["git", *author, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    git(tmp_path, "init")
    (tmp_path / "code.py").write_text("")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_a_checkout_has_its_commit_and_a_plus_once_its_code_was_changed(
    repository, commit
):
    head = git(repository, "rev-parse", "--short=12", "HEAD")
    assert commit(repository) == head
    (repository / "code.py").write_text("x = 1")
    assert commit(repository) == f"{head}+"


def test_what_is_installed_inside_another_repository_has_no_commit(repository, commit):
    installed = repository / "site-packages"
    installed.mkdir()
    assert commit(installed) is None
