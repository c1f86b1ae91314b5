"""Versions of the plan: nothing goes live that nobody has looked at, unless it is marked so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from redstick.dispatch import domain
from redstick.dispatch.invariants import what_counts_was_seen
from redstick.dispatch.plans.reading import reading_of, version_in_head
from redstick.dispatch.rules import plans
from redstick.dispatch.rules.plans import (
    MAX_TEXT,
    ActivatePlan,
    ActivatePlanUnseen,
    Activation,
    DraftPlan,
    RecordPlanCheck,
    RecordPlanReplay,
    RetirePlan,
    ReviewPlanReplay,
    activated_unseen,
    active_plan,
    decide_draft_plan,
    digest_of,
)
from redstick.dispatch.state import Dispatch
from redstick.kernel.system import NothingChanged

from .conftest import HOUR, NOON, Desk


def text(version, count=1, types=("Fire",)):
    """A small plan without errors."""
    return (
        f'redstick_plan = 1\nversion = "{version}"\ntime_zone = "UTC"\n\n[[rules]]\nid = "fire"\n'
        f'types = {list(types)}\n\n[[rules.send]]\nid = "engine"\nkinds = ["ENGINE"]\ncount = {count}\n'
    )


def check(version, errors=0, **more):
    """A check of this version's own text."""
    return RecordPlanCheck(version, more.get("digest", digest_of(text(version))), "city", 4, errors, 0)


def replay(version, result="r1", **more):
    """A replay under this version's own text."""
    return RecordPlanReplay(
        version, more.get("digest", digest_of(text(version))), result, more.get("since", NOON - HOUR), NOON - 1,
        more.get("incidents", 40), {"travel_p90_s": 400},
    )  # fmt: skip


def nothing(events):
    """Whether a command was taken and changed nothing."""
    return [type(event) for event in events] == [NothingChanged]


@pytest.fixture
def drafted(desk):
    """Version a is drafted."""
    desk.run(DraftPlan(text("a"), "Chief Dupre"))
    return desk


@pytest.fixture
def seen(drafted):
    """Version a is drafted, checked, replayed and approved."""
    for command in (check("a"), replay("a"), ReviewPlanReplay("a", "r1", "Chief Dupre", approved=True)):
        drafted.run(command)
    return drafted


def test_a_version_goes_live_when_it_was_checked_and_its_replay_approved(seen):
    """Step by step; then it is the one that counts, and nothing marks it."""
    seen.run(ActivatePlan("a", "Chief Dupre"))
    assert active_plan(seen.state).id == "a"
    assert not activated_unseen(seen.state)


def test_each_missing_step_is_named(drafted):
    """Not checked, checked with errors, no replay, a replay not reviewed, or found bad: each says which."""
    ask = ActivatePlan("a", "Chief Dupre")
    assert drafted.refused(ask) == "plan_not_checked"
    drafted.run(check("a", errors=2))
    assert drafted.refused(ask) == "plan_has_errors"
    drafted.run(check("a"))
    assert drafted.refused(ask) == "replay_not_reviewed"
    drafted.run(replay("a"))
    assert drafted.refused(ask) == "replay_not_reviewed"
    drafted.run(ReviewPlanReplay("a", "r1", "Chief Dupre", approved=False, words="The west waits longer"))
    assert drafted.refused(ask) == "replay_not_reviewed"
    drafted.run(ReviewPlanReplay("a", "r1", "Chief Dupre", approved=True))
    drafted.run(ask)


def test_a_replay_of_another_text_does_not_count(seen):
    """What was approved for version a says nothing of b; a check or replay of another text is refused."""
    seen.run(DraftPlan(text("b"), "Chief Dupre"))
    assert seen.refused(ActivatePlan("b", "Chief Dupre")) == "plan_not_checked"
    other = digest_of(text("a"))
    assert seen.refused(check("b", digest=other)) == "text_differs"
    assert seen.refused(replay("b", digest=other)) == "text_differs"


def test_a_text_that_is_no_plan_is_refused_with_the_place(desk):
    """The rejection carries entry, line and what was expected; nothing is stored."""
    said = desk.ask(DraftPlan(text("a").replace("count = 1", "count = 0"), "Chief Dupre")).rejection
    assert said.code == "plan_unreadable"
    assert said.data["faults"] == [
        {"entry": "rules 1 (fire)", "expected": "send 1: count: expected 1 to 50, not 0", "line": 5}
    ]
    assert desk.refused(DraftPlan("x" * (MAX_TEXT + 1), "Chief Dupre")) == "plan_too_long"
    assert desk.refused(DraftPlan(text("a"), " ")) == "person_unnamed"
    assert desk.state.plans == {}


def test_a_version_is_one_text(drafted):
    """The same text again changes nothing; another text needs another version."""
    assert nothing(drafted.run(DraftPlan(text("a"), "someone else")))
    assert drafted.refused(DraftPlan(text("a", count=2), "Chief Dupre")) == "version_known"
    assert drafted.state.plans["a"].text == text("a")


def test_errors_of_the_text_refuse_even_the_emergency_way(desk):
    """A rule that never answers is drafted, told, and never goes live."""
    never = text("a") + '\n[[rules]]\nid = "never"\ntypes = ["Fire"]\nrank = 1\nsend = []\n'
    [drafted] = desk.run(DraftPlan(never, "Chief Dupre"))
    assert (drafted.errors, drafted.warnings) == (1, 1)
    assert desk.refused(ActivatePlanUnseen("a", "Chief Dupre", "flood")) == "plan_has_errors"


def test_in_an_emergency_a_version_goes_live_unseen_and_is_marked_until_it_was_seen(drafted):
    """By name, with a reason; the mark goes when a replay has been approved, the history keeps that it was unseen."""
    assert drafted.refused(ActivatePlanUnseen("a", "Chief Dupre", "")) == "reason_missing"
    assert drafted.refused(ActivatePlanUnseen("a", "", "flood")) == "person_unnamed"
    [event] = drafted.run(ActivatePlanUnseen("a", "Chief Dupre", "flood: the bridge is closed"))
    assert (event.unseen, event.by, event.reason) == (True, "Chief Dupre", "flood: the bridge is closed")
    assert activated_unseen(drafted.state)
    drafted.run(replay("a"))
    assert activated_unseen(drafted.state)
    drafted.run(ReviewPlanReplay("a", "r1", "Captain Roy", approved=True))
    assert not activated_unseen(drafted.state)
    assert drafted.state.plan_activations[0].unseen


def test_history_is_kept_and_an_earlier_version_may_return(seen):
    """Every activation stays in its order; activating what counts changes nothing; a retired version stays out."""
    seen.run(DraftPlan(text("b"), "Chief Dupre"))
    seen.run(ActivatePlan("a", "Chief Dupre"))
    seen.now += HOUR
    seen.run(ActivatePlanUnseen("b", "Chief Dupre", "flood"))
    assert nothing(seen.run(ActivatePlanUnseen("b", "Chief Dupre", "flood")))
    assert seen.refused(RetirePlan("b", "Chief Dupre")) == "plan_active"
    seen.run(ActivatePlan("a", "Chief Dupre", "the water is gone"))
    seen.run(RetirePlan("b", "Chief Dupre"))
    assert [(one.version, one.unseen) for one in seen.state.plan_activations] == [
        ("a", False),
        ("b", True),
        ("a", False),
    ]
    assert seen.refused(ActivatePlanUnseen("b", "Chief Dupre", "flood")) == "plan_retired"
    assert seen.state.plans["b"].text == text("b")


def test_a_replay_of_nothing_is_no_replay(drafted):
    """Without an incident, or of a time that has not come, it is refused; the same result twice is one."""
    assert drafted.refused(replay("a", incidents=0)) == "replay_empty"
    assert drafted.refused(replay("a", since=NOON + HOUR)) == "period_impossible"
    assert drafted.refused(ReviewPlanReplay("a", "r9", "Chief Dupre", approved=True)) == "replay_unknown"
    drafted.run(replay("a"))
    assert nothing(drafted.run(replay("a")))


@pytest.mark.parametrize("command", [
    check("x"), replay("x"), ReviewPlanReplay("x", "r", "p", approved=True), ActivatePlan("x", "p"),
    ActivatePlanUnseen("x", "p", "r"), RetirePlan("x", "p"),
])  # fmt: skip
def test_an_unknown_version_is_said_to_be_unknown(desk, command):
    """Every command names a version that is there."""
    assert desk.refused(command) == "plan_unknown"


STEPS = st.lists(
    st.tuples(st.sampled_from(["draft", "check", "bad check", "replay", "approve", "reject", "activate", "unseen",
                               "retire"]), st.sampled_from("abc")),
    max_size=30,
)  # fmt: skip


@settings(max_examples=60)
@given(STEPS)
def test_nothing_counts_that_was_not_seen_or_marked(steps):
    """Whatever is asked in whatever order, the invariant holds after every command."""
    desk = Desk()
    for step, version in steps:
        desk.ask({
            "draft": DraftPlan(text(version), "p"), "check": check(version), "bad check": check(version, errors=1),
            "replay": replay(version), "approve": ReviewPlanReplay(version, "r1", "p", approved=True),
            "reject": ReviewPlanReplay(version, "r1", "p", approved=False), "activate": ActivatePlan(version, "p"),
            "unseen": ActivatePlanUnseen(version, "p", "flood"), "retire": RetirePlan(version, "p"),
        }[step])  # fmt: skip


def test_the_invariant_sees_a_breach(drafted):
    """A version that counts without review or mark, with errors, retired, or that is not there: each is told."""
    state = Dispatch(plans=dict(drafted.state.plans), plan_activations=[Activation("a", NOON, "p")])
    assert [said.partition(",")[0] for said in what_counts_was_seen(state)] == ["plan a counts"]
    state.plan_activations.append(Activation("a", NOON, "p", unseen=True))
    assert list(what_counts_was_seen(state)) == []
    state.plans["a"].errors, state.plans["a"].retired_at = 1, NOON
    assert len(list(what_counts_was_seen(state))) == 2
    state.plan_activations.append(Activation("z", NOON, "p"))
    assert list(what_counts_was_seen(state)) == ["plan z counts and is not there"]


def test_every_plan_command_is_of_the_domain():
    """The rules are registered."""
    kinds = {command.command_kind for command in domain.deciders}
    assert {"dispatch.draft_plan", "dispatch.activate_plan_unseen", "dispatch.retire_plan"} <= kinds


@given(st.sampled_from(["a", "v 2", "2026-03"]), st.integers(-1, 3), st.sampled_from([(), ("Fire",)]), st.booleans())
def test_a_reading_from_outside_decides_what_reading_inside_would(version, count, types, known):
    """The same events or the same rejection, whatever the text holds."""
    desk = Desk()
    if known:
        desk.run(DraftPlan(text(version, 2), "Chief Dupre"))
    said = text(version, count, types)
    inside = decide_draft_plan(desk.state, DraftPlan(said, "Chief Dupre"), NOON)
    assert decide_draft_plan(desk.state, DraftPlan(said, "Chief Dupre", reading_of(said)), NOON) == inside


def test_a_reading_of_another_text_or_of_another_version_is_not_taken(desk):
    """Nor one that counts less than nothing."""
    said, read = text("a"), reading_of(text("a"))
    for wrong in (
        reading_of(text("a", 2)), replace(read, version="b"), replace(read, errors=-1), replace(read, warnings=-1),
        replace(read, digest=""),
    ):  # fmt: skip
        assert desk.refused(DraftPlan(said, "Chief Dupre", wrong)) == "reading_differs"
    desk.run(DraftPlan(said, "Chief Dupre", read))
    assert desk.state.plans["a"].digest == digest_of(said)


@given(st.text(), st.sampled_from(['version = "v"', "version='v'", "version = 5", "", 'version = """v"""']))
def test_the_head_of_a_text_says_its_version_or_none(noise, line):
    """What stands before the first table; whatever else is there, nothing is raised."""
    assert version_in_head(f"{line}\n[types]\n{noise}") == ("v" if "v'" in line or 'v"' in line else None)
    version_in_head(noise)


def test_a_draft_that_was_read_outside_is_not_read_again(desk, monkeypatch):
    """Counted, not timed: deciding it asks neither the parser nor the linter."""
    said = text("a")
    read = reading_of(said)
    monkeypatch.setattr(plans, "reading_of", None)
    desk.run(DraftPlan(said, "Chief Dupre", read))
    assert desk.state.plans["a"].title == read.title
