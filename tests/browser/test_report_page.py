"""The report and the what-if in a real browser: nothing is fetched or complains, everyone can read them, they print."""

import json
from pathlib import Path

import pytest
from tests import small_town
from tests.browser.documents import VIEWS, labels_covered, labels_cut_off, opened_page

from redstick.cli.main import run

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "first_report"


@pytest.fixture(scope="module", params=["report", "what-if"])
def page_file(request, tmp_path_factory):
    """The report of one made-up town, and what a closed station would have changed in another."""
    folder = tmp_path_factory.mktemp("page")
    out = folder / "page.html"
    if request.param == "report":
        redstick("report", EXAMPLE / "calls.csv", "--columns", EXAMPLE / "columns.toml", "--out", out)
        return out
    small_town.write(folder)
    (folder / "plan.toml").write_text('title = "Station 2 closed"\n[remove]\nstations = ["02"]\n')
    redstick("city", "import", "--roads", folder / "roads.geojson", "--stations", folder / "stations.csv",
             "--units", folder / "units.toml", "--time-zone", "America/Chicago", "--out", folder / "city")  # fmt: skip
    redstick("replay", folder / "calls.csv", "--columns", folder / "columns.toml", "--city", folder / "city",
             "--what-if", folder / "plan.toml", "--out", out)  # fmt: skip
    return out


def redstick(*arguments):
    """Run a command in this process; any end but success fails the test."""
    try:
        code = run(list(map(str, arguments)))
    except SystemExit as ended:
        code = ended.code
    if code:
        pytest.fail(f"redstick {arguments[0]} ended with {code}")


@pytest.fixture(params=VIEWS, ids=lambda view: f"{view[0]}-{view[1]}")
def opened(request, chromium, page_file):
    """The page by day on a desk and by night on a phone; the other way round is slow."""
    with opened_page(chromium, page_file, *request.param) as page:
        yield page


def test_nothing_is_fetched_and_nothing_complains(opened, page_file):
    """One request, for the file itself; the console stays empty."""
    assert opened.asked == [page_file.as_uri()]
    assert opened.complaints == []


def test_axe_finds_no_violation(opened, violations):
    """WCAG 2.2 A and AA and best practices, with every table of values opened."""
    opened.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    assert violations(opened) == []


def test_nothing_runs_off_the_side(opened):
    """Wide tables scroll in their panels, the page itself never does."""
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_label_is_cut_off(opened):
    """Every text of every picture lies within its picture, in the browser's own font."""
    assert labels_cut_off(opened) == []


def test_labels_of_an_axis_do_not_cover_each_other(opened):
    """Neighbours along a horizontal axis keep apart."""
    assert labels_covered(opened) == []


def test_the_keyboard_begins_at_the_skip_link(opened):
    """The first tab stop leads past the contents, and shows itself."""
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert opened.evaluate("document.activeElement.getBoundingClientRect().top >= 0")


def test_colours_follow_the_reader(opened):
    """Day and night differ in ground and ink, and paper is always day."""
    ground = "getComputedStyle(document.body).backgroundColor"
    screen = opened.evaluate(ground)
    opened.emulate_media(media="print")
    assert opened.evaluate(ground) == "rgb(255, 255, 255)"
    assert screen in {"rgb(11, 15, 20)", "rgb(238, 241, 244)"}


def test_it_prints(chromium, page_file):
    """A PDF of several pages; on paper nothing scrolls and the contents are left out."""
    page = chromium.new_page()
    page.goto(page_file.as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/") >= 3
    page.emulate_media(media="print")
    heights = page.evaluate("[...document.querySelectorAll('.panel')].map(p => [p.clientHeight, p.scrollHeight])")
    assert all(shown >= whole for shown, whole in json.loads(json.dumps(heights)) if whole)
    assert not page.is_visible("nav")
    page.close()
