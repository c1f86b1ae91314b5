"""Pages of the survey and of crime patterns in a real browser: alone, readable by everyone, whole on every width."""

from pathlib import Path

import pytest
from tests.browser.documents import VIEWS, faint_words, labels_covered, labels_cut_off, opened_page

from redstick.cli.main import run

pytestmark = pytest.mark.browser

EXAMPLES = Path(__file__).parents[2] / "examples"
SURVEY = EXAMPLES / "survey"
EVENTS = EXAMPLES / "patterns" / "events.csv"
PAGES = {
    "survey": ["survey", "robustness", SURVEY / "answers.csv", "--model", SURVEY / "edition.toml",
               "--places", SURVEY / "towns.csv", "--ratings", SURVEY / "ratings.csv", "--draws", 200, "--sobol", 32],
    "hot spots": ["patterns", "hotspots", EVENTS, "--exclude", "source=officer"],
    "near repeat": ["patterns", "near-repeat", EVENTS, "--only", "kind=burglary", "--permutations", 99],
    "trend": ["patterns", "trend", EVENTS],
    "plates": ["patterns", "plates", EXAMPLES / "patterns" / "reads.csv",
               "--hot-list", EXAMPLES / "patterns" / "hot_list.csv"],
}  # fmt: skip


@pytest.fixture(scope="module", params=PAGES)
def page_file(request, tmp_path_factory):
    """One page of each command, from the examples."""
    out = tmp_path_factory.mktemp("engine") / "page.html"
    try:
        run([*map(str, PAGES[request.param]), "--out", str(out)])
    except SystemExit as ended:
        if ended.code:
            pytest.fail(f"redstick {request.param} ended with {ended.code}")
    return out


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def opened(request, chromium, page_file):
    """The page by day on a desk and by night on a phone; the other way round is slow."""
    with opened_page(chromium, page_file, *request.param) as page:
        yield page


def test_it_stands_alone_and_fits(opened, page_file):
    """One request, for the file itself; the console stays empty; wide tables scroll, the page itself never does."""
    assert opened.asked == [page_file.as_uri()]
    assert opened.complaints == []
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_axe_finds_no_violation(opened, violations):
    """WCAG 2.2 A and AA and best practices, with every table of values opened."""
    opened.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert violations(opened) == []


def test_labels_are_whole_and_apart(opened):
    """No text of a picture is cut off, none covers another."""
    assert labels_cut_off(opened) == []
    assert labels_covered(opened) == []


def test_words_in_pictures_stand_out_from_their_ground(opened):
    """4.5 to 1 at least, for every text on whatever shape lies beneath it; axe does not look into pictures."""
    assert faint_words(opened) == []


def test_the_checks_of_pictures_see_a_planted_fault(chromium, page_file):
    """A word moved off its picture, onto another, or painted in its ground's colour is found."""
    with opened_page(chromium, page_file, "dark", 1280) as page:
        if not page.query_selector(".plot svg text"):
            assert page.title() == "Plates on the list"  # tables alone
            return
        page.evaluate(
            """() => {
                const [one, other] = document.querySelectorAll('.plot svg text');
                one.textContent = 'planted'; one.removeAttribute('transform');
                one.setAttribute('x', -40); one.setAttribute('y', 60); one.style.fill = 'var(--panel)';
                const twin = one.cloneNode(); twin.textContent = 'twin'; one.after(twin);
            }"""
        )
        assert {"planted", "twin"} <= set(labels_cut_off(page))
        assert ["planted", "twin"] in labels_covered(page)
        assert "planted" in {word for word, *_ in faint_words(page)}


def test_it_prints(chromium, page_file):
    """On paper nothing scrolls."""
    with opened_page(chromium, page_file, "light", 1280) as page:
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF-")
        page.emulate_media(media="print")
        heights = page.evaluate("[...document.querySelectorAll('.panel')].map(p => [p.clientHeight, p.scrollHeight])")
        assert all(shown >= whole for shown, whole in heights if whole)
