"""A record says of which commit its code is, and of no other project's."""

import subprocess

import pytest

from reproduce.training import provenance


@pytest.fixture
def commit(monkeypatch):
    """The commit that records of code below a folder name."""

    def of(folder):
        monkeypatch.setattr(provenance, "ROOT", folder)
        provenance.commit.cache_clear()
        return provenance.commit()

    yield of
    provenance.commit.cache_clear()


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
