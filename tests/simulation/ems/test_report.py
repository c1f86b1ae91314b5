"""The planning report: the page and the paper say the same, and only what the intervals allow."""

import dataclasses
import re

import numpy as np
import pytest
from tests.simulation.ems.small_ground import setting, street

from redstick.adapters.typesetting import typeset
from redstick.simulation.ems import compare, policy_named
from redstick.simulation.ems.measuring import Interval
from redstick.simulation.ems.opening import Study
from redstick.simulation.ems.policies import area_of
from redstick.simulation.ems.report import page, paper
from redstick.simulation.ems.report.content import Content

PLANS = ("static", "even", "mexclp", "dmexclp")


@pytest.fixture(scope="module")
def content():
    """A study of the street, its first post named like markup."""
    ground, chosen = street(), setting(calls_an_hour=5.0, days=2.0)
    deployed = np.array([1, 2])
    area = area_of(ground, chosen, 0.4)
    comparison = compare(ground, chosen, [policy_named(name, ground, area, deployed) for name in PLANS], 5, 1, 0.4)
    return Content("Townville", Study(chosen, ground, deployed, ("<b>West</b>", "East"), ("Mercy",)), comparison)


def with_difference(content, low, mean, high):
    """The content with another paired interval for the second plan."""
    first, second, *others = content.comparison.measured
    changed = dataclasses.replace(second, against=Interval(mean, low, high), placed=(0, 3))
    comparison = dataclasses.replace(content.comparison, measured=(first, changed, *others))
    return dataclasses.replace(content, comparison=comparison)


def test_a_plan_is_called_better_or_worse_only_when_its_interval_says_so(content):
    """A band across zero is no difference; one on a side is fewer or more."""
    assert "no difference" in with_difference(content, -0.02, 0.01, 0.04).findings()[1]
    assert "more late calls" in with_difference(content, 0.01, 0.02, 0.04).findings()[1]
    assert "fewer late calls" in with_difference(content, -0.04, -0.02, -0.01).findings()[1]


def test_what_no_post_reaches_is_told(content):
    """By hand: with lights 2 places, 120 s: the middle cell from either end, all cells; without lights likewise."""
    assert content.findings()[-1].startswith("0.0\N{NO-BREAK SPACE}% of calls lie where")


def test_the_published_gain_is_named_with_its_source_and_not_claimed(content):
    """Direction and size, and that cities differ."""
    told = content.published()
    assert "Jagtenberg, Bhulai and van der Mei (2015)" in told
    assert "neither expected nor claimed" in told


def test_page_and_paper_say_the_same(content):
    """Every finding, assumption and figure of a table stands in both; names are text in both."""
    html, made = page(content).render(), paper(content)
    for said in [*content.findings(), *content.assumptions(), *content.certainty(), content.colophon()]:
        assert said in html
        assert said in made.text()
    for _, rows in (content.late_rows(), content.cost_rows()):
        for cell in (cell for row in rows for cell in row):
            assert cell in html
            assert cell in made.text()
    assert "&lt;b&gt;West" in html
    assert "<b>West" not in html
    assert typeset(made.text(), made.pictures).startswith(b"%PDF")


def test_the_page_stands_alone_and_is_the_same_for_the_same_study(content):
    """No script, no reference to elsewhere, the same bytes twice."""
    html = page(content).render()
    assert html == page(content).render()
    assert not re.search(r"<script|https?://(?!www\.w3\.org)|url\(http", html)


def test_each_map_tells_in_words_what_it_shows(content):
    """The shares by number of units add up, and maps of equal posts are one map with the names of both."""
    html = page(content).render()
    found = re.findall(r"<desc id=\"[^\"]*\">How many units(.*?)</desc>", html)
    assert len(found) == len({one.placed for one in content.comparison.measured})
    for words in found:
        shares = [int(share) for share in re.findall(r"(\d+)\N{NO-BREAK SPACE}% of calls", words)]
        assert sum(shares) == pytest.approx(100, abs=2)
