"""Commands answer in words a person can use, and wait for no library they need not."""

import subprocess
import sys

import pytest

from reproduce.cli import COMMANDS, main

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
