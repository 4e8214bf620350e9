"""A number is written in one way for each kind, and text as what it is."""

import math

import pytest

from reproduce.publish import text

INF = math.inf


@pytest.mark.parametrize(
    ("write", "value", "written"),
    [
        (text.count, 5005, "5,005"),
        (text.count, 41.5, "41.5"),
        (text.count, INF, "never"),
        (text.count, None, "–"),
        (text.percent, 0.97754, "97.75 %"),
        (text.percent, 1.0, "100.00 %"),
        (text.points, 0.0125, "+1.25"),
        (text.points, -0.005, "−0.50"),
        (text.points, -0.00001, "0.00"),
        (text.error, 0.0123456, "0.0123"),
        (text.error, 2.3456, "2.35"),
        (text.error, 1234.5, "1,234"),
        (text.error, 0.0, "0"),
        (text.error, 3.2e-8, "3.20e-08"),
        (text.error, INF, "∞"),
        (text.ratio, math.log(4.2), "4.2"),
        (text.ratio, math.log(1234), "1,234"),
        (text.ratio, INF, "∞"),
        (text.ratio, -INF, "0"),
        (text.p_value, 0.0123, "0.012"),
        (text.p_value, 1e-9, "< 0.0001"),
        (text.p_value, 1.0, "1"),
        (text.seconds, 1234.56, "1,234.6"),
        (text.clock, 3661.6, "1:01:02"),
        (text.rate, 0.001, "0.001"),
        (text.decimal, 1234.567, "1,234.57"),
        (text.decimal, INF, "∞"),
        (text.words, "", "–"),
        (text.words, "SGD", "SGD"),
    ],
)
def test_a_value_is_written_so(write, value, written):
    assert write(value) == written


@pytest.mark.parametrize("kind", text.KINDS)
def test_a_missing_value_is_a_dash_in_every_kind(kind):
    assert text.KINDS[kind](None) == "–"


def test_a_spread_is_median_and_range():
    assert text.spread([47, 36, 41], text.count) == "41 (36–47)"
    assert text.spread([36, 47], text.count) == "41.5 (36–47)"
    assert text.spread([41], text.count) == "41"
    assert text.spread([41, 41, 41], text.count) == "41"
    assert text.spread([8, INF], text.count) == "never (8–never)"
    assert text.spread([], text.count) == "–"


def test_lists_and_plurals():
    assert text.listed(["a"]) == "a"
    assert text.listed([1, 2, 3]) == "1, 2 and 3"
    assert text.plural(1, "run") == "1 run"
    assert text.plural(1200, "run") == "1,200 runs"


@pytest.mark.parametrize(
    ("source", "written"),
    [
        ("a|b\\|c", "a\\|b\\\\\\|c"),
        ("![i](u) <b> `c` *d*", "!\\[i\\](u) &lt;b> \\`c\\` \\*d\\*"),
        ("$m$ ~~n~~ &lt; & b", "\\$m\\$ \\~\\~n\\~\\~ \\&lt; & b"),
        ("hidden_layer_1 _x_ a_", "hidden_layer_1 \\_x\\_ a\\_"),
        ("two\n lines", "two lines"),
    ],
)
def test_markdown_shows_text_as_it_is(source, written):
    assert text.escaped(source) == written


def test_what_is_to_be_markdown_is_kept():
    assert text.escaped("`a` [b]", keep="`") == "`a` \\[b\\]"


@pytest.mark.parametrize(
    ("source", "written"),
    [("a_b", "`a_b`"), ("a`b", "`` a`b ``"), ("``a`", "``` ``a` ```")],
)
def test_a_code_span_ends_where_it_should(source, written):
    assert text.code(source) == written
