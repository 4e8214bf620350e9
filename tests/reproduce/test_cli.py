"""Commands answer in words a person can use, and wait for no library they need not."""

import os
import subprocess
import sys

import pytest

from reproduce import cli
from reproduce.cli import COMMANDS, main, parser

SLOW = {"tensorflow", "keras", "matplotlib", "pandas"}


@pytest.mark.parametrize("verb", COMMANDS)
def test_help_of_each_verb_has_a_runnable_example(verb, capsys):
    with pytest.raises(SystemExit) as exit_:
        main([verb, "--help"])
    assert exit_.value.code == 0
    assert f"example: python -m reproduce {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["run", "--help"]])
def test_nothing_slow_is_imported_for_it(arguments):
    code = (
        "import sys; from reproduce.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: pass\n"
        f"sys.exit(bool({SLOW} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.returncode == 0


def test_list_counts_what_is_to_do(tmp_path, capsys):
    assert main(["list", "--out", str(tmp_path), "--architectures", "1"]) == 0
    assert capsys.readouterr().out.endswith("7 to do\n")


def test_without_a_command_help_is_what_is_wanted(capsys):
    assert not main([])
    output = capsys.readouterr()
    assert all(verb in output.out for verb in COMMANDS)
    assert output.err == ""


LISTS = {
    "run --methods": ["sgd", "nag"],
    "run --architectures": [1, 4],
    "run --seeds": [0, 4],
    "run --study": ["glorot", "longer"],
    "list --methods": ["sgd", "nag"],
    "sweep --methods": ["sgd", "nag"],
    "sweep --rates": [0.1, 0.01],
    "bench --parts": ["updates", "growth"],
    "paths --methods": ["sgd", "nag"],
}


@pytest.mark.parametrize("between", [" ", ",", ", ", " , ", ",  "])
@pytest.mark.parametrize(("flag", "values"), LISTS.items())
def test_a_list_may_have_spaces_and_commas(flag, values, between):
    words = [*flag.split(), *between.join(map(str, values)).split()]
    result = vars(parser().parse_args(words))[words[1].removeprefix("--")]
    assert result == values
    quoted = [*flag.split(), between.join(map(str, values))]
    assert vars(parser().parse_args(quoted)) == vars(parser().parse_args(words))


SEEDS = {
    "3": [0, 1, 2],
    "0-0": [0],
    "0,4": [0, 4],
    "0 4": [0, 4],
    "0, 4 7-8": [0, 4, 7, 8],
    "3-5": [3, 4, 5],
}


@pytest.mark.parametrize(("words", "seeds"), SEEDS.items())
def test_seeds_are_a_number_a_list_or_a_range(words, seeds):
    assert parser().parse_args(["run", "--seeds", *words.split()]).seeds == seeds


def test_very_many_seeds_are_taken_where_that_is_confirmed(capsys):
    words = ["--architectures", "1", "--methods", "sgd", "--dry-run"]
    assert main(["run", "--seeds", "2000", "--many-seeds", *words]) == 0
    assert "2000 of 2000 cells to train" in capsys.readouterr().out


def test_no_more_cells_are_trained_at_a_time_than_there_are_cores():
    most = len(cli.cores())
    for asked, jobs in (("1", 1), (str(most), most), ("100000", most)):
        assert parser().parse_args(["run", "--jobs", asked]).jobs == jobs


@pytest.mark.parametrize("study", [[], ["--study", "glorot"]])
def test_a_run_ends_by_naming_the_command_for_its_report(
    study, store, record, monkeypatch, capsys
):
    store.write(record)
    monkeypatch.setattr(cli, "_train", lambda *_, **__: cli.SOME_FAILED)
    out = store.folder.rename(store.folder.with_name("my results"))
    assert main(["run", "--out", str(out), *study]) == cli.SOME_FAILED
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"next: python -m reproduce report --out '{out}'"


def test_where_nothing_was_trained_no_report_is_named(store, monkeypatch, capsys):
    monkeypatch.setattr(cli, "_train", lambda *_, **__: cli.SOME_FAILED)
    assert main(["run", "--out", str(store.folder)]) == cli.SOME_FAILED
    assert capsys.readouterr().out == ""


LOCALES = {
    "C": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ASCII": {"PYTHONIOENCODING": "ascii"},
    "Latin-1": {"PYTHONIOENCODING": "latin-1"},
    "Windows": {"PYTHONIOENCODING": "cp1252"},
}


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES)
def test_letters_that_a_terminal_does_not_have_are_no_obstacle(locale):
    done = subprocess.run(
        [sys.executable, "-m", "reproduce", "run", "--help"],
        capture_output=True,
        env=os.environ | locale,
    )
    assert done.returncode == 0 and done.stderr == b""
    assert b"\\u03b7 of every method" in done.stdout


def test_nobody_needs_to_listen(tmp_path):
    """Closed streams do not become files, nor files streams that are printed to."""
    words = ["list", "--out", str(tmp_path)]
    code = (
        "import os, sys; from reproduce.cli import main\n"
        f"status = main({words!r})\n"
        "assert os.open(os.devnull, os.O_RDONLY) > 2\n"
        "sys.exit(status)"
    )
    for closed in ("<&-", ">&-", "2>&-", "<&- >&- 2>&-"):
        done = subprocess.run(
            ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-c", code],
            capture_output=True,
        )
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("words", [["list", "--seeds", "100"], ["run", "--help"], []])
def test_a_reader_that_has_gone_is_no_error(words):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "reproduce", *words],
        stdout=writer,
        stderr=subprocess.PIPE,
    )
    os.close(writer)
    assert done.returncode in (cli.OK, cli.SOME_FAILED)
    assert done.stderr == b""


def test_a_full_disk_behind_standard_output_is_a_line():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reproduce", "list"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == cli.BAD_USAGE
    assert "no space left on device" in done.stderr
    assert done.stderr.count("\n") == 1
