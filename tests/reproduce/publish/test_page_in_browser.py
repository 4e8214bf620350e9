"""The page as its readers use it, in a real browser."""

import base64
import json
import math
import os
import re
from contextlib import contextmanager
from importlib import resources

import numpy as np
import pytest

from reproduce.analysis.findings import find
from reproduce.analysis.sampling import median_run
from reproduce.data import load_digits, load_foreign
from reproduce.data.familiar import training_shapes
from reproduce.original import CLAIMS
from reproduce.predict.centring import centre
from reproduce.predict.images import read_image
from reproduce.publish import page_data, page_model, text
from reproduce.publish.page import page as page_html
from reproduce.publish.screenshots import missing, open_browser
from reproduce.publish.table import Column, Table

from .test_page import KERAS_LION, LION, TABLES, fill

DESKTOP = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
KNOWN = (1, 2, 3, 6, 9)
WIDE = Table(
    "wide",
    "A number, a method, and much more",
    (
        Column("architecture", "Architecture", "count"),
        Column("method", "Method"),
        *(Column(f"n{i}", f"A number {i}", "count") for i in range(9)),
    ),
    ({"architecture": 1, "method": "SGD"} | {f"n{i}": 12345 for i in range(9)},),
)
NUMBERS = [0, 1, 0.5, 41, 41.5, 5005, 12345.5, 0.125, 0.99125, 0.96, 1e-3, 3.7e-8]
NUMBERS += [0.0123456, 0.99951, 123.456, 0.00004, 999.95, 2.5, 1e6, 0.1, 99.995]
FORMATS = {
    "writeCount": text.count,
    "writePercent": text.percent,
    "writeError": text.error,
    "writeSeconds": text.seconds,
    "writeRate": text.rate,
}


@pytest.fixture(scope="module")
def browser():
    """Skips where there is none, unless one is required, as in CI."""
    why = missing()
    if why and os.environ.get("REQUIRE_BROWSER"):
        pytest.fail(why)
    if why:
        pytest.skip(why)
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(browser, tmp_path_factory):
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="module")
def findings(folder):
    return fill(folder)


@pytest.fixture(scope="module")
def address(findings, folder):
    """Of a page on disk, from a synthetic world."""
    path = folder / "report.html"
    path.write_bytes(page_html(findings, TABLES | {"wide": WIDE}, folder))
    return path.as_uri()


@contextmanager
def opener(browser, address):
    """Opens the page; a message, an error or a request at any time is a failure."""
    contexts, complaints = [], []

    def note(url):
        if not url.startswith(("data:", "blob:")) and url.split("#")[0] != address:
            complaints.append(url)

    def open_one(state="", **settings):
        settings = {"reduced_motion": "reduce", **(settings or DESKTOP)}
        context = browser.new_context(**settings)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: note(request.url))
        page.goto(address + state)
        contexts.append(context)
        settle(page)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def open_page(browser, address):
    with opener(browser, address) as open_one:
        yield open_one


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture(scope="module")
def untouched(browser, address):
    """One page for all tests that only look at it."""
    with opener(browser, address) as open_one:
        yield open_one()


def settle(page):
    """Wait until what was changed has been drawn: that takes two frames."""
    frame = "new Promise(done => requestAnimationFrame(() => "
    page.evaluate(f"() => {frame}requestAnimationFrame(() => setTimeout(done))))")


def unfold(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


def plot(page):
    return page.locator("#curve-panel svg.plot")


def readout(page):
    return page.locator("#curve-panel .readout").inner_text()


def choose(page, words):
    page.locator("#curve-panel").get_by_role("button", name=words, exact=True).click()


# Layout -----------------------------------------------------------------------------


def test_the_first_curve_is_within_two_screens(untouched):
    box = plot(untouched).bounding_box()
    assert box["y"] + box["height"] <= 2 * 800
    assert plot(untouched).locator("path.curve").count() > 7


def test_the_navigation_is_never_cut_and_stays(page):
    page.evaluate("scrollTo(0, 2500)")
    for width in (360, 390, 768, 1024, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        settle(page)
        links = page.locator("nav a").all()
        assert 0 < len(links) <= 7
        for link in links:
            box = link.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, width
            assert 0 <= box["y"] < 90 and box["height"] >= 24, width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_phone_never_scrolls_sideways(open_page):
    page = open_page(**PHONE)
    unfold(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_fewer_than_twenty_tabs_lead_to_the_first_chart(page):
    reached = False
    for _ in range(19):
        page.keyboard.press("Tab")
        reached |= page.evaluate("document.activeElement.matches('#curve-panel svg')")
    assert reached


def test_arrow_keys_move_within_the_grid(page):
    page.locator("[data-cell='1/sgd']").focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    cell = page.evaluate("document.activeElement.dataset.cell")
    assert cell == "2/sgd"


def test_on_a_phone_what_a_row_is_about_stays_while_a_table_is_scrolled(open_page):
    page = open_page(**PHONE)
    unfold(page)
    table = page.locator("#t-wide .scroll")
    table.evaluate("one => { one.scrollLeft = 100 }")
    settle(page)
    left = table.bounding_box()["x"]
    cells = table.locator("tbody tr").first.locator("th, td")
    assert [round(c.bounding_box()["x"] - left) for c in cells.all()[:2]] == [0, 30]
    shadow = "one => getComputedStyle(one, '::after').backgroundImage"
    assert "gradient" in cells.nth(1).evaluate(shadow)


def test_in_a_narrow_panel_a_verdict_is_a_card(open_page):
    page = open_page("#a1/sgd/cell", **PHONE)
    table = page.locator("#cell .verdict-table")
    assert not table.locator("thead").is_visible()
    box = table.locator("xpath=..").evaluate(
        "one => [one.scrollWidth, one.clientWidth]"
    )
    assert box[0] == box[1]


# Accessibility ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def axe():
    """The checker's script; it reaches the page past its policy, for this test only."""
    try:
        return (
            resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()
        )
    except ModuleNotFoundError:
        if os.environ.get("REQUIRE_BROWSER"):
            raise
        pytest.skip("axe is not installed (make browser)")


def violations(page, axe):
    """What axe finds; without the shadows of tables it can tell every contrast."""
    page.add_style_tag(
        content=".scroll, .scroll * { background-image: none !important }"
    )
    page.evaluate(axe)
    answer = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        (violation["id"], [node["target"] for node in violation["nodes"][:3]])
        for violation in answer["violations"]
    ]


@pytest.mark.parametrize(
    ("scheme", "device", "folds"),
    [
        ("light", "desktop", "closed"),
        ("light", "phone", "open"),
        ("dark", "desktop", "open"),
        ("dark", "phone", "closed"),
    ],
)  # any two of them together
def test_axe_has_nothing_to_say(open_page, axe, scheme, device, folds):
    settings = PHONE if device == "phone" else DESKTOP
    page = open_page(**settings | {"color_scheme": scheme, "bypass_csp": True})
    if folds == "open":
        unfold(page)
    assert violations(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_has_nothing_to_say_of_an_open_cell(open_page, axe, scheme):
    settings = {"color_scheme": scheme, "bypass_csp": True}
    page = open_page("#a4/nag/cell", **DESKTOP | settings)
    assert page.locator("#cell .heat").count() == 2
    assert violations(page, axe) == []


def test_every_fold_says_what_it_opens(untouched):
    folds = untouched.locator("summary").all_inner_texts()
    assert len(set(folds)) == len(folds) > 30
    assert all(len(words.split()) > 1 or "table" in words for words in folds)


def test_every_picture_says_what_it_shows(page):
    page.locator("[data-split='train']").first.click()
    page.locator("#model .split:visible [data-cell-images]").first.click()
    alts = page.locator("#model img:visible").evaluate_all("all => all.map(i => i.alt)")
    assert alts and all(
        re.fullmatch(r"Training image \d+: a \d taken for \d", a) for a in alts
    )
    for chart in page.locator("svg.plot, svg.tracks").all():
        assert len(chart.get_attribute("aria-label")) > 30


# Grid -------------------------------------------------------------------------------


def test_every_cell_has_a_button_and_seeds_as_dots(untouched):
    assert untouched.locator("#grid .cell").count() == 5 * 9
    cell = untouched.locator("[data-cell='1/sgd']")
    assert cell.locator(".seed").count() == 3
    assert cell.locator(".interval").count() == 1
    assert cell.locator(".mark").count() == 1
    assert untouched.locator("[data-cell='2/adam'] .seed.beyond").count() >= 1
    lion = page_data.cell_name(2, KERAS_LION)
    assert "diverged" in untouched.locator(f"[data-cell='{lion}']").inner_text()


def test_the_grid_says_before_scripts_what_it_says_after(browser, untouched, address):
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto(address)

    def read(tab):
        cells = tab.locator("#grid .cell").all_inner_texts()
        return [" ".join(cell.split()) for cell in cells]

    assert read(still) == read(untouched)
    assert still.locator("noscript p:visible").count() == 1
    context.close()


@pytest.mark.parametrize("rule", ["stated", "patient"])
def test_colour_and_number_belong_to_what_is_shown(page, findings, rule):
    page.locator(f"[data-rule='{rule}']").click()
    for verdict in sorted(getattr(findings, rule), key=lambda item: item.quantity):
        quantity = verdict.quantity
        button = page.locator(f"[data-quantity='{quantity}']")
        if button.get_attribute("aria-pressed") != "true":
            button.click()
        name = page_data.cell_name(verdict.architecture, verdict.method)
        cell = page.locator(f"[data-cell='{name}']")
        kind = verdict.label.lower().replace(" ", "-")
        assert kind in cell.get_attribute("class").split()
        values = [v for v in verdict.values if not math.isinf(v)]
        if len(values) == len(verdict.values) > 0:
            write = text.count if quantity == "epochs" else text.percent
            assert cell.locator("b").inner_text() == write(verdict.centre)


@pytest.mark.parametrize("name", ["1/sgd", "4/adam", "5/batch_gd"])
def test_a_cell_opens_the_numbers_of_its_records(page, findings, name):
    architecture, method = name.split("/")
    judged = "sgd" if name == "5/batch_gd" else method
    page.locator(f"[data-cell='{name}']").click()
    settle(page)
    rows = page.locator("#cell .runs-table").first.locator("tbody tr").all()
    runs = [
        record
        for record in findings.records
        if (record.cell.architecture, record.cell.method) == (int(architecture), judged)
    ]
    assert len(rows) == len(runs) == 3
    for row, record in zip(rows, runs, strict=True):
        shown = row.locator("td, th").all_inner_texts()
        assert shown[0] == str(record.cell.seed)
        assert shown[2] == text.count(record.epochs)
        for at, split in enumerate(("train", "validation", "test"), start=3):
            assert shown[at] == text.percent(record.splits[split]["accuracy"])
    matrix = page.locator("#cell .heat").first.locator("tbody td").all_inner_texts()
    middle = median_run(runs).splits["validation"]["confusion"]
    assert matrix == [text.count(middle[i][j]) for i in KNOWN for j in KNOWN]
    assert page.locator("#cell svg.plot path.curve").count() >= 3
    assert page.evaluate("location.hash").startswith(f"#a{architecture}/{method}/cell")
    page.keyboard.press("Escape")
    assert not page.locator("#cell").is_visible()


def test_a_cells_runs_are_downloaded_in_full_precision(page, findings):
    page.locator("[data-cell='1/adam']").click()
    with page.expect_download() as waited:
        page.locator("#cell .download").first.click()
    lines = waited.value.path().read_text().splitlines()
    record = next(
        r for r in findings.records if r.cell.method == "adam" and r.cell.seed == 0
    )
    fields = dict(zip(lines[0].split(","), lines[1].split(","), strict=True))
    assert fields["epochs"] == str(record.epochs)
    accuracy = record.splits["validation"]["accuracy"]
    assert float(fields["validation_accuracy"]) == accuracy


def test_a_table_is_downloaded_as_its_csv(page):
    unfold(page)
    with page.expect_download() as waited:
        page.locator("[data-file='runs']").click()
    assert waited.value.suggested_filename == "runs.csv"
    assert waited.value.path().read_bytes() == TABLES["runs"].csv()


# Curves -----------------------------------------------------------------------------


def test_own_optimizers_and_diverged_runs_have_curves(page):
    data = json.loads(page.locator("#data").text_content())
    keys = [method["key"] for method in data["methods"]]
    lion = keys.index(page_data.cell_name(1, LION).split("/")[1])
    assert plot(page).locator(f"path.curve.m-{lion}").count() == 2
    choose(page, "Architecture 2")
    adam = keys.index("adam")
    assert plot(page).locator(f"path.curve.m-{adam}").count() == 3


def test_a_press_on_a_method_hides_it_and_two_show_it_alone(page):
    sgd = plot(page).locator("path.curve.m-0")
    assert sgd.count() == 3
    choose(page, "SGD")
    assert sgd.count() == 0
    assert "/-sgd" in page.evaluate("location.hash")
    choose(page, "SGD")
    assert sgd.count() == 3
    page.locator("#curve-panel [data-method='sgd']").dblclick()
    assert plot(page).locator("path.curve").count() == sgd.count() == 3


def test_every_choice_changes_the_picture_and_the_address(page):
    shown, states = [plot(page).inner_html()], [page.evaluate("location.hash")]
    for words in ("Accuracy", "Validation", "updates", "core seconds", "Linear"):
        choose(page, words)
        shown.append(plot(page).inner_html())
        states.append(page.evaluate("location.hash"))
        assert "NaN" not in shown[-1] and "Infinity" not in shown[-1]
        assert shown[-1] != shown[-2] and states[-1] != states[-2], words


def test_the_address_brings_the_same_view_back(open_page, page):
    choose(page, "Architecture 4")
    choose(page, "Accuracy")
    choose(page, "Linear")
    choose(page, "NAG")
    state = page.evaluate("location.hash")
    assert state == "#a4/accuracy/linear/-nag"
    view = open_page(state)
    assert plot(view).inner_html().replace("clip-", "") != ""
    pressed = view.locator("#curve-panel [aria-pressed='true']").all_inner_texts()
    assert "Architecture 4" in pressed and "Linear" in pressed
    assert "NAG" not in pressed


def test_an_address_of_a_cell_opens_it(open_page):
    page = open_page("#a4/nag/cell/log")
    assert page.locator("#cell-title").inner_text() == "NAG on architecture 4"


def test_an_address_picks_a_method_out_and_turns_the_grid(open_page, findings):
    page = open_page("#a4/nag/grid-validation/patient/linear")
    assert plot(page).locator("path.picked.m-3").count() == 1
    assert page.locator(".rule-note").is_visible()
    verdict = next(v for v in findings.patient if v.key == (4, "nag", "validation"))
    shown = page.locator("[data-cell='4/nag'] b").inner_text()
    assert shown == text.percent(verdict.centre)


def test_rows_judged_as_sgd_are_marks_of_sgd(open_page):
    page = open_page("#a4")
    marks = plot(page).locator(".reported.m-0 title").all_text_contents()
    assert marks == ["Batch GD, the original: 153 epochs"]


def test_pointing_reads_out_a_recorded_value(page, findings):
    plot(page).hover(position={"x": 300, "y": 120})
    words = readout(page)
    match = re.fullmatch(
        r"(.+), seed (\d+), epoch ([\d,]+): training error (.+)", words
    )
    assert match and page.locator("#curve-panel .tip").inner_text() == words
    epoch = int(match[3].replace(",", ""))
    errors = [
        text.error(float(f"{record.history['loss'][epoch - 1]:.5g}"))
        for record in (*findings.records, *findings.custom_records)
        if record.cell.architecture == 1
        and record.cell.seed == int(match[2])
        and record.epochs >= epoch
    ]
    assert match[4] in errors


def test_a_tap_reads_out_a_point(open_page):
    page = open_page(**PHONE)
    plot(page).scroll_into_view_if_needed()
    settle(page)
    plot(page).tap(position={"x": 150, "y": 120})
    assert re.search(r"seed \d+, epoch [\d,]+: training error", readout(page))


def test_arrow_keys_home_end_and_escape_walk_along_a_curve(page):
    plot(page).focus()
    readings = []
    for key in ("ArrowRight", "ArrowRight", "End", "Home", "ArrowDown", "Escape"):
        page.keyboard.press(key)
        readings.append(readout(page))
    assert (
        "epoch 1:" in readings[0]
        and "epoch 2:" in readings[1]
        and "epoch 1:" in readings[3]
    )
    assert readings[2] != readings[1] and readings[4] != readings[3]
    assert readings[5].startswith("Point at a curve")


def test_dragging_zooms_and_a_double_click_goes_back(page):
    plot(page).scroll_into_view_if_needed()
    settle(page)
    before = plot(page).locator(".axes").inner_html()
    box = plot(page).bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 250, steps=4)
    page.mouse.up()
    assert plot(page).locator(".axes").inner_html() != before
    page.mouse.dblclick(box["x"] + 300, box["y"] + 150)
    assert plot(page).locator(".axes").inner_html() == before


def test_labels_never_overprint(page):
    for number in range(1, 6):
        choose(page, f"Architecture {number}")
        boxes = (
            plot(page)
            .locator("text.label")
            .evaluate_all(
                """labels => labels.map((one) => {
              const { x, y, width, height } = one.getBBox();
              return { x, y, width, height };
            })"""
            )
        )
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                apart = (
                    a["x"] + a["width"] <= b["x"] + 1
                    or b["x"] + b["width"] <= a["x"] + 1
                    or a["y"] + a["height"] <= b["y"] + 1
                    or b["y"] + b["height"] <= a["y"] + 1
                )
                assert apart


def test_the_originals_epochs_are_marks(untouched):
    assert plot(untouched).locator(".reported").count() == 7
    titles = plot(untouched).locator(".reported title").all_text_contents()
    assert "SGD, the original: 153 epochs" in titles


# Claims, rates, model, drawing ------------------------------------------------------


def test_filters_leave_one_kind_of_claim(page):
    page.locator("[data-filter='contradicted']").click()
    shown = page.locator(".claims > li:visible")
    kinds = shown.evaluate_all("items => items.map(one => one.dataset.verdict)")
    assert set(kinds) == {"contradicted"}
    page.locator("[data-filter='']").click()
    assert shown.count() == len(CLAIMS)


def test_the_sweep_is_drawn(untouched):
    chart = untouched.locator("#rate-panel svg.plot")
    assert chart.locator("path.curve").count() == 2
    assert chart.locator(".dot.ringed").count() == 2


def test_the_race_starts_together_and_ends_at_the_recorded_points(page):
    rows = page.locator("#race-panel tbody tr")
    heads = page.locator("#race-panel circle.head")

    def read():
        cells = [row.locator("td").all_inner_texts() for row in rows.all()]
        places = [(h.get_attribute("cx"), h.get_attribute("cy")) for h in heads.all()]
        return cells, places

    cells, places = read()
    ends = [("9", 0.2), ("2", 0.1), ("1", 0.3)]
    assert cells == [[epoch, text.error(error)] for epoch, error in ends]
    assert len(set(places)) == 3
    slider = page.locator("#race-epoch")
    slider.evaluate("one => { one.value = 0; one.dispatchEvent(new Event('input')) }")
    cells, places = read()
    assert [epoch for epoch, _ in cells] == ["0", "0", "0"] and len(set(places)) == 1


def test_the_race_plays_and_pauses(open_page):
    page = open_page(reduced_motion="no-preference", viewport=DESKTOP["viewport"])
    button = page.locator("#race-play")
    button.click()
    page.wait_for_timeout(300)
    at = float(page.locator("#race-epoch").input_value())
    assert 0 < at < 1000 and button.inner_text() == "Pause"
    button.click()
    assert button.inner_text() == "Play"


def test_where_motion_is_reduced_the_race_is_a_still_image(untouched):
    assert not untouched.locator("#race-play").is_visible()
    assert untouched.locator("#race-panel .track-line").count() == 3


def test_one_split_is_shown_at_a_time_and_a_cell_shows_its_images(page):
    section = page.locator("#model")
    section.get_by_role("button", name="Training", exact=True).click()
    shown = section.locator(".split:visible")
    assert shown.count() == 1 and shown.get_attribute("data-split") == "train"
    cell = shown.locator("[data-cell-images]").first
    cell.click()
    images = shown.locator(".images img")
    assert images.count() == min(int(cell.get_attribute("data-count")), 24)
    cell.click()
    assert images.count() == 0


MODEL = """
  const { model: settings } = JSON.parse(document.getElementById("data").textContent);
  const model = decodeModel(settings, document.getElementById("weights").textContent);
"""


def test_the_page_gives_the_logits_of_python(untouched, folder):
    content = (folder / page_model.BEST_MODEL).read_bytes()
    network = page_model.read_network(content, "", KNOWN)
    images = load_digits().test.images[:20]
    logits = untouched.evaluate(
        f"""(images) => {{
          {MODEL}
          return images.map((pixels) => logits(model.layers, pixels));
        }}""",
        images.reshape(len(images), -1).tolist(),
    )
    np.testing.assert_allclose(logits, network.logits(images), atol=1e-9, rtol=1e-9)


def test_the_page_doubts_as_predict_does(untouched):
    data = load_digits()
    parts = [data.test.images[:120], load_foreign().images[::12]]
    images = np.concatenate(parts)[:200]
    digits = np.concatenate([data.test.labels[:120], np.resize(KNOWN, 80)])
    expected = training_shapes().familiar(images, digits)
    answers = untouched.evaluate(
        f"""([images, digits]) => {{
          {MODEL}
          return images.map((pixels, i) =>
            isFamiliar(pixels, digits[i], model.familiar));
        }}""",
        [images.reshape(len(images), -1).tolist(), digits.tolist()],
    )
    assert len(answers) == 200 and 100 < expected.sum() < 160
    assert answers == expected.tolist()


STROKES = {
    "a three": [[80, 70], [140, 45], [190, 80], [125, 135], [200, 195], [85, 215]],
    "a one up to the border": [[150, 0], [140, 279]],
    "a small two": [[130, 120], [150, 110], [150, 130], [125, 160], [155, 160]],
    "scribbles": [[40, 40], [240, 60], [60, 220], [230, 230], [150, 20]],
}


@pytest.mark.parametrize(
    ("name", "pen"),
    zip(STROKES, ("Medium", "Thin", "Thick", "Medium"), strict=True),
)
def test_the_page_reads_a_drawing_as_predict_reads_its_picture(page, name, pen):
    page.locator("#pens").get_by_role("button", name=pen, exact=True).click()
    stroke(page, STROKES[name])
    stroke(page, [[20, 20], [21, 21]])  # as likely a slip as a digit's part
    picture, pixels = page.evaluate(
        """() => {
          const pad = document.getElementById("pad");
          const paper = document.createElement("canvas");
          [paper.width, paper.height] = [pad.width, pad.height];
          const context = paper.getContext("2d");
          context.fillStyle = "#fff";
          context.fillRect(0, 0, pad.width, pad.height);
          context.drawImage(pad, 0, 0);
          const pixels = readDrawing(canvasStrength(pad), pad.height, pad.width);
          return [paper.toDataURL("image/png"), [...pixels]];
        }"""
    )
    expected = read_image(base64.b64decode(picture.split(",")[1]))
    assert pixels == expected.ravel().tolist()


@pytest.mark.parametrize("shape", [(3, 2), (20, 20), (37, 11), (9, 41), (1, 30)])
def test_the_page_centres_ink_as_predict_does(untouched, shape):
    ink = np.random.default_rng(shape).integers(0, 256, shape)
    pixels = untouched.evaluate(
        "([ink, height, width]) => [...centre(ink, height, width)]",
        [ink.ravel().tolist(), *shape],
    )
    np.testing.assert_allclose(pixels, centre(ink).ravel(), atol=1e-6)


def stroke(page, points):
    """One line on the field, in its own pixels."""
    page.locator("#pad").scroll_into_view_if_needed()
    box = page.locator("#pad").bounding_box()
    (x, y), *places = [(box["x"] + x, box["y"] + y) for x, y in points]
    page.mouse.move(x, y)
    page.mouse.down()
    for place in places:
        page.mouse.move(*place, steps=8)
    page.mouse.up()
    settle(page)


def test_a_stroke_is_told_cleared_and_undone(page):
    stroke(page, [(150, 40), (140, 240)])
    assert page.locator("#bars tr.top").count() == 1
    page.locator("#clear").click()
    settle(page)
    assert page.locator("#answer").inner_text() == "Nothing drawn yet."
    page.locator("#undo").click()
    settle(page)
    assert page.locator("#bars tr.top").count() == 1


def test_a_thicker_pen_leaves_more_ink(page):
    inked = """() => canvasStrength(document.getElementById("pad"))
      .filter((value) => value > 0).length"""
    sizes = []
    for pen in ("Thin", "Medium", "Thick"):
        page.locator("#clear").click()
        page.locator("#pens").get_by_role("button", name=pen, exact=True).click()
        stroke(page, [(150, 40), (140, 240)])
        sizes.append(page.evaluate(inked))
    assert sizes == sorted(sizes) and sizes[2] > 2 * sizes[0]


def test_a_doubted_drawing_has_grey_bars_if_it_had_to_choose(page):
    stroke(page, STROKES["scribbles"])
    assert page.locator("#answer").inner_text().startswith("Probably none of 1, 2, 3")
    assert page.locator("#bars caption").inner_text().endswith("if it had to choose")
    colour = "getComputedStyle(document.querySelector('{}')).backgroundColor"
    grey, top = (
        page.evaluate(colour.format(f"#bars tr{kind} .bar"))
        for kind in (":not(.top)", ".top")
    )
    assert grey == top


def test_examples_are_loaded_by_the_keyboard(page):
    for digit in KNOWN:
        page.locator("#clear").click()
        page.locator(f"[data-sample='{digit}']").press("Enter")
        settle(page)
        assert page.locator("#bars tr.top").count() == 1


# Formats, colours, paper ------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_scripts_write_numbers_as_python_does(untouched, name):
    numbers = [n for n in NUMBERS if name != "writeCount" or 2 * n == int(2 * n)]
    texts = untouched.evaluate(f"numbers => numbers.map(n => {name}(n))", numbers)
    assert texts == [FORMATS[name](number) for number in numbers]
    assert untouched.evaluate(f"{name}(null)") == text.MISSING


def test_scripts_write_spreads_as_python_does(untouched):
    samples = [[41], [41, 41], [36, 41, 47], [36, 41], [5, 7, 9, 11]]
    texts = untouched.evaluate(
        "all => all.map(v => writeSpread(v, writeCount))", samples
    )
    assert texts == [text.spread(sample, text.count) for sample in samples]


def test_dark_follows_the_system_and_the_button_overrules_it(open_page):
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    page = open_page(viewport={"width": 900, "height": 800}, color_scheme="dark")
    dark = page.evaluate(ground)
    page.locator("#theme").click()
    light = page.evaluate(ground)
    assert dark != light
    page.reload()
    assert page.evaluate(ground) == light


def test_on_paper_all_but_the_appendix_is_unfolded(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    folded = page.locator("main section:not(#appendix) details:not([open])")
    assert folded.count() == 0
    assert not page.locator("#appendix").is_visible()
    assert page.locator("#model .split:visible").count() == 3
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_on_paper_it_takes_at_most_twelve_pages_with_the_claims_as_a_table(page):
    content = page.pdf(format="A4")
    assert 0 < len(re.findall(rb"/Type\s*/Page\b", content)) <= 12
    page.emulate_media(media="print")
    heads = page.locator(".claim-heads b").all()
    assert [head.inner_text() for head in heads][:2] == ["Verdict", "Claim"]
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    first = page.locator(".claims > li").first
    cells = [first.locator(part) for part in (".badge", ".claim", ".why", "details")]
    for head, cell in zip(heads, cells, strict=True):
        assert head.bounding_box()["x"] == pytest.approx(
            cell.bounding_box()["x"], abs=2
        )


def test_an_empty_folder_of_one_run_still_works(open_page, browser, tmp_path):
    from reproduce.experiment.store import Store

    from ..analysis.runs import run

    Store(tmp_path).write(run(3, "sgd", 0))
    path = tmp_path / "report.html"
    path.write_bytes(page_html(find(tmp_path), {}, tmp_path))
    complaints = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    settle(page)
    assert page.locator("#curve-panel path.curve").count() == 1
    assert complaints == []
    page.close()
