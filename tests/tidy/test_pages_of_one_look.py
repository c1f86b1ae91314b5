"""One look: what the console and the documents are drawn with stands in two places and is one text."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tokens_of_pages_and_console_are_the_same():
    """Colours, spaces and type of the console's CSS and of self-contained documents are equal, byte for byte."""
    ours = (ROOT / "src" / "redstick" / "pages" / "tokens.css").read_bytes()
    [console] = (ROOT / "web" / "src").rglob("tokens.css")
    assert console.read_bytes() == ours


def test_lock_files_name_no_address():
    """They hold names, versions and hashes; where a package is fetched from is the machine's own affair."""
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert not [name for name, package in packages.items() if "resolved" in package]
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    assert "--index-url" not in lock
