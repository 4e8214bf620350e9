"""The page as its readers use it, in a real browser."""

import re

import pytest

from .conftest import pad_box, settle

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "device_scale_factor": 2,
}
TABLE = "#architecture-1 table.sortable"


def column(page, number):
    """Sort values of one column, top to bottom; None where there is none."""
    cells = page.locator(f"{TABLE} tbody tr > :nth-child({number + 1})")
    texts = cells.evaluate_all("cells => cells.map(c => c.dataset.sort ?? null)")
    return [None if text is None else float(text) for text in texts]


def ground(page):
    return page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def draw_a_one(page):
    box = pad_box(page)
    page.mouse.move(box["x"] + 150, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 140, box["y"] + 240, steps=8)
    page.mouse.up()


def test_the_verdict_is_on_the_first_screen(page):
    box = page.locator(".matrix").bounding_box()
    assert box["y"] + box["height"] <= 900
    assert page.locator(".matrix tbody a").count() == 35


def test_every_cell_of_the_matrix_leads_to_its_row(page):
    targets = page.locator(".matrix tbody a").evaluate_all(
        "links => links.map(a => document.querySelector(a.hash)?.tagName)"
    )
    assert targets == ["TR"] * 35


@pytest.mark.parametrize("number", [1, 2, 6])
def test_a_press_on_a_heading_sorts_and_another_turns_it_round(page, number):
    button = page.locator(f"{TABLE} thead tr:last-child th:nth-child({number + 1})")
    for direction in ("ascending", "descending"):
        button.locator("button").click()
        assert button.get_attribute("aria-sort") == direction
        values = column(page, number)
        there = [value for value in values if value is not None]
        assert values == [*there, *[None] * (len(values) - len(there))]
        assert there == sorted(there, reverse=direction == "descending")
    assert page.locator(f"{TABLE} [aria-sort]").count() == 1


def test_a_press_on_a_method_takes_its_curves_away_and_brings_them_back(page):
    figure = page.locator("#architecture-1 figure.curves")
    curves = figure.locator("path.curve.m-sgd")
    before = curves.count()
    assert before > 0
    toggle = figure.get_by_role("button", name="SGD", exact=True)
    toggle.click()
    assert curves.count() == 0
    assert toggle.get_attribute("aria-pressed") == "false"
    assert figure.locator("path.curve.m-adam").count() > 0
    toggle.press("Enter")
    assert curves.count() == before


@pytest.mark.parametrize("axis", ["log epochs", "log error"])
def test_an_axis_turns_linear(page, axis):
    figure = page.locator("#architecture-1 figure.curves")
    path = figure.locator("path.curve.median.m-sgd")
    before = path.get_attribute("d")
    figure.get_by_role("button", name=axis).click()
    assert path.get_attribute("d") != before
    assert "NaN" not in figure.locator("svg.plot").inner_html()


def test_pointing_at_a_curve_reads_out_a_recorded_value(page):
    figure = page.locator("#architecture-1 figure.curves")
    figure.locator("svg.plot").hover(position={"x": 300, "y": 200})
    words = figure.locator(".readout").inner_text()
    assert re.fullmatch(r"[\w ]+, seed \d+, epoch [\d,]+: error [\d.e-]+", words)


def test_arrow_keys_walk_along_a_curve(page):
    plot = page.locator("#architecture-1 svg.plot")
    plot.focus()
    readout = page.locator("#architecture-1 .readout")
    seen = []
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        seen.append(readout.inner_text())
    assert "epoch 1:" in seen[0] and "epoch 2:" in seen[1] and "epoch 3:" in seen[2]


def test_a_cell_of_the_matrix_shows_its_images(page):
    cell = page.locator("#best-model .split:not(.folded) [data-cell]").first
    cell.click()
    images = page.locator("#best-model .split:not(.folded) .images img")
    assert images.count() == min(int(cell.get_attribute("data-count")), 24)
    true, predicted = cell.get_attribute("data-cell").split("-")
    assert f"a {true} taken for {predicted}" in images.first.get_attribute("alt")
    assert images.first.evaluate("image => image.decode().then(() => true)")
    cell.click()
    assert images.count() == 0


def test_one_split_is_shown_at_a_time(page):
    section = page.locator("#best-model")
    section.get_by_role("button", name="Training", exact=True).click()
    shown = section.locator(".split:visible")
    assert shown.count() == 1
    assert shown.get_attribute("data-split") == "train"


def test_a_stroke_of_the_mouse_is_a_one(page):
    draw_a_one(page)
    settle(page)
    assert page.locator("#bars tr.top th").inner_text() == "1"
    page.locator("#clear").click()
    settle(page)
    assert page.locator("#answer").inner_text() == "Nothing drawn yet."
    assert page.locator("#bars tr.top").count() == 0


def test_a_touch_draws(open_page):
    page = open_page(**PHONE)
    box = pad_box(page)
    session = page.context.new_cdp_session(page)
    points = [{"x": box["x"] + 150, "y": box["y"] + y} for y in range(40, 241, 25)]
    session.send(
        "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]}
    )
    for point in points[1:]:
        session.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]}
        )
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    settle(page)
    assert page.locator("#bars tr.top th").inner_text() == "1"


@pytest.mark.parametrize("digit", [1, 2, 3, 6, 9])
def test_examples_are_loaded_by_the_keyboard(page, digit):
    page.locator(f"[data-sample='{digit}']").press("Enter")
    settle(page)
    assert page.locator("#bars tr.top th").inner_text() == str(digit)


def test_dark_follows_the_system_and_the_button_overrules_it(open_page):
    page = open_page(color_scheme="dark")
    dark = ground(page)
    page.locator("#theme").click()
    light = ground(page)
    assert dark != light
    assert page.locator("#theme").inner_text() == "Dark"
    page.reload()
    assert ground(page) == light
    assert ground(open_page(color_scheme="light")) == light


def test_a_phone_never_scrolls_sideways(open_page):
    page = open_page(**PHONE)
    for details in page.locator("details").all():
        details.evaluate("element => element.open = true")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == 390


def test_on_paper_everything_is_unfolded(page):
    page.locator("summary").first.click()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("details:not([open])").count() == 0
    assert page.locator("#best-model .split:visible").count() == 3
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 1


def test_without_javascript_the_tables_are_there(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("table.sortable:visible").count() == 5
    assert page.locator("noscript p:visible").count() == 1
    context.close()
