"""The page of savings in a real browser: alone, readable by everyone, whole on every width."""

from pathlib import Path

import pytest
from tests.browser.documents import VIEWS, faint_words, labels_covered, labels_cut_off, opened_page

from redstick.cli.main import run
from redstick.server.hosts import ALONE

pytestmark = pytest.mark.browser
EXAMPLE = Path(__file__).parents[2] / "examples" / "savings"


@pytest.fixture(scope="module")
def page_file(tmp_path_factory):
    """The page of the example bills and their plan."""
    out = tmp_path_factory.mktemp("savings") / "savings.html"
    bills = [str(path) for path in sorted(EXAMPLE.glob("*.csv"))]
    named = ["--provider", "Cypress Circuits", "--account", "CY-1", "--plan", str(EXAMPLE / "plan.toml")]
    try:
        run(["savings", "report", *bills, *named, "--out", str(out)])
    except SystemExit as ended:
        if ended.code:
            pytest.fail(f"redstick savings report ended with {ended.code}")
    return out


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def opened(request, chromium, page_file):
    """The page by day and night, on a desk and on a phone."""
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


def test_words_of_the_curve_are_whole_apart_and_stand_out(opened):
    """No text is cut off, none covers another, each has 4.5 to 1 against what lies beneath it."""
    assert labels_cut_off(opened) == []
    assert labels_covered(opened) == []
    assert faint_words(opened) == []


def test_the_policy_under_which_it_is_served_lets_its_own_style_through(chromium, page_file):
    """And nothing else: the ground is that of the file, a script does not run."""
    script = "<script>document.title = 'ran'</script></body>"
    body = page_file.read_text().replace("</body>", script)
    page = chromium.new_page(color_scheme="dark")
    headers = {"content-security-policy": ALONE, "content-type": "text/html; charset=utf-8"}
    page.route("**/*", lambda route: route.fulfill(body=body, headers=headers))
    page.goto("http://city.invalid/api/savings/report")
    ground = "getComputedStyle(document.body).backgroundColor"
    served, title = page.evaluate(ground), page.title()
    page.unroute("**/*")
    page.goto(page_file.as_uri())
    assert (served, title) == (page.evaluate(ground), page.title())
    page.close()
