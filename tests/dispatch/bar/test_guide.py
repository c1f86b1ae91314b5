"""The guide says what the bar does: its table is that of the help, line by line."""

from pathlib import Path

import pytest

from redstick.dispatch.bar.guide import table, with_table

GUIDE = Path(__file__).parents[3] / "docs" / "guide-bar.md"


def test_the_guide_has_the_table_of_the_bar():
    """Whoever changes a form changes the guide: `with_table` writes it anew."""
    guide = GUIDE.read_text(encoding="utf-8")
    assert with_table(guide) == guide


def test_every_example_stands_in_the_table_once():
    """Examples are lines to type; none is left out."""
    rows = [row for row in table().splitlines() if row.startswith("| `")]
    examples = [part for row in rows for part in row.split("|")[1].strip().split("<br>")]
    assert len(examples) == len(set(examples)) > 60


def test_a_guide_without_a_place_for_it_is_refused():
    """Rather than written over."""
    with pytest.raises(ValueError, match="no place"):
        with_table("# A guide")
