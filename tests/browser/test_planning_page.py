"""The planning report of Edmonton in a real browser: alone, readable by everyone, whole on every width."""

import pytest
from tests.browser.documents import VIEWS, faint_words, labels_covered, labels_cut_off, opened_page

from redstick.cli.main import run

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page_file(edmonton, tmp_path_factory):
    """The report of a short study of every plan."""
    out = tmp_path_factory.mktemp("planning")
    arguments = ["--config", str(edmonton), "--policies", "static,even,mexclp,dmexclp"]
    try:
        run(["plan", "coverage", *arguments, "--replications", "3", "--days", "2", "--out", str(out)])
    except SystemExit as ended:
        if ended.code:
            pytest.fail(f"redstick plan coverage ended with {ended.code}")
    return out / "report.html"


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def opened(request, chromium, page_file):
    """The page by day on a desk and by night on a phone; the other way round is slow."""
    with opened_page(chromium, page_file, *request.param) as page:
        yield page


def test_it_stands_alone_and_fits(opened, page_file):
    """One request, for the file itself; the console stays empty; the page itself never scrolls sideways."""
    assert opened.asked == [page_file.as_uri()]
    assert opened.complaints == []
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_no_violation(opened, violations):
    """WCAG 2.2 A and AA and best practices, with every table of values opened."""
    opened.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert violations(opened) == []


def test_words_of_charts_and_maps_are_whole_apart_and_stand_out(opened):
    """No text is cut off, none covers another, each has 4.5 to 1 against what lies beneath it."""
    assert labels_cut_off(opened) == []
    assert labels_covered(opened) == []
    assert faint_words(opened) == []
