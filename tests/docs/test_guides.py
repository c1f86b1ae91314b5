"""What a guide shows can be typed: its files are read by the code that it speaks of."""

import re
from pathlib import Path

import pytest

from redstick.cli.main import GROUPS
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.replay.homes import load_homes
from redstick.dispatch.replay.plan import load_plan

DOCS = Path(__file__).parents[2] / "docs"
GUIDES = sorted(DOCS.glob("guide-*.md"))


def blocks(guide, kind):
    """The code blocks of a guide that are of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / guide).read_text(), re.DOTALL)


def test_the_column_map_of_the_guide_is_read():
    """Every key that the guide shows is one."""
    [shown] = blocks("guide-columns.md", "toml")
    column_map = ColumnMap.parse(shown)
    assert column_map.one_row_per == "unit"
    assert column_map.split == {"unit": ","}


def test_the_plan_and_the_homes_of_the_guide_are_read(tmp_path):
    """The what-if and the rule on units' names load as they stand."""
    homes, plan = blocks("guide-replay.md", "toml")
    for name, text in (("homes.toml", homes), ("plan.toml", plan)):
        (tmp_path / name).write_text(text)
    assert len(load_homes(tmp_path / "homes.toml")) == 1
    loaded = load_plan(tmp_path / "plan.toml")
    assert loaded.removed_stations == ("07",)
    assert [unit.id for unit in loaded.units] == ["T52"]


@pytest.mark.parametrize("page", [*(guide.name for guide in GUIDES), "../README.md"])
def test_every_command_of_a_guide_is_one(page):
    """No guide names a command that the command line does not know."""
    named = set(
        re.findall(
            r"redstick ([a-z]+)\b", "\n".join(re.findall(r"`[^`]*`|```.*?```", (DOCS / page).read_text(), re.DOTALL))
        )
    )
    assert named <= {*GROUPS}, named - {*GROUPS}
