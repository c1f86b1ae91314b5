"""What a browser shows when a test fails: a picture of every open page, what its console said, and where both lie."""

from itertools import count

import pytest
from playwright.sync_api import Error

PATIENCE_MS = 10_000


class Failures:
    """A plugin of pytest that keeps the pages of tests that fail, in a folder that nobody else can read."""

    def __init__(self, browser, folders):
        """`folders` makes private folders: pytest's own `tmp_path_factory`."""
        self.browser, self.folders = browser, folders

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        """Before anything of a failed test is closed, its pages are kept; the report says where."""
        report = yield
        if report.failed and report.when != "teardown":
            kept = self.kept()
            if kept:
                report.sections.append(("pages as they were", "\n".join(map(str, kept))))
        return report

    def kept(self):
        """Files of every page that is open."""
        pages = [page for context in self.browser.contexts for page in context.pages]
        if not pages:
            return []
        folder = self.folders.mktemp("failed")
        return [file for number, page in zip(count(1), pages) for file in kept_of(page, folder / f"page-{number}")]


def kept_of(page, stem):
    """The picture of a page, and its address and words; one that cannot be drawn or asked any more has the reason."""
    picture, words, said = stem.with_suffix(".png"), stem.with_suffix(".txt"), [page.url]
    try:
        said += [f"{message.type}: {message.text}" for message in page.console_messages()]
        said += [f"raised: {error}" for error in page.page_errors()]
        page.screenshot(path=picture, timeout=PATIENCE_MS)
    except Error as broken:
        said.append(f"no more of it: {broken}")
    words.write_text("\n".join(said) + "\n", encoding="utf-8")
    return [file for file in (picture, words) if file.exists()]
