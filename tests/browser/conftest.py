"""One Chromium for every page test, and axe-core to look at pages with."""

import shutil
from pathlib import Path

import pytest
from tests.once import policies_compiled_once  # noqa: F401 (pytest finds it by its name)

from .failures import Failures

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# As on a machine without a graphics card: WebGL by software rendering, so that the map is drawn on any machine; pages
# themselves are put together without it, which on two cores costs less than half.
FLAGS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--use-fake-device-for-media-stream",  # a microphone that beeps once a second, for pages that may hear one
]


@pytest.fixture(scope="session")
def chromium(request, tmp_path_factory):
    """Debian's Chromium, which keeps the pages of tests that fail; skips, saying so, where it is absent."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is absent (looked for `chromium` on the path)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        keeping = Failures(browser, tmp_path_factory)
        request.config.pluginmanager.register(keeping)
        yield browser
        request.config.pluginmanager.unregister(keeping)
        browser.close()


@pytest.fixture(scope="session")
def violations():
    """What axe-core finds on a page, as (rule, elements); options are those of `axe.run` beside `resultTypes`."""
    if not AXE.exists():
        pytest.skip("axe-core is absent: install the console's packages in web/")
    source = AXE.read_text(encoding="utf-8")

    def violations(page, within="document", options="{}"):
        if not page.evaluate("'axe' in window"):
            page.evaluate(source)
        # Of what passes nothing is written down: that is half of its work.
        found = page.evaluate(f"axe.run({within}, {{...{options}, resultTypes: ['violations']}})")
        return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]

    return violations
