"""`redstick columns`: a draft to correct, and a check before it is used."""

import pytest

from redstick.dispatch.history.column_map import ColumnMap


def test_a_draft_is_a_map_once_its_questions_are_answered(run, town, tmp_path):
    """The draft asks for the clocks beside their line; with --time-zone it is a map that reads its own file."""
    asked = run("columns", "guess", town / "calls.csv")
    assert asked.code == 0
    assert "# ? In which time zone are these clocks?" in asked.out
    drafted = tmp_path / "columns.toml"
    done = run("columns", "guess", town / "calls.csv", "--time-zone", "America/Chicago", "--out", drafted)
    assert done.code == 0
    assert "columns mapped" in done.out
    column_map = ColumnMap.load(drafted)
    assert column_map.one_row_per == "unit"
    assert column_map.categories["call"] == ("call",)
    checked = run("columns", "check", town / "calls.csv", "--columns", drafted, "--json").json
    assert (checked["read"], checked["accepted"], checked["refused"]) == (187, 187, 0)


def test_a_check_lists_what_it_refuses_and_doubts(run, town, tmp_path):
    """Every row that was left out and every doubted cell is listed with its row; nothing is written."""
    rows = (town / "calls.csv").read_text().splitlines()
    spoilt = [*rows[:3], rows[3].replace("2024-05-06", "yesterday", 1), ",".join(rows[4].split(",")[:5])]
    (tmp_path / "calls.csv").write_text("\n".join(spoilt) + "\n")
    asked = ("columns", "check", tmp_path / "calls.csv", "--columns", town / "columns.toml")
    found = run(*asked, "--json").json
    assert {(one["row"], one["reason"]) for one in found["listed"]} == {(4, "not_a_time"), (5, "too_few_fields")}
    assert "row 5: too_few_fields" in run(*asked).out
    assert [path.name for path in tmp_path.iterdir()] == ["calls.csv"]


@pytest.mark.parametrize(("more", "said"), [
    (("--time-zone", "America/Atlantis"), "America/Atlantis"),
    (("--out", "nowhere/deeper/columns.toml"), "no such folder"),
])  # fmt: skip
def test_what_cannot_be_meant_is_a_misuse(run, town, more, said):
    """Exit code 2 and one line."""
    done = run("columns", "guess", town / "calls.csv", *more)
    assert (done.code, done.err.count("\n")) == (2, 1), done.err
    assert said in done.err
