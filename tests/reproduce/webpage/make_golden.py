"""Write golden.json: what ink becomes, for Python and the page alike.

Run as `python -m tests.reproduce.webpage.make_golden` after a change of the rule.
"""

import json
from pathlib import Path

import numpy as np

from reproduce.predict.centring import centre

FILE = Path(__file__).with_name("golden.json")
SHAPES = [(3, 2), (20, 20), (37, 11), (9, 41), (1, 30), (28, 28), (61, 60)]


def cases():
    """Name to ink, (height, width), 0 to 255."""
    rng = np.random.default_rng(0)
    for shape in SHAPES:
        yield f"random {shape[0]} by {shape[1]}", rng.integers(0, 256, shape)
    yield "one pixel", 200 * np.eye(9, dtype=int)[[4]]
    lopsided = np.zeros((40, 40), int)
    lopsided[:3, :3], lopsided[-1, -1] = 255, 100
    yield "lopsided", lopsided
    yield "a tie between two rows", np.full((19, 20), 255)
    margins = np.zeros((50, 70), int)
    margins[5:30, 40:52] = 130
    yield "margins", margins


def golden():
    return {
        name: {"ink": ink.tolist(), "centred": centre(ink).ravel().round(9).tolist()}
        for name, ink in cases()
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(golden(), separators=(",", ":")) + "\n")
