"""One Chromium for every page test, and axe-core to look at pages with."""

import shutil
from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
# WebGL by software rendering, so that the map is drawn on any machine.
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium; skips, saying so, where it is absent."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Chromium is absent (looked for `chromium` on the path)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def violations():
    """What axe-core finds on a page, as (rule, elements); options are those of `axe.run`."""
    if not AXE.exists():
        pytest.skip("axe-core is absent: install the console's packages in web/")
    source = AXE.read_text(encoding="utf-8")

    def violations(page, within="document", options="{}"):
        page.evaluate(source)
        found = page.evaluate(f"axe.run({within}, {options})")
        return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]]

    return violations
