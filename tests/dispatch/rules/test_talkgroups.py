"""One talkgroup serves one incident at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.invariants import broken
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident, ReopenIncident
from redstick.dispatch.rules.talkgroups import (
    AssignTalkgroup,
    DelistTalkgroup,
    ListTalkgroup,
    ReleaseTalkgroup,
    talkgroup_of,
)


@pytest.fixture
def radio(desk):
    for name, group in (("TAC-1", ""), ("FIRE-1", "fire"), ("FIRE-2", "fire")):
        desk.run(ListTalkgroup(name, group))
    for name in ("i", "j", "k", "l"):
        desk.run(OpenIncident(name, group="fire"))
    return desk


def test_an_incident_gets_the_first_free_one_of_its_call_group(radio):
    """Then one for any, then none: it says how many there are."""
    given_out = [radio.run(AssignTalkgroup(name))[-1].talkgroup for name in ("i", "j", "k")]
    assert given_out == ["FIRE-1", "FIRE-2", "TAC-1"]
    assert radio.refused(AssignTalkgroup("l")) == "no_talkgroup_free"
    radio.run(AssignTalkgroup("i"))
    assert talkgroup_of(radio.state, "i") == "FIRE-1"


def test_two_incidents_never_share_one(radio):
    """A busy one is refused with the incident that it serves; who has one changes over in one act."""
    radio.run(AssignTalkgroup("i", "TAC-1"))
    assert radio.refused(AssignTalkgroup("j", "TAC-1")) == "talkgroup_busy"
    radio.run(AssignTalkgroup("i", "FIRE-2"))
    radio.run(AssignTalkgroup("j", "TAC-1"))
    assert (talkgroup_of(radio.state, "i"), talkgroup_of(radio.state, "j")) == ("FIRE-2", "TAC-1")
    assert radio.refused(AssignTalkgroup("i", "SKY")) == "talkgroup_unknown"


def test_closing_gives_it_back(radio):
    """In the same act; reopening does not take it from whoever has it then."""
    radio.run(AssignTalkgroup("i", "TAC-1"))
    radio.run(CloseIncident("i", "fire out"))
    radio.run(AssignTalkgroup("j", "TAC-1"))
    radio.run(ReopenIncident("i", "smoke"))
    assert talkgroup_of(radio.state, "i") == ""


def test_the_pool_loses_only_what_is_free(radio):
    """A busy one is released first."""
    radio.run(AssignTalkgroup("i", "TAC-1"))
    assert radio.refused(DelistTalkgroup("TAC-1")) == "talkgroup_busy"
    radio.run(ReleaseTalkgroup("TAC-1"))
    radio.run(DelistTalkgroup("TAC-1"))
    assert radio.refused(ReleaseTalkgroup("TAC-1")) == "talkgroup_unknown"
    assert radio.refused(ListTalkgroup(" ")) == "talkgroup_unnamed"


TALK, NAMES = st.sampled_from(["A", "B"]), st.sampled_from(["i", "j", "k"])


@given(
    st.lists(
        st.one_of(
            st.builds(AssignTalkgroup, NAMES, TALK | st.just("")),
            st.builds(ReleaseTalkgroup, TALK),
            st.builds(DelistTalkgroup, TALK),
            st.builds(ListTalkgroup, TALK),
            st.builds(OpenIncident, NAMES),
            st.builds(CloseIncident, NAMES, st.just("done")),
            st.builds(ReopenIncident, NAMES, st.just("again")),
        ),
        max_size=25,
    )
)
def test_whatever_is_asked_no_two_share_one(acts):
    """The invariant holds after every act."""
    from .conftest import Desk

    desk = Desk()
    desk.run(ListTalkgroup("A"))
    desk.run(OpenIncident("i"))
    for act in acts:
        desk.ask(act)


def test_a_shared_talkgroup_is_seen(radio):
    """The invariant finds planted breaches."""
    radio.run(AssignTalkgroup("i", "TAC-1"))
    radio.state.talkgroups["FIRE-1"].incident = "i"
    assert [line for line in broken(radio.state) if "more than one talkgroup" in line]
    radio.state.talkgroups["FIRE-1"].incident = "nowhere"
    assert [line for line in broken(radio.state) if "not open" in line]
