"""The best model's card says what it is, what it scores and what it is not for."""

import hashlib
from dataclasses import replace

from reproduce.report.distributions import wilson
from reproduce.report.model_card import model_card

from .synthetic import split


def test_the_card_names_the_run_its_file_and_its_scores(record):
    best = record(2, "adam", seed=4)
    text = model_card(best).decode()
    assert "hidden layers of 256, 128 and 256 units" in text
    assert f"trained by Adam with seed 4 for {best.epochs} epochs" in text
    assert best.model_sha256 in text
    assert f"| test | 3,795 | {best.splits['test']['accuracy']:.4f} |" in text


def test_scores_on_unseen_images_stand_on_it_when_there_are_some(record):
    best = record(2, "adam")
    unused = {"unused": split(200, 6, 0.1)}
    with_them = replace(best, splits={**best.splits, **unused})
    told = model_card(with_them).decode()
    assert "On the 1,000 MNIST images" in told and "970 right" in told
    low, high = wilson(970, 1000)
    assert f"accuracy 0.9700 ({low:.4f} to {high:.4f}," in told
    assert "none of its splits" not in model_card(best).decode()


def test_the_example_on_the_card_is_python(record):
    text = model_card(record(1, "adam")).decode()
    code = text.split("```python\n")[1].split("```")[0]
    compile(code, hashlib.sha256(code.encode()).hexdigest(), "exec")
