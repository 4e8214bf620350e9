"""Commands answer in words a person can use, and never wait for TensorFlow."""

import subprocess
import sys

import pytest

from reproduce.cli import main
from reproduce.verbs import VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_each_verb_has_a_runnable_example(verb, capsys):
    with pytest.raises(SystemExit) as exit_:
        main([verb, "--help"])
    assert exit_.value.code == 0
    assert f"example: python -m reproduce {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["run", "--help"]])
def test_tensorflow_is_not_imported_for_it(arguments):
    code = (
        "import sys; from reproduce.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: pass\n"
        "sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True)
    assert done.returncode == 0


def test_list_counts_what_is_to_do(tmp_path, capsys):
    assert main(["list", "--out", str(tmp_path), "--architectures", "1"]) == 0
    assert capsys.readouterr().out.endswith("7 to do\n")
