"""What seats see of plan versions."""

from types import SimpleNamespace

import pytest
from tests.dispatch.rules.conftest import NOON, Desk
from tests.dispatch.rules.test_plans import text

from redstick.dispatch.reads.plans import PlansView
from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT, PUBLIC
from redstick.dispatch.rules.plans import (
    ActivatePlanUnseen,
    DraftPlan,
    RecordPlanReplay,
    RetirePlan,
    ReviewPlanReplay,
    digest_of,
)


@pytest.fixture
def flooded():
    """Versions a and b are drafted; a was activated unseen."""
    desk = Desk()
    for version in "ab":
        desk.run(DraftPlan(text(version), "Chief Dupre"))
    desk.run(ActivatePlanUnseen("a", "Chief Dupre", "flood"))
    return desk


def seen(desk, audience=FLOOR):
    """Every row that an audience sees, by its key."""
    states, view = {"dispatch": desk.state}, PlansView()
    rows = {key: view.row(states, key, audience) for key in view.keys(states)}
    return {key: row for key, row in rows.items() if row is not None}


def test_the_version_that_counts_says_that_nobody_has_seen_it(flooded):
    """With who activated it and why; the mark goes with an approved replay, the replay's figures stay to be read."""
    row = seen(flooded)["plan/a"]
    assert (row["counts"], row["activated_unseen"], row["by"], row["reason"]) == (True, True, "Chief Dupre", "flood")
    assert not seen(flooded)["plan/b"]["counts"]
    figures = {"travel_p90_s": 400}
    flooded.run(RecordPlanReplay("a", digest_of(text("a")), "r1", NOON - 9, NOON - 1, 40, figures))
    flooded.run(ReviewPlanReplay("a", "r1", "Captain Roy", approved=True))
    row = seen(flooded)["plan/a"]
    assert not row["activated_unseen"]
    assert (row["replays"][0]["reviewed_by"], row["replays"][0]["figures"]) == ("Captain Roy", figures)


def test_an_activation_touches_the_version_before_too(flooded):
    """Both rows change on every seat."""
    [event] = flooded.run(ActivatePlanUnseen("b", "Chief Dupre", "the water is higher"))
    assert list(PlansView().touched({"dispatch": flooded.state}, SimpleNamespace(event=event))) == ["plan/b", "plan/a"]
    assert [key for key, row in seen(flooded).items() if row["counts"]] == ["plan/b"]


def test_a_retired_version_is_no_row(flooded):
    """It stays in the record, not on the board."""
    flooded.run(RetirePlan("b", "Chief Dupre"))
    assert list(seen(flooded)) == ["plan/a"]


def test_crews_and_the_public_see_no_plans(flooded):
    """The floor and oversight do."""
    assert seen(flooded, OVERSIGHT)
    assert [seen(flooded, audience) for audience in (FIELD, PUBLIC)] == [{}, {}]
