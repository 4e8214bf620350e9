"""Where Dask is not installed its trial is left out; forged events can be sent."""

import importlib.util
import json
import random

from reproduce.stress import cluster
from reproduce.training.cluster import _news

TASKS = ["arch1 sgd seed 0"]


def test_without_dask_the_trial_is_left_out_with_a_note(scene, rng, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    outcome = cluster.lose_workers(scene, rng, 1)
    assert outcome.tries == 0
    assert outcome.note == "left out: Dask is not installed (make cluster)"


def test_forged_events_are_of_all_kinds_and_none_ends_a_run():
    rng, kinds = random.Random(0), set()
    for _ in range(2000):
        event = cluster.forged_event(TASKS, rng)
        json.dumps(event, ensure_ascii=False).encode()  # as it must be to be sent
        if news := _news((0.0, event), dict.fromkeys(TASKS)):
            kinds.add(news[1]["event"])
    assert kinds == {"started", "epoch", "no checkpoint"}
