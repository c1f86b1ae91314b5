"""Session timers: both sides reckon the same interval and the same refresher, and a short one is refused by number."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.protocols.faults import Malformed
from redstick.protocols.sip.messages import Request, Response
from redstick.protocols.sip.refreshing import (
    LEAST_S,
    MOST_S,
    USUAL_S,
    Refresh,
    TooShort,
    agreed_by_them,
    agreed_by_us,
    asked,
    least_of,
)  # fmt: skip


def invite(*headers):
    """An INVITE with these headers."""
    return Request(method="INVITE", uri="sip:a@b", headers=headers)


def ok(*headers):
    """A 200 with these headers."""
    return Response(code=200, headers=headers)


@given(st.integers(LEAST_S, MOST_S), st.sampled_from(["", ";refresher=uac", ";refresher=uas"]), st.booleans())
def test_both_sides_agree_on_the_interval_and_exactly_one_of_them_refreshes(seconds, refresher, able):
    """Whatever is asked and whether or not the caller knows timers: never both, never nobody."""
    known = (("Supported", "100rel, timer"),) if able else ()
    ours, told = agreed_by_us(invite(("Session-Expires", f"{seconds}{refresher}"), *known))
    theirs = agreed_by_them(ok(*told))
    assert ours.seconds == theirs.seconds == seconds
    assert ours.ours is not theirs.ours
    assert (("Require", "timer") in told) is able
    assert ours.ours or able  # one that does not know timers is never relied on


@given(st.integers(LEAST_S, MOST_S))
def test_a_refresh_of_ours_is_due_before_the_other_side_gives_up(seconds):
    """At half the time; who waits gives up at two thirds at the earliest, and before the end."""
    ours, theirs = Refresh(seconds, ours=True).due_after_ms(), Refresh(seconds, ours=False).due_after_ms()
    assert ours < theirs < seconds * 1_000


def test_a_caller_that_says_nothing_is_refreshed_by_us():
    """With our own interval, or the least that he takes where that is more; so is one that answers without a timer."""
    assert agreed_by_us(invite())[0] == Refresh(USUAL_S, ours=True)
    assert agreed_by_us(invite(("Min-SE", "900")))[0] == Refresh(900, ours=True)
    assert agreed_by_them(ok()) == Refresh(USUAL_S, ours=True)


def test_a_session_that_is_too_short_is_refused_where_the_caller_knows_why():
    """422 for him; one that knows no timers is given the least there is."""
    with pytest.raises(TooShort):
        agreed_by_us(invite(("Session-Expires", "89"), ("Supported", "timer")))
    assert agreed_by_us(invite(("Session-Expires", "89")))[0] == Refresh(LEAST_S, ours=True)


def test_what_a_refusal_names_is_asked_the_next_time():
    """The Min-SE of a 422 is then both interval and least; one without it, or with words, cannot be followed."""
    least = least_of(Response(code=422, headers=(("Min-SE", "1800"),)))
    assert dict(asked(USUAL_S, least)) == {"Supported": "timer", "Session-Expires": "1800", "Min-SE": "1800"}
    for headers in ((), (("Min-SE", "soon"),)):
        with pytest.raises(Malformed):
            least_of(Response(code=422, headers=headers))


@given(st.integers(MOST_S, 2**32 - 1), st.sampled_from(["uac", "uas"]), st.booleans())
def test_no_peer_is_trusted_to_be_there_for_longer_than_we_look(seconds, refresher, insists):
    """A longer session is cut to what we take; where the peer insists, or answers so, we look for ourselves."""
    least = (("Min-SE", str(seconds)),) if insists else ()
    said = ("Session-Expires", f"{seconds};refresher={refresher}")
    ours, _ = agreed_by_us(invite(said, ("Supported", "timer"), *least))
    assert ours.seconds == (seconds if insists else MOST_S)
    assert ours.due_after_ms() <= MOST_S * 1_000
    assert agreed_by_them(ok(said)).due_after_ms() <= MOST_S * 1_000


@given(*[st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)] * 3)
def test_whatever_stands_there_is_agreed_or_refused_by_name(expires, least, supported):
    """Nothing else is raised."""
    said = invite(("Session-Expires", expires), ("Min-SE", least), ("Supported", supported))
    for read in (lambda: agreed_by_us(said), lambda: agreed_by_them(ok(*said.headers))):
        with suppress(Malformed, TooShort):
            assert read()
