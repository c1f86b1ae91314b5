"""The plan that a generated parish carries: each test states one fact."""

import pytest

from redstick.dispatch.plans.accepting import accepted
from redstick.dispatch.plans.reading import reading_of
from redstick.dispatch.plans.resolving import PlanIndex, Question, Way
from redstick.dispatch.plans.text import read_toml
from redstick.simulation.natures import EVERY
from redstick.simulation.parish.response_plan import STORM, response_plan


@pytest.fixture(scope="module")
def text(parish):
    """Of the small parish."""
    return response_plan(parish.city)


@pytest.fixture(scope="module")
def plan(text):
    """It, ready to answer."""
    return PlanIndex(accepted(read_toml(text), "the parish's plan"))


def test_the_linter_finds_nothing(text):
    """Neither an error nor a warning."""
    found = reading_of(text)
    assert (found.errors, found.warnings, found.n) == (0, 0, 0)


@pytest.mark.parametrize("nature", EVERY, ids=lambda nature: nature.kind)
def test_every_type_is_answered_by_a_rule_with_units_of_the_parish(plan, parish, nature):
    """Never by the last resort; every requirement can be filled by the fleet."""
    kinds = {unit.kind for unit in parish.city.units}
    for alarm in (1, 2):
        said = plan.answer(Question(nature.kind, 0, alarm=alarm))
        assert said.way is not Way.LAST_RESORT
        assert said.requirements
        assert all(kinds & set(one.kinds) for one in said.requirements)


def test_a_storm_changes_what_an_alarm_gets(plan):
    """While it is declared the rule of the storm goes before."""
    calm, stormy = (plan.answer(Question("Commercial alarm", 0, flags=flags)) for flags in ((), (STORM,)))
    assert calm.mode != stormy.mode
