"""REPORT.md: short at its start, true in every world, and worded in templates only."""

import ast
import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from reproduce import publish
from reproduce.analysis.findings import find
from reproduce.experiment.methods import METHODS
from reproduce.experiment.store import Store
from reproduce.publish.files import report_files

from ..analysis.runs import run, world
from .test_tables import GLOROT, HOSTILE, WORLDS, hostile, save

MOST_WORDS = 150
SECTIONS = ["Scope", "Methodology", "Results", "What was easy", "What was hard"]


def report(folder, published=None):
    return report_files(find(folder, published), folder)["REPORT.md"].decode()


def opening(text):
    """What stands before the first table or section."""
    return re.split(r"^(?:\||## )", text, maxsplit=1, flags=re.MULTILINE)[0]


def pooled(folder):
    """A user's seed beside published ones, some equal; returns both folders."""
    published = world(seeds=3, epochs={"batch_gd": 300, "adagrad": 200})
    save(folder / "published", published)
    save(folder / "published", [r for r in published if r.cell.seed < 3], "patience-2")
    mine = [r for r in published if r.cell.seed == 0 and r.cell.method != "sgd"]
    mine += [run(a, "sgd", 0, epochs=100) for a in (1, 2, 3, 4, 5)]
    save(folder / "mine", mine)
    return folder / "mine", folder / "published"


@pytest.fixture(scope="module", params=[*WORLDS, "pooled"])
def text(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    if request.param == "pooled":
        return report(*pooled(folder))
    return report(WORLDS[request.param](folder))


def test_the_opening_is_short_and_has_at_most_one_table(text):
    assert len(opening(text).split()) <= MOST_WORDS
    head = text[: text.index("\n## ")]
    assert len(re.findall(r"^\| -+", head, re.MULTILINE)) <= 1


def test_no_name_in_a_record_is_more_than_text_in_markdown(tmp_path):
    """As a parser reads it: what is a link or an image, and which cells tables have."""
    files = report_files(find(hostile(tmp_path)), tmp_path)
    parser, markup = MarkdownIt("commonmark").enable("table"), ""
    for name in (name for name in files if name.endswith(".md")):
        content = files[name].decode()
        tokens = [child for token in parser.parse(content) for child in children(token)]
        targets = [child.attrs.get("href", child.attrs.get("src")) for child in tokens]
        assert not [target for target in targets if target and "e.x" in target], name
        assert not [child for child in tokens if child.type.startswith("html")], name
        rows = parser.render(content).split("<tr>")[1:]
        widths = [len(re.findall("<t[dh][ >]", row)) for row in rows]
        heads = re.findall(r"^\|(?: -+:? \|)+$", content, re.MULTILINE)
        assert set(widths) == {head.count("|") - 1 for head in heads}, name
        markup += parser.render(content)
    for key in HOSTILE:
        label = METHODS[key].label
        assert label.isprintable()
        shown = html.escape(label)
        assert markup.count(f"<td>{shown}</td>") > 1, label  # in cells
        assert f"<strong>{shown}.</strong>" in markup  # at the start
        assert f"<li>{shown} is <code>{html.escape(key)}</code>.</li>" in markup


def children(token):
    return [token, *(token.children or ())]


def test_the_sections_are_those_of_a_reproducibility_summary(text):
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[: len(SECTIONS)] == SECTIONS
    assert headings[-2:] == ["What this cannot show", "Files"]
    assert len(headings) == len(set(headings))


def test_nothing_is_left_unfilled_or_unfinished(text):
    for wrong in (
        "None",
        " nan",
        "Undefined",
        "{{",
        "{%",
        "inf ",
        " .",
        " ,",
        "..",
        "()",
    ):
        prose = [line for line in text.splitlines() if not line.startswith("|")]
        lines = [line for line in prose if wrong in re.sub(r"\]\([^)]*\)", "]", line)]
        assert not lines or (wrong == "None" and "None of" in lines[0]), (wrong, lines)
    assert "\n\n\n" not in text and text.endswith("\n")
    assert not re.search(r"[^\s|]  +\S", re.sub(r"`[^`]*`", "x", text)), "two spaces"


def test_a_table_stands_between_blank_lines(text):
    lines = text.splitlines()
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if line.startswith("|"):
            assert before == "" or before.startswith("|"), line
            assert after == "" or after.startswith("|"), line
        if re.match(r"#+ ", line):
            assert before == after == "", line


def test_every_link_within_the_report_has_its_heading(text):
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in heads}
    for anchor in re.findall(r"\]\(#([^)]+)\)", text):
        if anchor != "how-much-do-these-verdicts-mean":  # where there are verdicts
            assert anchor in anchors, anchor


def test_the_report_links_only_to_files_that_are_made(tmp_path):
    for name, make in WORLDS.items():
        folder = make(tmp_path / name.replace(" ", "-").replace(",", ""))
        files = report_files(find(folder), folder)
        links = re.findall(r"\]\(([^)#]+)\)", files["REPORT.md"].decode())
        assert set(links) <= set(files), name


def test_runs_that_are_no_rerun_are_named_so_first(tmp_path):
    for name, words in (
        ("other data", "These runs used other data"),
        ("other settings", "states: learning rate."),
        ("part of the images", "only a part of the images"),
    ):
        content = report(WORLDS[name](tmp_path / name.replace(" ", "-")))
        first = content.split("\n\n")[1]
        assert words in first and first.startswith("**"), name
        assert "nothing for or against" in first
        assert "| AGREES |" not in opening(content)
        assert "Mistakes in the original" not in content
        assert "nearest stopping rule" not in content


def test_records_that_are_left_out_are_counted_first(tmp_path):
    save(tmp_path, [run(1, "sgd", 0)])
    Store(tmp_path / "studies/glorot").write(run(1, "sgd", 0))
    first = report(tmp_path).split("\n\n")[1]
    assert first == (
        "**1 record in studies/glorot is left out: damaged, or of other settings.**"
    )


def test_ones_own_seed_comes_first_and_the_verdicts_are_full(tmp_path):
    content = report(*pooled(tmp_path))
    first = content.split("\n\n")[1]
    assert first.startswith(
        "**Numbers.** 30 of your 35 runs equal the published run of their seed; 30 "
        "stop within the published range of epochs. Of 99 legible numbers"
    )
    assert "no verdict yet" not in first
    assert "## Your runs among the published ones" in content


def test_one_run_is_too_few_for_a_verdict(tmp_path):
    content = report(WORLDS["one run"](tmp_path))
    assert "can be judged yet: 1 of its 35 cells" in content.split("\n\n")[1]
    assert "1 of 35 cells was run, with 1 seed each: 1 run, which" in content


def test_another_optimizer_and_a_diverged_run_are_told(tmp_path):
    content = report(WORLDS["full"](tmp_path))
    assert "We also ran Keras Lion, which the original does not have." in content
    assert "| Keras Lion | 2 | 2 by the threshold | 13 (12–14) |" in content
    assert "- Keras Lion is `keras:Lion`." in content
    assert "4 diverged." in content
    assert "| Adam | 3 | 3 diverged | never | 9 | diverged |" in content


def test_settings_of_the_users_own_are_named(tmp_path):
    content = report(save(tmp_path, world(seeds=1), protocol=GLOROT))
    assert "Not the default in these runs: kernel initializer." in content
    assert "have other settings than our default" in content


def test_contradicted_claims_are_told_with_what_was_measured(tmp_path):
    content = report(WORLDS["full"](tmp_path))
    section = content[content.index("\nContradicted:") : content.index("\nSupported:")]
    assert section.count("\n- “") >= 3
    claims = content[content.index("## The claims") :]
    assert claims.index("| CONTRADICTED |") < claims.index("| SUPPORTED |")


def test_every_method_of_the_original_is_in_every_architecture(tmp_path):
    content = report(WORLDS["one run"](tmp_path))
    for number in range(1, 6):
        part = content[content.index(f"\n## Architecture {number}\n") + 4 :]
        part = part[: part.index("\n## ")]
        assert all(f"| {METHODS[key].label}" in part for key in METHODS)


# Words stand in templates -----------------------------------------------------------


def sentences(path):
    """Strings in a Python file that read like a sentence, docstrings aside."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            skipped.add(id(body[0].value))
        if isinstance(node, ast.Raise):
            skipped |= set(map(id, ast.walk(node)))
        if isinstance(node, ast.JoinedStr):
            skipped |= set(map(id, node.values))
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        parts = node.values if isinstance(node, ast.JoinedStr) else [node]
        words = " ".join(
            str(part.value) if isinstance(part, ast.Constant) else "x"
            for part in parts
            if not isinstance(getattr(part, "value", None), bytes)
        )
        if len(words.split()) > 6 and re.search(r"[.!?](\s|$)", words):
            yield words


@pytest.mark.parametrize(
    "path", sorted(Path(publish.__file__).parent.glob("*.py")), ids=lambda p: p.name
)
def test_no_python_file_holds_a_sentence_of_the_report(path):
    assert not list(sentences(path))


def test_a_sentence_in_python_would_be_found(tmp_path):
    path = tmp_path / "wordy.py"
    path.write_text(
        '"""A module. It has a long docstring of many words."""\n'
        "n = 3\n"
        'told = "There are many words in this. It ends with a stop."\n'
        'counted = f"There are {n} runs in this folder, and no more."\n'
        'raise ValueError("This is what users are told when all fails.")\n'
    )
    assert len(list(sentences(path))) == 2
