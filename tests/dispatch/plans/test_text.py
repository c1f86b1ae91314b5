"""Plans as TOML and CSV: nothing is lost on the way, and what cannot be meant is told by its place."""

from pathlib import Path

import pytest
from hypothesis import given, settings

from redstick.dispatch.plans import text as toml
from redstick.dispatch.plans.exchange import read_csv, to_csv
from redstick.dispatch.plans.faults import PlanTextError
from redstick.dispatch.plans.opening import load_file
from redstick.dispatch.plans.text import read_toml, to_toml

from .random_plans import rich_plans

HEAD = 'redstick_plan = 1\nversion = "1"\ntime_zone = "UTC"\nlayers = ["box"]\nflags = ["storm"]\n'
ENGINE = '[[rules.send]]\nid = "engine"\nkinds = ["ENGINE"]\n'
GOOD = f'[[rules]]\nid = "good"\ntypes = ["Fire"]\n{ENGINE}'


@settings(max_examples=40)
@given(rich_plans())
def test_toml_and_back_is_the_same_plan(plan):
    """Whatever a plan says, its text says, and reads as the same plan without a fault."""
    found = read_toml(to_toml(plan))
    assert (found.faults, found.plan) == ([], plan)


@settings(max_examples=40)
@given(rich_plans())
def test_csv_and_back_is_the_same_plan(plan):
    """Through a spreadsheet and back nothing changes: not the order, not a quote, not a semicolon."""
    found = read_csv(to_csv(plan))
    assert (found.faults, found.plan) == ([], plan)


@settings(max_examples=40)
@given(rich_plans())
def test_no_cell_is_a_formula(plan):
    """A spreadsheet that opens a plan runs nothing of it."""
    import csv
    import io

    for row in csv.reader(io.StringIO(to_csv(plan), newline="")):
        assert not [
            cell for cell in row if cell.startswith(("=", "+", "@")) or (cell[:1] == "-" and not cell[1:].isdigit())
        ]


def test_the_documented_example_is_a_plan():
    """The text in the module's own words reads without a fault, and its rule stands at its line."""
    text = toml.__doc__.split("```")[1].removeprefix("toml\n")
    found = read_toml(text)
    assert found.faults == []
    [(name, line)] = found.lines.items()
    assert text.splitlines()[line - 1].strip() == "[[rules]]"
    assert found.plan.rules[0].id == name
    assert found.plan.rules[0].send[1].substitutes[0].penalty_s == 120


def test_the_guide_s_example_is_a_plan():
    """What the guide shows reads without a fault and says what the guide says of it."""
    guide = (Path(__file__).parents[3] / "docs" / "guide-plans.md").read_text()
    found = read_toml(guide.split("```toml\n")[1].split("```")[0])
    assert found.faults == []
    assert [one.id for one in found.plan.rules[0].send] == ["engine", "aerial"]


@pytest.mark.parametrize(("bad", "expected"), [
    ("types = 'Fire'\n" + ENGINE, "types: expected array, got str"),
    ("tpyes = ['Fire']\n" + ENGINE, "tpyes: not a key here"),
    ("", "send: expected the requirements"),
    (ENGINE + "cuont = 2\n", "send 1: cuont: not a key here"),
    (ENGINE + "count = 0\n", "send 1: count: expected 1 to 50, not 0"),
    (ENGINE + "count = true\n", "send 1: count: expected int, got bool"),
    (ENGINE + "mode = 'FAST'\n", "send 1: mode: invalid enum value 'FAST'"),
    (ENGINE + "order = 'station_order'\n", "stations: send 'engine' goes by station order"),
    (ENGINE + ENGINE, "send 2: id: 'engine' stands twice"),
    (ENGINE + "substitutes = [{ penalty_s = 3 }]\n", "substitutes: expected kinds or capabilities"),
    ("alarm = 0\n" + ENGINE, "alarm: expected 1 to 20"),
    ("hours = '19-7'\n" + ENGINE, "hours: expected hours as 19:00-07:00"),
    ("hours = '07:00-07:00'\n" + ENGINE, "end at another time"),
    ("days = ['monday']\n" + ENGINE, "days: expected some of mon"),
    ("layer = 'box'\n" + ENGINE, "zone: expected layer and zone together"),
    ("layer = 'beat'\nzone = '1'\n" + ENGINE, "layer: 'beat' stands neither in layers nor in special"),
    ("layer = 'box'\nzone = '1'\naddress = '1 A ST'\n" + ENGINE, "address: expected an address or a zone"),
    ("flag = 'snow'\n" + ENGINE, "flag: 'snow' does not stand in flags"),
    ("types = ['A']\ngroups = ['B']\n" + ENGINE, "groups: expected types or groups"),
    ('talkgroup = "A\\nB"\n' + ENGINE, "talkgroup: expected one line"),
])  # fmt: skip
def test_a_bad_rule_is_told_by_its_place_and_the_others_are_kept(bad, expected):
    """One fault names the rule, its line and what was expected; the good rules around it are read all the same."""
    after = GOOD.replace('"good"', '"also good"').replace('"Fire"', '"Alarm"')
    found = read_toml(f'{HEAD}{GOOD}[[rules]]\nid = "bad"\n{bad}{after}')
    [fault] = found.faults
    assert (fault.entry, fault.line) == ("rules 2 (bad)", 12)
    assert expected in fault.expected
    assert [rule.id for rule in found.plan.rules] == ["good", "also good"]


@pytest.mark.parametrize(("text", "entry"), [
    (GOOD, "redstick_plan"),
    (HEAD + "surprise = 1\n" + GOOD, "surprise"),
    (HEAD.replace('"UTC"', '"Mars/Olympus"') + GOOD, "time_zone"),
    (HEAD.replace('"1"', "1") + GOOD, "version"),
    (HEAD + "dated = 'soon'\n" + GOOD, "dated"),
    (HEAD + "[types]\nFire = 3\n" + GOOD, "types 'Fire'"),
    (HEAD + GOOD + GOOD, "rules 2 (good)"),
    (HEAD + "rules = 3\n", "rules"),
    (HEAD + "[[last_resort]]\nkinds = ['ENGINE']\n" + GOOD, "last_resort"),
    ("version = ", "the file"),
])  # fmt: skip
def test_a_bad_head_is_told(text, entry):
    """Each fault names the entry that it stands in."""
    assert entry in [fault.entry for fault in read_toml(text).faults]


@pytest.mark.parametrize(("text", "line", "expected"), [
    ("id,rule\n1,2\n", 1, "expected the columns row and id"),
    ("row,id,colour\n", 1, "'colour' is not a column"),
    ("row,id,time_zone\nplan,1,UTC\nunit,E1,\n", 3, "expected plan, type, rule, send or substitute"),
    ("row,id,time_zone,rule\nplan,1,UTC,\nsend,engine,,nothing\n", 3, "expected the id of a rule that stands above"),
    ("row,id,time_zone,kinds\nplan,1,UTC,\nsubstitute,,,ENGINE\n", 3, "expected what it stands in for"),
    ("row,id,time_zone,rule\nplan,1,UTC,\nrule,a,,,b\n", 3, "more cells than the header"),
    ("row,id,time_zone,alarm,flags\nplan,1,UTC,,\nrule,a,,two,\n", 3, "alarm: expected int"),
    ('row,id,time_zone\nplan,1,"UTC\n', 2, "expected comma-separated rows"),
])  # fmt: skip
def test_a_bad_row_is_told_by_its_line(text, line, expected):
    """A row that fits nowhere is named by its line in the file."""
    assert [f for f in read_csv(text).faults if f.line == line and expected in f.expected], read_csv(text).faults


def test_what_cannot_be_decided_is_not_loaded(tmp_path):
    """Two rules of equal rank for the same incidents are an error of the file that names both."""
    path = tmp_path / "plan.toml"
    path.write_text(HEAD + GOOD + GOOD.replace('"good"', '"other"'))
    with pytest.raises(PlanTextError, match=r"plan\.toml, line 12: rules 'good' and 'other'"):
        load_file(path)
    path.write_text(HEAD + GOOD)
    assert [rule.id for rule in load_file(path).rules] == ["good"]


def test_a_file_that_is_no_text_is_told(tmp_path):
    """No file, and bytes that are no text, are one error each that names the file."""
    path = tmp_path / "plan.toml"
    with pytest.raises(PlanTextError, match=r"plan\.toml: the file: cannot be read"):
        load_file(path)
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PlanTextError, match="expected UTF-8"):
        load_file(path)
