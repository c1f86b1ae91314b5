"""Call takers: duplicates, callbacks, answer times: each test states one fact."""

from collections import Counter
from itertools import combinations

import pytest
from tests.simulation.city.conftest import FRIDAY, HOUR

from redstick.dispatch.rules.callbacks import (
    CallbackAttempted,
    CallbackClaimed,
    CallbackQueued,
    CallbackReached,
    digits_of,
)
from redstick.dispatch.rules.calls import CallAbandoned, CallAnswered, CallReceived
from redstick.dispatch.rules.incidents import IncidentMoved, IncidentOpened
from redstick.dispatch.rules.locations import AddressConfirmed, AddressDiffered, LocationPromoted
from redstick.simulation import city
from redstick.simulation.city.arrivals.contacts import Speech

GHOST_LIMIT_MS = 15_000


@pytest.fixture(scope="module")
def pile_up(lived):
    """A morning on which one crash is seen by some fifty drivers."""
    return lived(7, "pile_up", start=FRIDAY - 9 * HOUR, hours=2)


@pytest.fixture(scope="module")
def ghosts(lived):
    """The ghost storm, at the staffing of a small center: three seats."""
    ways = city.Ways(staffing=city.Staffing(call_takers=3), habits=city.Habits(calls_a_day=300, patience_s=40))
    return lived(7, "ghosts", start=FRIDAY + 90 * 60_000, hours=3, ways=ways)


def test_what_many_see_is_one_incident(pile_up):
    """Entered twice at once it is joined; in the end at most three for some fifty calls, nine in ten of them on one."""
    about = [one for one in pile_up.state.incidents.values() if one.kind == "Pile-up" and not one.replaced_by]
    calls = sorted(len(incident.calls) for incident in about)
    assert len(about) <= 3
    assert calls[-1] >= 0.9 * sum(calls)
    assert sum(calls) > 40


def test_a_pile_up_gets_a_second_alarm(pile_up):
    """Its first crew says that it is more than they can handle, and the plan sends more."""
    incident = max(pile_up.state.incidents.values(), key=lambda incident: len(incident.calls))
    assert incident.alarm_level >= 2
    assert any(need.requirement.id.endswith("@2") for need in incident.needs)


def test_the_oldest_call_is_answered_first(pile_up):
    """While many ring at once: where a younger one is answered before, a hand was already reaching for the older."""
    rang, answered = {}, {}
    for at, event in pile_up.timed:
        if isinstance(event, CallReceived):
            rang[event.call] = at
        elif isinstance(event, CallAnswered):
            answered[event.call] = at
    overtaken = [
        answered[older] - answered[younger]
        for older, younger in combinations(sorted(answered, key=lambda call: rang[call]), 2)
        if answered[older] > answered[younger]
    ]
    assert max(overtaken, default=0) < 6_000
    assert len(overtaken) < len(answered) / 5


def test_real_callers_of_a_ghost_storm_are_answered_within_fifteen_seconds(ghosts):
    """At the 90th percentile, while 442 ghosts ring; those who tell something, by their first call."""
    rang, waited = {}, []
    for at, event in ghosts.timed:
        if isinstance(event, CallReceived):
            rang[event.call] = at
        elif isinstance(event, CallAnswered) and _is_real(ghosts, event.call):
            waited.append(at - rang[event.call])
    assert len(waited) > 25
    assert sorted(waited)[int(0.9 * len(waited))] <= GHOST_LIMIT_MS


def test_no_real_number_of_a_ghost_storm_is_uncalled(ghosts):
    """Whoever hung up was tried, or rang again and was answered; nor is any ghost's number left."""
    owed = Counter()
    for event in ghosts.events:
        if isinstance(event, CallbackQueued):
            owed[event.number] = 1
        elif isinstance(event, CallbackClaimed):
            owed[event.number] = 0
        elif isinstance(event, CallAnswered):
            owed[digits_of(ghosts.contacts[event.call].callback)] = 0
    assert sum(owed.values()) == 0
    assert len(owed) > 30


def test_a_number_of_the_callback_queue_is_on_one_seat_at_a_time(ghosts):
    """A claim stands until the attempt is told, and a number that rang twice has one entry."""
    holder = {}
    for event in ghosts.events:
        if isinstance(event, CallbackClaimed):
            assert holder.setdefault(event.number, event.seat) == event.seat
        elif isinstance(event, CallbackAttempted | CallbackReached):
            holder.pop(event.number, None)
    numbers = {event.number for event in ghosts.of(CallbackQueued)}
    assert len(ghosts.of(CallAbandoned)) > len(numbers)
    assert ghosts.state.callbacks == {}


def test_answer_times_follow_from_the_staffing(lived):
    """The same calls, one seat instead of three: they wait longer, with nothing else changed."""
    waits = []
    for seats in (1, 3):
        ways = city.Ways(staffing=city.Staffing(call_takers=seats), habits=city.Habits(calls_a_day=500))
        floor = lived(9, hours=2, ways=ways)
        calls = [call for call in floor.state.calls.values() if call.answered_at is not None]
        waits.append(sum(call.answered_at - call.received_at for call in calls) / len(calls))
    assert waits[0] > 2 * waits[1]


def test_who_hung_up_rings_again_at_most_once(evening):
    """No number rings more often than twice for one loss and once to ask where they are."""
    rings = Counter(contact.callback for contact in evening.contacts.values() if contact is not None)
    assert max(rings.values()) <= 4
    assert len(evening.contacts) < 1.2 * len(rings)


def test_few_callers_hang_up_before_an_answer(evening):
    """On an ordinary evening at most one call in eight, and of those who wait ten seconds hardly any."""
    lost, rang = evening.of(CallAbandoned), {}
    for at, event in evening.timed:
        if isinstance(event, CallReceived):
            rang[event.call] = at
    waited = [at - rang[event.call] for at, event in evening.timed if isinstance(event, CallAbandoned)]
    assert 0 < len(lost) <= len(rang) / 8
    assert sum(ms >= 10_000 for ms in waited) <= len(rang) / 50


def test_addresses_are_read_back_and_wrong_ones_moved(evening):
    """A caller who hears another address than the true one says so, and the incident is moved there."""
    confirmed, differed = evening.of(AddressConfirmed), evening.of(AddressDiffered)
    assert len(confirmed) > 0.8 * len(evening.of(IncidentOpened))
    moved = {event.incident for event in evening.of(IncidentMoved)}
    assert {event.incident for event in differed} <= moved


def test_a_position_is_promoted_only_where_no_address_is_sure(evening):
    """The caller's confirmed words stand against any position of a telephone."""
    differed = {event.incident for event in evening.of(AddressDiffered)}
    assert {event.incident for event in evening.of(LocationPromoted)} <= differed


def _is_real(floor, call):
    return floor.contacts[call].speech is Speech.TELLS
