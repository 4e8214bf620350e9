"""Bad input, as the tests have it."""

import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from reproduce.training.pool import ROOT

from .trial import Trial

TESTS = {
    "bad input on the command line": "tests/reproduce/test_bad_input.py",
    "hostile and damaged models": "tests/reproduce/model_file "
    "tests/reproduce/predict/test_model_files.py",
    "bad images": "tests/reproduce/predict/test_bad_images.py",
}


def bad_inputs():
    """Run the tables of bad input among the tests; yield a trial for each."""
    for name, files in TESTS.items():
        trial = Trial(name)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tests.xml"
            subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
                + [f"--junitxml={path}", *files.split()],
                cwd=ROOT,
                capture_output=True,
            )
            suite = ElementTree.parse(path).find("testsuite")
        count = {k: int(suite.get(k)) for k in ("tests", "failures", "errors")}
        trial.tries = count["tests"] - int(suite.get("skipped"))
        for _ in range(count["failures"] + count["errors"]):
            trial.expect(False, "a test failed")
        yield trial
