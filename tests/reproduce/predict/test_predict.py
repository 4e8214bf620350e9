"""From files to predictions, and the verb `predict`."""

import hashlib
import json
import os
from dataclasses import replace

import numpy as np
import pytest

from reproduce.cli import main
from reproduce.data import Digits, Split, load_digits
from reproduce.data.digits import PER_DIGIT
from reproduce.data.familiar import Shapes
from reproduce.data.source import store
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.record import SPLITS
from reproduce.experiment.store import Store
from reproduce.predict import ImageError, ModelFileError, predict_files, read_image

from ..analysis.runs import run
from .samples import encode, run_python, scan


@pytest.fixture
def folder(tmp_path, digits):
    """Ten scans called after their digits, and a text."""
    for i, image in enumerate(digits.images[:10]):
        (tmp_path / f"{i}-{digits.labels[i]}.PNG").write_bytes(encode(scan(image)))
    (tmp_path / "notes.txt").write_text("not an image, and not named like one")
    return tmp_path


@pytest.mark.parametrize("num_classes", [5, 10])
def test_digits_are_told_from_a_folder_in_order(num_classes, folder, trained):
    predictions = predict_files([folder], trained[num_classes])
    assert [p.path for p in predictions] == sorted(map(str, folder.glob("*.PNG")))
    right = [int(p.path[-5]) == p.digit for p in predictions]
    assert np.mean(right) >= 0.8
    for p in predictions:
        assert p.probability == max(p.probabilities) == p.probabilities[p.digit]
        assert len(p.probabilities) == 10 and abs(sum(p.probabilities) - 1) < 1e-3
        assert p.runner_up != p.digit


def test_a_bad_image_is_raised_or_reported_and_left_out(folder, trained):
    (folder / "bad.png").write_bytes(b"")
    with pytest.raises(ImageError, match="bad.png"):
        predict_files([folder], trained[10])
    errors = []
    assert len(predict_files([folder], trained[10], errors.append)) == 10
    assert len(errors) == 1


def test_a_folder_without_images_is_said_to_be_one(tmp_path):
    with pytest.raises(ImageError, match="no image in this folder"):
        predict_files([tmp_path])


def test_a_model_without_softmax_is_refused(folder, tmp_path):
    import keras

    layers = [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10)]
    keras.Sequential(layers).save(tmp_path / "model.keras")
    with pytest.raises(ModelFileError, match="not probabilities"):
        predict_files([folder], tmp_path / "model.keras")


def test_the_verb_prints_an_aligned_table(folder, trained, capsys):
    assert main(["predict", str(folder), "--model", str(trained[10])]) == 0
    header, *lines = capsys.readouterr().out.splitlines()
    assert header.split() == ["file", "digit", "probability", "runner-up"]
    assert len(lines) == 10
    assert all(line[header.index("digit") + 4].isdigit() for line in lines)


def test_the_verb_says_when_it_is_probably_another_digit(tmp_path, trained, capsys):
    cross = np.full((200, 200), 255, np.uint8)
    cross[80:120, 20:180] = cross[20:180, 80:120] = 0
    (tmp_path / "cross.png").write_bytes(encode(cross))
    main(["predict", str(tmp_path / "cross.png"), "--model", str(trained[5])])
    assert "(probably none of 1, 2, 3, 6, 9)" in capsys.readouterr().out


def own_data():
    """Images of 1 and 3 alone, as a user might have them."""
    every = load_digits(seed=1)
    chosen = {
        name: Split(split.images[known][:300], split.labels[known][:300])
        for name in PER_DIGIT
        for split in [getattr(every, name)]
        for known in [np.isin(split.labels, (1, 3))]
    }
    return Digits(**chosen)


def best_model(folder, trained, data):
    """The path of a best model that was trained on this data, with its card."""
    path = folder / "best_model.keras"
    path.write_bytes(trained.read_bytes())
    card = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "digits": data.classes,
        "protocol": {"data_sha256": data.sha256, "subset": 200},
    }
    path.with_suffix(".json").write_text(json.dumps(card))
    return path


def run_model(folder, trained, data):
    """The path of the model of a run on this data, with its record."""
    matrix = [[0] * 10 for _ in range(10)]
    matrix[1][1] = matrix[3][3] = 5
    scores = {"loss": 0.1, "accuracy": 1.0, "confusion": matrix}
    record = run(
        protocol=replace(Protocol(), data_sha256=data.sha256, subset=200),
        splits=dict.fromkeys(SPLITS, scores),
        model_sha256=hashlib.sha256(trained.read_bytes()).hexdigest(),
    )
    Store(folder).write(record)
    path = Store(folder).model_path(record.cell)
    path.write_bytes(trained.read_bytes())
    return path


@pytest.mark.parametrize("builder", [best_model, run_model])
def test_a_model_of_own_data_doubts_by_its_own_images(builder, folder, trained, capsys):
    data = own_data()
    model = builder(folder, trained[10], data)
    store(data, folder / "data.npz")
    predictions = predict_files([folder], model)
    images = np.stack([read_image(p.path) for p in predictions])
    train = data.train.head(200)
    expected = Shapes.of(train.images, train.labels).familiar(
        images, np.array([p.digit for p in predictions])
    )
    assert [p.sure for p in predictions] == expected.tolist()
    assert {True, False} == set(expected.tolist())
    assert {p.known for p in predictions} == {(1, 3)}
    main(["predict", str(folder), "--model", str(model)])
    out = capsys.readouterr().out
    assert out.count("(probably none of 1, 3)") == 10 - expected.sum()


def test_without_its_data_nothing_is_said_of_doubt(folder, trained, capsys):
    model = best_model(folder, trained[10], own_data())
    predictions = predict_files([folder], model)
    assert {p.sure for p in predictions} == {None}
    main(["predict", str(folder), "--model", str(model)])
    assert "probably" not in capsys.readouterr().out


def test_the_verb_prints_json(folder, trained, capsys):
    assert main(["predict", str(folder), "--json", "--model", str(trained[5])]) == 0
    values = json.loads(capsys.readouterr().out)
    assert len(values) == 10
    keys = {"path", "digit", "probability", "probabilities", "runner_up", "known"}
    assert set(values[0]) == keys | {"sure"}
    assert values[0]["known"] == [1, 2, 3, 6, 9]


ODD = "a\x1b]0;title\x07\n\u202e" + os.fsdecode(b"\xff.png")
SHOWN = r"a\x1b]0;title\x07\n\u202e\udcff.png"


@pytest.fixture
def odd(tmp_path, page):
    """A folder with an image whose name would command a terminal, and a broken one."""
    (tmp_path / ODD).write_bytes(encode(page))
    (tmp_path / f"broken-{ODD}").touch()
    return tmp_path


def test_what_names_hold_does_not_reach_the_terminal(odd, trained, capsys):
    assert main(["predict", str(odd), "--model", str(trained[10])]) == 2
    out, err = capsys.readouterr()
    header, line = out.splitlines()
    assert line.startswith(f"{odd}/{SHOWN}  ") and line.isprintable()
    assert line[header.index("digit") + 4] == "3"
    assert f"{odd}/broken-{SHOWN}: the file is empty" in err
    assert err.count("\n") == 1 and err[:-1].isprintable()


def test_the_name_of_a_model_does_not_reach_the_terminal_either(odd, page, capsys):
    assert main(["predict", str(odd / ODD), "--model", str(odd / ODD)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert f"{SHOWN}: not a .keras file" in line and line.isprintable()


def test_json_stays_valid_whatever_names_hold(odd, trained, capsys):
    main(["predict", str(odd), "--json", "--model", str(trained[10])])
    out = capsys.readouterr().out
    assert out.replace("\n", "").isprintable()
    (value,) = json.loads(out)
    value["path"].encode()
    assert value["path"] == str(odd / ODD).replace("\udcff", r"\udcff")


def test_one_bad_image_does_not_keep_the_others_from_being_told(
    folder, trained, capsys
):
    images = [str(folder / "none.png"), *sorted(map(str, folder.glob("*.PNG")))[:2]]
    assert main(["predict", *images, "--model", str(trained[10])]) == 2
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert err.count("\n") == 1 and "none.png: no such file" in err


def test_a_bad_model_is_one_line_and_exit_status_2(folder, capsys):
    assert main(["predict", str(folder), "--model", str(folder / "no.keras")]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1 and "no.keras" in err


def test_a_process_reads_standard_input_and_keeps_quiet(digits, trained):
    arguments = "-m", "reproduce", "predict", "-", "--model", str(trained[10])
    done = run_python(*arguments, stdin=encode(scan(digits.images[0])))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.splitlines()[1].split()[:2] == [b"-", b"%d" % digits.labels[0]]
