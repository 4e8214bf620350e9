"""Predictions as text: a table for people, JSON for programs."""

import json
from dataclasses import asdict

from reproduce.errors import visible


def as_table(predictions):
    """Lines: file, digit, probability, runner-up, and a doubt if there is one."""
    if not predictions:
        return
    names = [visible(p.path) for p in predictions]
    width = max(map(len, ["file", *names]))
    yield f"{'file':{width}}  digit  probability  runner-up"
    for name, p in zip(names, predictions, strict=True):
        second = f"{p.runner_up} ({p.probabilities[p.runner_up]:.1%})"
        doubt = ""
        if p.sure is False:
            doubt = f"(probably none of {', '.join(map(str, p.known))})"
        line = f"{name:{width}}  {p.digit:5}  {p.probability:11.1%}  {second:9}"
        yield f"{line}  {doubt}".rstrip()


def as_json(predictions):
    """One JSON list, an object an image; `probabilities[d]` is that of digit d.

    Bytes in a path that are no text are written as `visible` has them: not every
    program reads the halves of characters that Python keeps them as.
    """
    values = [
        {**asdict(p), "path": _text(p.path), "runner_up": p.runner_up}
        for p in predictions
    ]
    yield json.dumps(values, indent=1, allow_nan=False)


def _text(path):
    return path.encode("utf-8", "backslashreplace").decode()
