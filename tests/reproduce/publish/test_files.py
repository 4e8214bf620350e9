"""Files of the report: the same bytes each time, complete, and true of the runs."""

import hashlib
import json
import math
import re
from dataclasses import replace

import pytest

from reproduce.analysis.findings import find
from reproduce.experiment.methods import at_rate
from reproduce.experiment.protocol import Protocol
from reproduce.experiment.studies import SINGLE
from reproduce.original import CLAIMS, CONFUSION
from reproduce.publish.files import readme_blocks, report_files
from reproduce.publish.summary import First, Standing, first_of, summarize

from ..analysis.runs import run, split
from ..analysis.test_findings import write
from .test_tables import LION, WORLDS, full, own_digits, save

INF = math.inf


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return full(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def findings(folder):
    return find(folder)


@pytest.fixture(scope="module")
def files(findings, folder):
    return report_files(findings, folder)


def front_matter(card):
    """Lines of the front matter, and what follows."""
    _, head, rest = card.split("---\n", 2)
    return head.splitlines(), rest


# All files --------------------------------------------------------------------------


def test_the_same_records_give_the_same_bytes(files, folder):
    rerun = report_files(find(folder), folder)
    assert rerun == files and list(files) == sorted(files)


def test_tables_are_csv_and_markdown_and_those_for_machines_csv_only(files):
    assert "tables/overview.csv" in files and "tables/overview.md" in files
    assert "tables/runs.csv" in files and "tables/runs.md" not in files
    assert files["tables/claims.md"].startswith(b"# What the original says")
    assert {"REPORT.md", "verdicts.json", "best_model.json", "best_model.md"} <= set(
        files
    )


@pytest.mark.parametrize("name", WORLDS)
def test_every_world_has_its_files(name, tmp_path):
    findings = find(WORLDS[name](tmp_path))
    contents = report_files(findings, tmp_path)
    assert ("best_model.md" in contents) == (findings.selection.best is not None)
    for path, content in contents.items():
        text = content.decode()
        assert text.endswith("\n") and "\r" not in text, path
        json.loads(text) if path.endswith(".json") else None


def test_figures_are_shown_in_their_sections(findings, folder):
    heads = {
        "architecture-4-all": "Architecture 4",
        "time-to-target": "Speed",
        "sweep-1": "Learning rates",
        "paths": "Paths",
    }
    drawn = {f"figures/{name}.png": f"What {name} shows" for name in heads}
    text = report_files(findings, folder, drawn)["REPORT.md"].decode()
    for name, head in heads.items():
        section = text.partition(f"\n## {head}\n")[2].partition("\n## ")[0]
        assert f"![What {name} shows](figures/{name}.png)" in section
    assert "## Paths" not in report_files(findings, folder)["REPORT.md"].decode()


# verdicts.json ----------------------------------------------------------------------


def test_verdicts_json_has_numbers_claims_and_records(files, findings):
    verdicts = json.loads(files["verdicts.json"])
    assert verdicts["schema"] == 1
    assert len(verdicts["numbers"]) == 105 + 42
    keys = "architecture method quantity stopping original n median low high limit"
    assert set(keys.split()) <= set(verdicts["numbers"][0])
    assert [claim["key"] for claim in verdicts["claims"]] == list(CLAIMS)
    keys = "key words section measured p p_holm verdict reason"
    assert all(set(keys.split()) <= set(claim) for claim in verdicts["claims"])
    (lost,) = (
        n
        for n in verdicts["numbers"]
        if (n["architecture"], n["method"], n["quantity"], n["stopping"])
        == (2, "adam", "train", "stated")
    )
    assert (lost["n"], lost["verdict"], lost["reason"]) == (
        0,
        "NOT JUDGED",
        "few seeds",
    )


def test_every_record_that_was_used_is_named_by_its_sha256(files, folder):
    records = json.loads(files["verdicts.json"])["records"]
    on_disk = {
        path.relative_to(folder).as_posix(): json.loads(path.read_bytes())["sha256"]
        for path in folder.glob("**/seed-*.json")
    }
    assert records == on_disk
    assert any(path.startswith("studies/sweep/runs/arch1/") for path in records)


def test_what_is_not_finite_is_null(files):
    numbers = json.loads(files["verdicts.json"])["numbers"]
    (lost,) = (
        n
        for n in numbers
        if (n["architecture"], n["method"], n["quantity"], n["stopping"])
        == (2, "adam", "epochs", "stated")
    )
    assert lost["n"] == 3 and lost["median"] is None


# The best model ---------------------------------------------------------------------


def test_the_card_for_programs_says_what_goes_in_and_comes_out(files, findings):
    card, best = json.loads(files["best_model.json"]), findings.selection.best
    fields = "cell digits epochs expected input output parameters protocol sha256"
    assert set(card) == set(fields.split())
    assert card["digits"] == [1, 2, 3, 6, 9]
    assert card["expected"]["test"]["accuracy"] == best.splits["test"]["accuracy"]
    assert card["output"].endswith("index i is the digit i")
    assert "(num_images, 28, 28)" in card["input"]


def test_the_card_for_people_has_the_front_matter_of_a_model_card(files, findings):
    head, rest = front_matter(files["best_model.md"].decode())
    assert head[:3] == [
        "library_name: keras",
        "license: mit",
        "pipeline_tag: image-classification",
    ]
    for key in ("tags:", "datasets:", "metrics:", "model-index:"):
        assert key in head
    accuracy = findings.selection.best.splits["test"]["accuracy"]
    assert f"      value: {accuracy!r}" in head
    assert all(line.strip() for line in head)
    assert rest.lstrip().startswith("# best_model.keras: the digits 1, 2, 3, 6 and 9")


def test_a_model_of_own_data_is_named_by_its_digits(tmp_path):
    contents = report_files(find(WORLDS["other data"](tmp_path)), tmp_path)
    assert json.loads(contents["best_model.json"])["digits"] == [0, 7]
    card = contents["best_model.md"].decode()
    assert "the digits 0 and 7" in card and "1, 2, 3, 6" not in card
    head, _ = front_matter(card)
    assert "license: other" in head and "datasets:" not in head
    report = contents["REPORT.md"].decode()
    assert "images of the digits 0 and 7" in report
    assert report.count("1, 2, 3, 6 and 9") == 1  # what the original has, in Scope


def test_five_outputs_are_numbered_by_the_digits(tmp_path):
    protocol = Protocol().changed(num_classes=5)
    contents = report_files(find(save(tmp_path, [run()], protocol=protocol)), tmp_path)
    assert json.loads(contents["best_model.json"])["output"].endswith("is digits[i]")
    assert "`digits` is [1, 2, 3, 6, 9]" in contents["best_model.md"].decode()


def test_a_model_scores_images_that_were_not_drawn_too(tmp_path):
    record = run(1, "sgd", 0)
    splits = record.splits | {"unused": split("test", 0.9)}
    contents = report_files(
        find(save(tmp_path, [replace(record, splits=splits)])), tmp_path
    )
    assert "| not drawn | 3,795 | 90.01 % |" in contents["best_model.md"].decode()


def test_the_report_says_whether_the_model_is_there(tmp_path):
    content = b"a model"
    record = replace(run(), model_sha256=hashlib.sha256(content).hexdigest())
    findings = find(save(tmp_path, [record]))
    absent = report_files(findings, tmp_path)["REPORT.md"].decode()
    assert "The trained model is not in this folder" in absent
    (tmp_path / "best_model.keras").write_bytes(content)
    report = report_files(findings, tmp_path)["REPORT.md"].decode()
    assert "The trained model is [best_model.keras]" in report
    (tmp_path / "best_model.keras").write_bytes(b"another")
    assert report_files(findings, tmp_path)["REPORT.md"].decode() == absent


# The summary ------------------------------------------------------------------------


def test_who_is_first_is_counted_over_architectures_with_ties():
    values = {(1, "sgd"): 9, (1, "nag"): 3, (1, "momentum"): 3, (2, "sgd"): 5}
    values |= {(2, "nag"): 6, (3, "sgd"): 1}
    first = first_of(values)
    assert (first.methods, first.on, first.of) == (("sgd", "momentum", "nag"), 1, 2)
    values |= {(4, "nag"): 2, (4, "sgd"): INF}
    assert first_of(values) == First(("nag",), 2, 3, 1, ("momentum",))
    assert first_of({(1, "sgd"): 1}) is None
    assert first_of({(1, "sgd"): INF, (1, "nag"): INF}) is None
    assert first_of({}) is None


def test_the_summary_counts_what_was_run(findings):
    summary = summarize(findings)
    assert (summary.runs, summary.cells, summary.all_cells) == (105, 35, 35)
    assert (summary.fewest_seeds, summary.most_seeds) == (3, 3)
    assert summary.endings["diverged"] == 4 and summary.endings["epoch_limit"] == 1
    assert summary.others == (LION,) and summary.legible == 99
    assert summary.judged == sum(summary.labels.values()) < 99
    assert summary.first["learn"].methods == ("momentum", "nag")
    assert summary.rose[1][0] == 0 and summary.rose[0][1] == 30
    assert summary.mistakes == (
        "outputs",
        "accuracies-possible",
        "full-batch",
        "row-sums",
    )
    assert sum(map(len, summary.claims.values())) == len(CLAIMS)
    both = [sum(counts.values()) for counts in summary.on_4_and_5.values()]
    assert both[0] == both[1] > 0


def test_who_is_first_at_the_best_rates_is_told_where_all_have_the_same_rates(tmp_path):
    save(tmp_path, [run(1, "sgd", 0)])
    rates = [(method, rate) for method in SINGLE for rate in (0.001, 0.1)]
    sooner = {("adagrad", 0.1): [0.5, 0.01]}
    swept = [
        run(1, at_rate(*pair), 0, loss=sooner.get(pair, [0.5, 0.4, 0.01]))
        for pair in rates
    ]
    write(tmp_path, swept[:-1], "sweep")
    assert summarize(find(tmp_path)).first["tuned"] is None
    write(tmp_path, swept[-1:], "sweep")
    findings = find(tmp_path)
    assert summarize(findings).first["tuned"] == First(("adagrad",), 1, 1)
    report = report_files(findings, tmp_path)["REPORT.md"].decode()
    sentence = (
        "Each at its best learning rate, AdaGrad reaches an error of 0.02 first on"
    )
    assert f"{sentence} 1 of 1 architecture." in report


def test_ones_own_runs_are_counted_beside_the_published(tmp_path):
    published = [run(1, "sgd", seed, epochs=150 + seed) for seed in range(3)]
    save(tmp_path / "published", published)
    mine = [published[0], run(1, "sgd", 1, epochs=149), run(1, "sgd", 7, epochs=151)]
    save(tmp_path / "mine", [*mine, run(2, "sgd", 0)])
    summary = summarize(find(tmp_path / "mine", tmp_path / "published"))
    assert summary.standing == Standing(
        runs=4, same=1, other=1, new=2, compared=3, inside=2, published=1
    )
    assert summarize(find(tmp_path / "mine")).standing is None


def test_settings_that_are_not_the_default_are_named(tmp_path):
    stated = summarize(find(WORLDS["other settings"](tmp_path / "a")))
    assert stated.no_rerun == "other settings" and stated.changed == ("learning_rate",)
    assert stated.stopping is None
    unstated = summarize(find(WORLDS["other initializer"](tmp_path / "b")))
    assert unstated.no_rerun == "" and unstated.unusual == ("kernel_initializer",)


# README.md --------------------------------------------------------------------------


def test_readme_has_findings_epochs_accuracies_cost_and_speed(findings):
    blocks = readme_blocks(findings)
    assert list(blocks) == ["findings", "results", "cost", "speed"]
    assert re.match(r"- \*\*Numbers\.\*\* Of 99 legible", blocks["findings"])
    assert "| **never** (9) |" in blocks["results"]
    assert "| diverged (97.52) |" in blocks["results"]
    assert " (153) |" in blocks["results"] and " (95.68) |" in blocks["results"]
    assert "(?)" in blocks["results"] and "Lion" not in blocks["results"]
    assert (
        "| `make reproduce` | 0:" in blocks["cost"]
        or "`make reproduce` | 1:" in (blocks["cost"])
    )
    assert " published runs of the 35 cells took " in blocks["cost"]
    assert "by SGD on architecture 4" in blocks["speed"]
    assert "| Method | Architecture 1: µs |" in blocks["speed"]


def test_readme_of_a_single_run_has_dashes_for_what_was_not_run(tmp_path):
    blocks = readme_blocks(find(save(tmp_path, [run(1, "sgd", 0, epochs=150)])))
    assert "| SGD | **150** (153) | – (108) |" in blocks["results"]


def test_own_digits_helper_moves_all_images():
    moved = own_digits(run(), 0, 7)
    assert moved.splits["test"]["confusion"][7][7] == 10
    assert CONFUSION["digits"] == [1, 2, 3, 6, 9]
