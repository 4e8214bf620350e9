"""The best model's card says what it is, what it scores and what it is not for."""

import hashlib

from reproduce.report.model_card import model_card


def test_the_card_names_the_run_its_file_and_its_scores(record):
    best = record(2, "adam", seed=4)
    text = model_card(best, None).decode()
    assert "hidden layers of 256, 128 and 256 units" in text
    assert f"trained by Adam with seed 4 for {best.epochs} epochs" in text
    assert best.model_sha256 in text
    assert f"| test | 3,795 | {best.splits['test']['accuracy']:.4f} |" in text


def test_scores_on_unseen_images_stand_on_it_when_there_are_some(record):
    best = record(2, "adam")
    unseen = {"images": 1000, "accuracy": 0.97, "model_sha256": best.model_sha256}
    assert "1,000 MNIST images" in model_card(best, unseen).decode()
    assert "in no split" not in model_card(best, None).decode()


def test_the_example_on_the_card_is_python(record):
    text = model_card(record(1, "adam"), None).decode()
    code = text.split("```python\n")[1].split("```")[0]
    compile(code, hashlib.sha256(code.encode()).hexdigest(), "exec")
