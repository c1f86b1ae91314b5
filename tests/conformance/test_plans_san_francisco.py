"""San Francisco's week asked of a plan: every call is answered, and the answer says how it was found."""

from collections import Counter
from pathlib import Path

import pytest

from redstick.dispatch.history import ColumnMap
from redstick.dispatch.history.reading import read
from redstick.dispatch.plans.linter import lint
from redstick.dispatch.plans.opening import load_file, read_file
from redstick.dispatch.plans.past import PastAnswers
from redstick.dispatch.plans.resolving import PlanIndex, Way
from redstick.dispatch.plans.text import read_toml
from redstick.dispatch.replay.requests import rows_by_call

FILE = "cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz"
EXAMPLES = Path(__file__).parents[2] / "examples"
PLAN = EXAMPLES / "plans" / "san_francisco.toml"


@pytest.fixture(scope="module")
def week(third_party):
    return read(third_party(FILE), ColumnMap.load(EXAMPLES / "san_francisco" / "columns.toml"))


def test_every_call_of_the_week_is_answered_by_a_rule(week):
    """3,560 calls: each has a rule or its group's default, none falls to the last resort."""
    answers = PastAnswers(PlanIndex(load_file(PLAN)), None)
    ways = Counter(answers(week, rows[0], 1).way for rows in rows_by_call(week))
    assert ways.total() == 3560
    assert ways[Way.LAST_RESORT] == 0


def test_a_plan_that_forgets_a_type_is_found_out_by_the_linter_and_by_the_week(week):
    """Without the rule for alarms the linter names three types, and their 276 calls fall to the last resort."""
    text = PLAN.read_text()
    begin, end = text.index('[[rules]]\nid = "alarm"'), text.index('[[rules]]\nid = "fire"')
    found = read_toml(text[:begin] + text[end:])
    forgotten = [one.place for one in lint(found.plan, found.lines) if one.code == "no_plan"]
    assert forgotten == ["type 'Alarms'", "type 'Gas Leak (Natural and LP Gases)'", "type 'HazMat'"]
    answers = PastAnswers(PlanIndex(found.plan), None)
    ways = Counter(answers(week, rows[0], 1).way for rows in rows_by_call(week))
    assert ways[Way.LAST_RESORT] == 276


def test_the_example_is_sound():
    """No fault and no finding."""
    found = read_file(PLAN)
    assert (found.faults, lint(found.plan, found.lines)) == ([], [])
