"""Python's preprocessing and the page's are held to one file."""

import json

import numpy as np
import pytest

from reproduce.predict.centring import centre

from .make_golden import FILE, cases

GOLDEN = json.loads(FILE.read_text())


def test_the_file_has_every_case():
    assert {name: ink.tolist() for name, ink in cases()} == {
        name: case["ink"] for name, case in GOLDEN.items()
    }


@pytest.mark.parametrize("name", GOLDEN)
def test_python_centres_as_the_file_says(name):
    case = GOLDEN[name]
    found = centre(case["ink"]).ravel()
    np.testing.assert_allclose(found, case["centred"], atol=1e-6)


@pytest.mark.parametrize("name", GOLDEN)
def test_the_page_centres_as_the_file_says(page, name):
    case = GOLDEN[name]
    ink = np.array(case["ink"])
    arguments = [ink.ravel().tolist(), *ink.shape]
    found = page.evaluate("([i, h, w]) => [...centre(i, h, w)]", arguments)
    np.testing.assert_allclose(found, case["centred"], atol=1e-6)
