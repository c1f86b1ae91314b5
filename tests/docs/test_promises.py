"""What the documents say is shown by a test is shown by a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["docs/standards.md", "docs/invariants.md"]


def promises(page):
    """(path, test or "") for each test that a page names; `…` stands for the path named before it."""
    last = ""
    for named in re.findall(r"`((?:tests/|…)[^`\s]*)`", (ROOT / page).read_text()):
        path, _, test = named.partition("::")
        if path.startswith("…"):
            path = last if path == "…" else f"{Path(last).parent}{path[1:]}"
        last = path
        yield path, test


@pytest.mark.parametrize("page", PAGES)
def test_every_named_test_is_there(page):
    """Each path leads somewhere, and each test stands in its file."""
    missing = []
    for path, test in promises(page):
        found = sorted(ROOT.glob(path.rstrip("/")))
        texts = [file.read_text() for file in found if file.is_file()]
        stands = re.compile(rf"^(def {test}\(|class {test}\b|{test} = )", re.MULTILINE)
        if not found or (test and not any(stands.search(text) for text in texts)):
            missing.append(f"{path}::{test}")
    assert missing == []


@pytest.mark.parametrize("page", [*PAGES, "README.md", *(f"docs/{path.name}" for path in ROOT.glob("docs/guide-*.md"))])
def test_every_link_leads_somewhere(page):
    """Links within the project lead to a file that is there."""
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text())
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_nothing_is_left_to_be_filled_in():
    """No page holds a line that is one word in capitals: a figure, a picture or a table that was meant to come."""
    pages = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
    left = {page.name: re.findall(r"^[A-Z]{3,}$", page.read_text(), re.MULTILINE) for page in pages}
    assert {name: words for name, words in left.items() if words} == {}
