"""Charts: what they show, what they refuse, and that a label can never become markup."""

import re
from xml.etree import ElementTree as ET

import pytest

from redstick.pages import charts
from redstick.pages.drawing import SENTINEL, svg_of

ALLOWED = {"svg", "title", "desc", "g", "path", "line", "rect", "text", "tspan", "defs", "clipPath", "linearGradient"}
NASTY = ["<script>alert(1)</script>", '=1+1"]}', "a&b", 'fill="#0f00f1"', "日本\ud800"]


def drawn(markup):
    """The SVG of a figure, parsed; raises when it is not well formed."""
    [svg] = re.findall(r"<svg.*?</svg>", markup, flags=re.DOTALL)
    return ET.fromstring(svg)  # noqa: S314  (reads only what this test has drawn)


def words(markup):
    return [node.text for node in drawn(markup).iter() if node.tag.rpartition("}")[2] == "text"]


def each_chart(names):
    n = len(names)
    values = [float(index + 1) for index in range(n)]
    yield charts.bars(names[0], names, values, names[0], names[1], (2, names[0]))
    yield charts.bars(names[0], names, values, names[0], names[1], (2, names[0]), horizontal=True)
    yield charts.lines(names[0], names, dict.fromkeys(names, values), names[1], names[0], "d", (1, names[0]))
    yield charts.lines(names[0], values, {names[0]: values}, names[1], names[0], "d")
    yield charts.steps(names[0], {names[0]: (values, [0.1] * n)}, names[1], names[0], "d", [(1, names[0])])
    yield charts.heat(names[0], names, names, [values] * n, names[0], names[1])
    yield charts.points(names[0], values, values, names[0], names[1], "d", labels=names, groups=names)
    yield charts.points(names[0], values, values, names[0], names[1], "d", equal=True)
    yield charts.intervals(names[0], names, values, values, values, names[0], names[1], (2, names[0]))


def test_no_label_can_become_markup():
    """Every text place of every chart takes hostile text and shows it as text, in well-formed SVG."""
    for markup in each_chart(NASTY):
        assert "<script" not in markup
        assert {node.tag.rpartition("}")[2] for node in drawn(markup).iter()} <= ALLOWED
        markup.encode("utf-8")


def test_labels_are_shown_as_they_are():
    """Text stays text: quotes, brackets and a colour name in a label reach the reader."""
    shown = words(charts.bars("t", NASTY, [1, 2, 3, 4, 5], "u", "d", horizontal=True))
    assert "<script>alert(1)</script>" in shown
    assert '=1+1"]}' in shown
    assert 'fill="#0f00f1"' in shown


def test_no_drawing_refers_to_anything_outside():
    """No link, image, script, font or style reference leaves the file."""
    for markup in each_chart(["a", "b", "c"]):
        for mark in ("href", "<image", "<style", "font-family", "http://", "https://", "url(h", "url(d", "url(/"):
            assert mark not in markup.replace('xmlns="http://www.w3.org/2000/svg"', ""), mark


def test_colours_come_from_the_page():
    """Every paint is a token, so that one drawing serves night, day and paper."""
    for markup in each_chart(["a", "b", "c"]):
        paints = set(re.findall(r'(?:fill|stroke)="([^"]*)"', markup))
        assert paints <= {"none", "transparent"} | {f"var(--{token})" for token in SENTINEL}, paints


def test_a_figure_is_one_image_with_a_name_and_a_description():
    """The drawing has role img, its title and its description; what it shows is also a caption."""
    markup = charts.bars("Calls by hour", ["00"], [1], "calls", "Quiet.")
    assert '<svg role="img" aria-labelledby="' in markup
    assert ">Calls by hour</title>" in markup
    assert ">Quiet.</desc>" in markup
    assert "<figcaption><strong>Calls by hour</strong> <span>Quiet.</span></figcaption>" in markup


def test_a_small_chart_carries_its_values_as_a_table():
    """Up to 64 rows are given as a collapsible table; more would be noise to listen to."""
    assert "<details>" in charts.bars("t", ["a"] * 64, [1] * 64, "u", "d")
    assert "<details>" not in charts.bars("t", ["a"] * 65, [1] * 65, "u", "d")


def test_a_missing_value_is_a_gap_and_keeps_its_place():
    """None, NaN and infinity are not drawn as zero, and the category stays on the axis."""
    markup = charts.bars("t", ["one", "two", "three"], [1, None, float("nan")], "u", "d", horizontal=True)
    assert {"one", "two", "three"} <= set(words(markup))
    assert markup.count("var(--series-1)") == 1


def test_two_categories_of_one_name_stay_two():
    """Labels are looked up by place, never merged by name."""
    assert words(charts.bars("t", ["same", "same"], [1, 2], "u", "d", horizontal=True)).count("same") == 2


def test_values_of_another_length_are_refused():
    """A chart that would show a wrong pairing is not drawn."""
    with pytest.raises(ValueError, match="2 places but 1 values"):
        charts.bars("t", ["a", "b"], [1], "u", "d")


def test_empty_charts_are_drawn_without_complaint():
    """No data gives axes and no marks; the page does not fall over."""
    for markup in (
        charts.bars("t", [], [], "u", "d"),
        charts.steps("t", {}, "x", "y", "d"),
        charts.lines("t", [], {}, "x", "y", "d"),
        charts.heat("t", [], [], [], "u", "d"),
        charts.points("t", [], [], "x", "y", "d", equal=True),
        charts.intervals("t", [], [], [], [], "u", "d"),
    ):
        drawn(markup)


def test_the_same_chart_is_the_same_bytes():
    """Drawing twice gives one text."""
    assert list(each_chart(["a", "b"])) == list(each_chart(["a", "b"]))


def test_a_drawing_that_would_reference_is_refused():
    """A specification with a link or an image does not become part of a page."""
    spec = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"href": {"value": "https://example.invalid"}}}
    with pytest.raises(ValueError, match="neither scripts nor references"):
        svg_of(spec)
