"""The page as a file: whole, closed and true."""

import base64
import hashlib
import io
import json
import re
import zipfile
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser

import h5py
import numpy as np
import pytest
from scipy import special

from reproduce.analysis.findings import find
from reproduce.analysis.sampling import RUNS_DRAWN
from reproduce.data import load_digits
from reproduce.experiment.methods import METHODS, at_rate
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.store import BEST_MODEL, Store
from reproduce.experiment.studies import STUDIES
from reproduce.publish import page_data, page_model
from reproduce.publish.page import embedded, page
from reproduce.publish.table import Column, Table
from reproduce.published import PUBLISHED

from ..analysis.runs import cut_off, diverged, run, world
from ..model_file.samples import edit_weights, small_model

LION = 'my_lib:MyLion {"learning_rate": 0.0003} sha256:' + "a" * 64
KERAS_LION = "keras:Lion"
TABLES = {
    "runs": Table(
        "runs",
        "Every run",
        (Column("method", "Method"), Column("epochs", "Epochs", "count")),
        ({"method": "SGD <b>", "epochs": 1234},),
    )
}


def sweep():
    """Two methods at two rates on architecture 1."""
    protocol = STUDIES["sweep"].protocol
    return [
        run(1, at_rate(method, rate), seed, epochs=9, protocol=protocol)
        for method in ("sgd", "adam")
        for rate in (0.001, 0.01)
        for seed in range(3)
    ]


def records():
    """A world with a diverged run, one that was cut off, and two own optimizers."""
    for record in world(seeds=3):
        key = record.cell.architecture, record.cell.method
        if key == (2, "adam") and record.cell.seed == 1:
            record = diverged(record)
        yield cut_off(record) if key == (3, "nag") else record
    for seed in range(2):
        yield run(1, LION, seed, loss=[0.04, 0.03, 0.02, 0.01], validation=0.9705)
    yield diverged(run(2, KERAS_LION, 0, loss=[1.0, 2.0]))


PATHS = {
    "architecture": 1,
    "seed": 0,
    "protocol": Protocol().to_dict(),
    "examples": 2000,
    "share": 0.75,
    "shares": {"sgd": 0.7, "adam": 0.8, LION: 0.8},
    "paths": {
        "sgd": {"epochs": [0, 1, 4, 9], "losses": [0.9, 0.5, 0.2]}
        | {"x": [0, 1, 2, 3], "y": [0, 1, 1, 2]},
        "adam": {"epochs": [0, 1, 2], "losses": [0.4, 0.1]}
        | {"x": [0, 2, 4], "y": [0, 0, 1]},
        LION: {"epochs": [0, 1], "losses": [0.3], "x": [0, 3], "y": [0, 1.5]},
    },
    "x": [-1.0, 2.0, 5.0],
    "y": [-1.0, 1.0, 3.0],
    "surface": [[1.0, 0.5, 0.2], [0.9, 0.3, 0.1], [2.0, 1.0, 0.5]],
}  # as `python -m reproduce paths` leaves it


def fill(folder):
    """Write all of it, and the model of whichever run is the best."""
    content = small_model()
    digest = hashlib.sha256(content).hexdigest()
    for record in records():
        Store(folder).write(replace(record, model_sha256=digest))
    study = STUDIES["patience-2"]
    for record in world(seeds=3):
        if record.cell in study.protocols():
            rerun = replace(record, protocol=study.protocol)
            Store(folder / study.folder).write(rerun)
    for record in sweep():
        Store(folder / STUDIES["sweep"].folder).write(record)
    (folder / BEST_MODEL).write_bytes(content)
    (folder / "paths").mkdir()
    (folder / "paths" / "paths.json").write_text(json.dumps(PATHS))
    return find(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def findings(folder):
    return fill(folder)


@pytest.fixture(scope="module")
def content(findings, folder):
    return page(findings, TABLES, folder).decode()


@pytest.fixture(scope="module")
def data(content):
    return read_json(content, "data")


class Outline(HTMLParser):
    """Tags and attributes of a page."""

    EMPTY = ("meta", "link", "img", "input", "br")

    def __init__(self, content):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.EMPTY and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def all(self, attribute):
        return [attrs[attribute] for _, attrs in self.tags if attribute in attrs]


def read_json(content, name):
    match = re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', content, re.S
    )
    return json.loads(match[1])


def built(folder, *runs, tables=None):
    for record in runs:
        Store(folder).write(record)
    return page(find(folder), tables or {}, folder).decode()


def words(content):
    """The page's text without its scripts, styles and tags."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", content, flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# The file ---------------------------------------------------------------------------


def test_every_element_is_closed_and_every_link_within_leads_somewhere(content):
    outline = Outline(content)
    assert outline.open == []
    names = Counter(outline.all("id"))
    assert max(names.values()) == 1
    links = [link[1:] for link in outline.all("href") if link[0] == "#"]
    assert len(links) > 40 and set(links) <= set(names)


def test_the_policy_covers_every_script_and_the_style_and_nothing_else(content):
    outline = Outline(content)
    policy = next(a["content"] for _, a in outline.tags if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy and "http" not in policy

    def hashes(pattern):
        return {
            "'sha256-"
            + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
            + "'"
            for source in re.findall(pattern, content, re.S)
        }

    scripts, styles = hashes(r"<script>(.*?)</script>"), hashes(r"<style>(.*?)</style>")
    allowed = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert set(allowed["script-src"].split()) == scripts and len(scripts) > 10
    assert set(allowed["style-src"].split()) == styles
    assert outline.all("style") == []
    assert [n for _, attrs in outline.tags for n in attrs if n.startswith("on")] == []


def test_nothing_comes_from_outside(content):
    outline = Outline(content)
    assert all(source.startswith("data:image/png") for source in outline.all("src"))
    assert {link for link in outline.all("href") if link[0] != "#"} == {"data:,"}
    assert "url(http" not in content and "@import" not in content
    addresses = set(re.findall(r"https?://[\w./]+", content))
    assert addresses <= {"http://www.w3.org/2000/svg"}


def test_the_title_names_the_number_of_digits(content):
    assert "<title>Seven optimizers on five digits: do the numbers hold?" in content
    assert content.startswith("<!doctype html>")


def test_there_are_at_most_seven_items_to_navigate_by(content):
    nav = re.search(r"<nav.*?</nav>", content, re.S)[0]
    assert nav.count("<a ") <= 7


def test_headings_skip_no_level(content):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", content)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:], strict=False))


def test_it_is_small_and_its_unfolded_text_short(content):
    assert len(content.encode()) < 3_000_000
    unfolded = re.sub(r"<details>.*?</details>", "", content, flags=re.S)
    assert len(words(unfolded).split()) <= 3000


def test_json_cannot_end_its_script():
    assert "<" not in embedded({"name": "</script><script>"})


# What it shows ----------------------------------------------------------------------


def test_every_records_cell_is_in_the_data_with_its_numbers(findings, data):
    patient = findings.studies["patience-2"]
    for rule, group in (
        ("stated", [*findings.records, *findings.custom_records]),
        ("patient", [r for r in patient if r.cell.architecture in (4, 5)]),
    ):
        for record in group:
            cell = record.cell
            name = page_data.cell_name(cell.architecture, cell.method)
            runs = data["cells"][name]["runs"][rule]
            (shown,) = (entry for entry in runs if entry["seed"] == cell.seed)
            assert shown["epochs"] == record.epochs
            assert shown["ending"] == record.ending
            for split in ("train", "validation", "test"):
                accuracy = record.splits.get(split, {}).get("accuracy")
                assert shown[f"{split}Final"] == accuracy
            assert shown["at"][0] == 1 and shown["at"][-1] == record.epochs
            for at, error in zip(shown["at"], shown["loss"], strict=True):
                expected = record.history["loss"][at - 1]
                assert error == pytest.approx(expected, rel=1e-4)


def test_every_verdict_is_in_the_data(findings, data):
    for rule, verdicts in (("stated", findings.stated), ("patient", findings.patient)):
        for verdict in verdicts:
            name = page_data.cell_name(verdict.architecture, verdict.method)
            shown = data["cells"][name]["verdicts"][rule][verdict.quantity]
            assert shown["label"] == verdict.label
            assert (shown["low"], shown["high"]) == (verdict.low, verdict.high)


def test_the_originals_batch_gd_of_4_and_5_is_shown_as_the_sgd_it_is(data):
    sgd = [method["key"] for method in data["methods"]].index("sgd")
    for architecture in (4, 5):
        assert data["cells"][f"{architecture}/batch_gd"]["judgedAs"] == sgd


def test_a_diverged_run_is_in_the_grid_and_in_the_curves(content, data):
    (lost,) = (
        entry
        for entry in data["cells"]["2/adam"]["runs"]["stated"]
        if entry["ending"] == "diverged"
    )
    assert lost["seed"] == 1 and lost["loss"] and lost["validationFinal"] is None
    name = page_data.cell_name(2, KERAS_LION)
    button = re.search(rf'data-cell="{re.escape(name)}">(.*?)</button>', content)[1]
    assert "diverged" in button


def test_a_run_that_was_cut_off_is_told_by_the_limit(content):
    button = re.search(r'data-cell="3/nag">(.*?)</button>', content)[1]
    assert "&gt;20,000" in button or ">20,000" in button


def test_own_optimizers_have_a_row_a_curve_and_a_sentence(content, data):
    name = page_data.cell_name(1, LION)
    assert f'data-cell="{name}"' in content
    assert len(data["cells"][name]["runs"]["stated"]) == 2
    text = words(content)
    assert "Architecture 1: stops after 4 epochs, 97.05 % validation accuracy" in text
    assert "training error 0.05 after 1, place 1 of 8." in text
    assert "Architecture 2: diverges" in text
    labels = [method["label"] for method in data["methods"]]
    assert labels[:7] == [method.label for method in METHODS.values()]
    assert set(labels[7:]) == {"MyLion (η=0.0003)", "Keras Lion"}


def test_claims_come_contradicted_first_each_with_its_name(findings, content):
    claims = re.findall(r'<li id="claim-([\w-]+)" data-verdict="([\w-]+)">', content)
    assert {key for key, _ in claims} == {entry.key for entry in findings.entries}
    places = [page_data.ORDER.index(v.replace("-", " ").upper()) for _, v in claims]
    assert places == sorted(places) and places[0] == 0


def test_tables_are_shown_as_they_are_with_their_csv(content, data):
    assert TABLES["runs"].html() in content
    assert data["files"] == {"runs": "method,epochs\nSGD <b>,1234\n"}


def test_a_table_of_very_many_rows_is_a_file_only(tmp_path):
    long = replace(TABLES["runs"], rows=301 * TABLES["runs"].rows)
    content = built(tmp_path, run(1, "sgd", 0), tables={"runs": long})
    assert "301 rows: too many to read here" in words(content)
    assert long.html() not in content
    assert read_json(content, "data")["files"]["runs"] == long.csv().decode()


def test_sweeps_are_in_the_data(data):
    (entry,) = data["sweeps"]
    assert entry["architecture"] == 1
    assert [point["rate"] for point in entry["lines"][0]["points"]] == [0.001, 0.01]


def test_the_race_is_in_the_data_with_own_optimizers(data):
    labels = [
        data["methods"][path["method"]]["label"] for path in data["race"]["paths"]
    ]
    assert labels == ["SGD", "Adam", "MyLion (η=0.0003)"]
    assert data["race"]["paths"][1]["losses"] == PATHS["paths"]["adam"]["losses"]


def test_the_best_model_is_in_the_page_with_rounded_weights(content, data, folder):
    assert data["model"]["shapes"] == [[784, 8], [8, 10]]
    text = re.search(r'id="weights">(.*?)</script>', content)[1]
    assert len(base64.b64decode(text)) == 2 * (784 * 8 + 8 + 8 * 10 + 10)
    assert content.count("data-cell-images=") > 0
    network = page_model.read_network(small_model(), BEST_MODEL, (1, 2, 3, 6, 9))
    images = load_digits().test.images[:50]
    assert set(network.predict(images)) <= set(range(10))


def test_rounded_weights_predict_what_the_published_model_does():
    path = PUBLISHED / BEST_MODEL
    seed = json.loads(path.with_suffix(".json").read_bytes())["cell"]["seed"]
    images = load_digits(seed).test.images
    content, known = path.read_bytes(), (1, 2, 3, 6, 9)
    rounded, exact = (
        page_model.read_network(content, "", known, precision)
        for precision in (np.float16, np.float32)
    )
    probabilities = special.softmax(exact.logits(images), axis=1)
    shift = np.abs(special.softmax(rounded.logits(images), axis=1) - probabilities)
    second, first = np.sort(probabilities, axis=1)[:, -2:].T
    clear = first - second > 0.02
    same = rounded.predict(images) == exact.predict(images)
    assert len(images) == 3795 and clear.mean() > 0.99
    assert shift.max() < 0.01 and same[clear].all()


def test_examples_to_draw_are_read_right_without_a_doubt(findings, folder):
    digits = (1, 2, 3, 6, 9)
    model = page_model.read_model(findings.selection.best, folder, digits)
    samples = model.samples(digits)
    assert set(samples) == {"1", "2", "3", "4", "6", "7", "9"}
    for digit in digits:
        images = model.splits["test"].images[model.splits["test"].labels == digit]
        shown = np.array(samples[str(digit)], np.uint8).reshape(1, 28, 28)
        right = model.network.predict(images) == digit
        sure = model.doubt.shapes.familiar(images, np.full(len(images), digit))
        if (right & sure).any():
            assert model.network.predict(shown) == digit
            assert model.doubt.shapes.familiar(shown, np.array([digit]))
        else:
            assert (shown[0] == images[0]).all()


def test_doubt_is_measured_on_images_that_gave_no_shape(findings, folder):
    seen = {image.tobytes() for image in load_digits().train.images}
    record = findings.selection.best
    rerun = replace(record, cell=replace(record.cell, seed=1))
    models = [
        page_model.read_model(candidate, folder, (1, 2, 3, 6, 9))
        for candidate in (record, rerun)
    ]
    for model in models:
        test = model.splits["test"]
        indices = [i for i, im in enumerate(test.images) if im.tobytes() not in seen]
        images = test.images[indices]
        familiar = model.doubt.shapes.familiar(images, model.network.predict(images))
        assert model.doubt.refused == pytest.approx(1 - familiar.mean())
    assert models[0].doubt.shapes is models[1].doubt.shapes


# Partial and other folders ----------------------------------------------------------


def test_one_run_makes_a_page_that_says_what_is_missing(tmp_path):
    content = built(tmp_path, run(1, "sgd", 0))
    assert Outline(content).open == []
    text = words(content)
    assert "its file best_model.keras is not in this folder" in text
    assert "No sweep yet" in text and 'id="pad"' not in content
    assert "No runs here decide it" in text
    assert "No number of the student report (“the original”) can be judged yet" in text


def test_runs_that_were_never_ended_still_make_a_page(tmp_path):
    lost = replace(
        diverged(run(1, "sgd", 0)), history={"loss": [], "accuracy": []}, epochs=0
    )
    text = words(built(tmp_path, lost))
    assert "The criterion ended no run, so there is no best model." in text


def test_other_data_is_named_by_its_digits(tmp_path):
    protocol = Protocol(data_sha256="f" * 64, num_examples=11385)
    text = words(built(tmp_path, run(1, "sgd", 0, protocol=protocol)))
    assert "These runs used other data" in text
    assert "Not judged: these runs are no rerun" in text


def test_other_data_may_have_other_digits_and_no_images(tmp_path):
    matrix = [[50 * (i == j) * (i in (0, 7)) for j in range(10)] for i in range(10)]
    protocol = Protocol(data_sha256="f" * 64, num_examples=100)
    content = small_model()
    source = run(1, "sgd", 0, protocol=protocol)
    splits = {
        name: split | {"confusion": matrix, "accuracy": 1.0}
        for name, split in source.splits.items()
    }
    digest = hashlib.sha256(content).hexdigest()
    (tmp_path / BEST_MODEL).write_bytes(content)
    page = built(tmp_path, replace(source, splits=splits, model_sha256=digest))
    text = words(page)
    assert "Seven optimizers on two digits" in text and "images of 0 and 7" in text
    assert "The images of these runs (data.npz) are not in this folder" in text
    assert read_json(page, "data")["digits"] == [0, 7]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [
        ({"learning_rate": 0.01}, "had other settings"),
        ({"subset": 300}, "used only a part of the images"),
        ({"max_epochs": 3}, "limit of epochs is not below"),
    ],
)
def test_other_settings_are_named(tmp_path, changes, phrase):
    protocol = replace(Protocol(), **changes)
    assert phrase in words(built(tmp_path, run(1, "sgd", 0, protocol=protocol)))


def test_a_model_of_another_run_is_not_shown(tmp_path):
    (tmp_path / BEST_MODEL).write_bytes(small_model())
    text = words(built(tmp_path, run(1, "sgd", 0)))
    assert "best_model.keras in this folder is of another run" in text


def test_a_file_that_a_model_points_to_does_not_get_into_the_page(tmp_path):
    """A results folder of somebody's, whose model has a kernel in a file of ours."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret!!" * (8 * 10 // 2))

    def point(file):
        group = file["layers/dense_1/vars"]
        del group["0"]
        place = [(str(secret), 0, h5py.h5f.UNLIMITED)]
        group.create_dataset("0", (8, 10), "<f4", external=place)

    content = edit_weights(small_model(), point)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        weights = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(weights) as file:  # whoever reads it, reads the secret
        assert file["layers/dense_1/vars/0"][()].tobytes() == secret.read_bytes()
    (tmp_path / BEST_MODEL).write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    page = built(tmp_path, replace(run(1, "sgd", 0), model_sha256=digest))
    assert "do not hold layers/dense_1/vars/0 in this file" in words(page)
    assert 'id="weights"></script>' in page


def test_pooled_runs_are_counted_and_marked(tmp_path):
    published, output = tmp_path / "published", tmp_path / "own"
    for seed in range(3):
        Store(published).write(run(1, "sgd", seed, epochs=150 + seed))
    Store(output).write(run(1, "sgd", 0, epochs=150))
    content = page(find(output, published), {}, output).decode()
    text = words(content)
    assert "1 of your 1 run equals the published run of its seed" in text
    runs = read_json(content, "data")["cells"]["1/sgd"]["runs"]["stated"]
    assert [entry["mine"] for entry in runs] == [True, False, False]


def test_words_of_records_cannot_become_markup(tmp_path):
    key = 'my_lib:Mine {"name": "<script>alert(1)</script>"} sha256:' + "b" * 64
    content = built(tmp_path, run(1, "sgd", 0), run(1, key, 0))
    assert "<script>alert" not in content


# Values -----------------------------------------------------------------------------


def test_thinned_epochs_keep_the_first_the_last_and_those_with_a_validation():
    assert page_data.thinned(0) == []
    assert page_data.thinned(5) == [0, 1, 2, 3, 4]
    every_tenth = [0.5 if i % 10 == 9 else None for i in range(5000)]
    indices = page_data.thinned(5000, every_tenth)
    assert indices[0] == 0 and indices[-1] == 4999 and len(indices) < 130
    assert sum(every_tenth[i] is not None for i in indices) > 50


# Many runs -------------------------------------------------------------------------


def test_of_a_cell_of_many_runs_some_have_curves_and_all_have_their_numbers(tmp_path):
    number = 2 * RUNS_DRAWN
    runs = [run(1, "nag", seed, epochs=30 + seed % 20) for seed in range(number)]
    content = built(tmp_path, *runs, run(1, "adam", 0, epochs=9))
    shown = read_json(content, "data")["cells"]["1/nag"]["runs"]["stated"]
    assert [entry["epochs"] for entry in shown] == [record.epochs for record in runs]
    drawn = [entry for entry in shown if entry["at"]]
    assert len(drawn) == RUNS_DRAWN
    assert {30, 49} < {entry["epochs"] for entry in drawn}
    assert [entry["middle"] for entry in shown].count(True) == 1
    assert any(entry["middle"] and entry["matrix"] for entry in drawn)
    assert "of a cell of more than 51 runs only so many" in words(content)
    small_page = built(tmp_path / "few", *runs[:RUNS_DRAWN])
    assert "only so many" not in words(small_page)
