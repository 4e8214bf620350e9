"""Predictions as text: a table for people, JSON for programs."""

import json
from dataclasses import asdict

UNSURE = "(probably none of 1, 2, 3, 6, 9)"


def as_table(predictions):
    """Lines: file, digit, probability, runner-up, and a doubt if there is one."""
    if not predictions:
        return
    width = max(len("file"), *(len(p.path) for p in predictions))
    yield f"{'file':{width}}  digit  probability  runner-up"
    for p in predictions:
        second = f"{p.runner_up} ({p.probabilities[p.runner_up]:.1%})"
        doubt = "" if p.sure else UNSURE
        line = f"{p.path:{width}}  {p.digit:5}  {p.probability:11.1%}  {second:9}"
        yield f"{line}  {doubt}".rstrip()


def as_json(predictions):
    """One JSON list, an object an image; `probabilities[d]` is that of digit d."""
    values = [{**asdict(p), "runner_up": p.runner_up} for p in predictions]
    yield json.dumps(values, indent=1, allow_nan=False)
