"""Commands answer in words a person can use, and never wait for TensorFlow."""

import subprocess
import sys

import pytest

from reproduce.cli import main

BAD = {
    "unknown method": (["run", "--methods", "sdg"], "did you mean sgd?"),
    "unknown architecture": (["run", "--architectures", "6"], "1, 2, 3, 4, 5"),
    "unknown protocol": (["run", "--protocol", "reprot"], "did you mean report?"),
    "no jobs": (["run", "--jobs", "0"], "at least 1"),
    "negative epochs": (["run", "--max-epochs", "-1"], "at least 1"),
    "a fraction of an epoch": (["run", "--max-epochs", "1.5"], "at least 1"),
    "no subset": (["run", "--subset", "0"], "at least 1"),
    "a seed twice": (["run", "--seeds", "1,1"], "twice"),
    "seeds backwards": (["run", "--seeds", "5-3"], "names no seed"),
    "seeds in words": (["run", "--seeds", "all"], "neither a number of seeds"),
    "unknown verb": (["train"], "VERB"),
    "no verb": ([], "VERB"),
    "unknown candidate": (["protocol", "--sets", "he-norm"], "did you mean he-normal?"),
    "nothing published": (["verify", "--against", "{empty}"], "{empty}"),
    "no records": (["report", "--out", "{empty}"], "{empty}"),
    "output is a file": (["run", "--out", "{file}"], "{file}"),
}


@pytest.mark.parametrize(("arguments", "said"), BAD.values(), ids=BAD)
def test_a_mistake_is_answered_in_one_line_with_status_2(
    arguments, said, tmp_path, capsys
):
    places = {"empty": tmp_path / "empty", "file": tmp_path / "file"}
    places["file"].touch()
    try:
        status = main([argument.format(**places) for argument in arguments])
    except SystemExit as exit_:
        status = exit_.code
    error = capsys.readouterr().err
    assert status == 2
    assert said.format(**places) in error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "verb", ["run", "list", "report", "protocol", "verify", "predict"]
)
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
