"""How many call takers and dispatchers the next hours need, beside who is signed on."""

from __future__ import annotations

from collections.abc import Sequence

from redstick.dispatch.absence.deadline import expected_milli
from redstick.dispatch.kpi import standards_for
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.load import DAY_MS, HOUR_MS, NONE, expectation
from redstick.dispatch.lookback.needed import ASSUMED, MEASURED, Asked, Given, NeededHour, Staffing
from redstick.dispatch.rules.seats import Seat
from redstick.dispatch.staffing.queueing import people_for, with_patience, within
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant

CALLS, DISPATCH = "calls", "dispatch"  # what the names of their consoles begin with
MEASURED_MS = 28 * DAY_MS  # what handling and traffic are measured over
LATELY, LATELY_MS = "the last hours", 4 * HOUR_MS  # what is expected by where days are not known yet: an even rate
ENOUGH = 30  # calls or incidents; of fewer a mean says too little, and the assumption stands
ASSUMED_CALL_S = 180.0
ASSUMED_INCIDENTS = 0.8  # of a call: several speak of one, some of none
ASSUMED_EXCHANGES = 8.0  # by radio or telephone, of one incident
PATIENCE_S = 60.0  # of a caller, on average
EXCHANGE_S = 20.0  # that a dispatcher is taken up by one; no system can measure it
HEARD_PERCENT, HEARD_S = 95, 10  # of exchanges, so soon: a unit that calls is not to call again


def staffing(state: Dispatch, kept: Kept, now: Instant, hours: int) -> Staffing:
    """The hours from the one that runs, with as many people as Erlang C asks for.

    Every assumption is in `givens`. Nobody is at break: who must be relieved comes on top. Calls of an hour come
    evenly by chance; a big event does not.
    """
    standard = standards_for("answer")[0]
    answering = Asked(standard.percent, standard.within_s, f"{standard.name}, {standard.edition}")
    hearing = Asked(HEARD_PERCENT, HEARD_S, ASSUMED)
    call_s, per_call, exchanges = _givens(kept, now)
    takers, senders = ([one.id for one in _signed_on(state, kind)] for kind in (CALLS, DISPATCH))
    first = now // HOUR_MS * HOUR_MS
    expected, known_by = _expected(state, kept, now, [first + i * HOUR_MS for i in range(hours)])
    told = []
    for i, calls in enumerate(expected):
        traffic = calls * per_call.value * exchanges.value
        told.append(
            NeededHour(
                first + i * HOUR_MS,
                calls,
                people_for(calls, call_s.value, answering.percent, answering.within_s),
                people_for(traffic, EXCHANGE_S, hearing.percent, hearing.within_s),
                within(calls, call_s.value, len(takers), answering.within_s),
                with_patience(calls, call_s.value, len(takers), PATIENCE_S).gives_up if takers else 1.0,
                within(traffic, EXCHANGE_S, len(senders), hearing.within_s),
            )
        )
    spoken = Given("an exchange takes a dispatcher", EXCHANGE_S, "s", ASSUMED, 0)
    patience = Given("a caller's patience", PATIENCE_S, "s", ASSUMED, 0)
    givens = [call_s, patience, per_call, exchanges, spoken]
    return Staffing(now, known_by, told, answering, hearing, givens, takers, senders)


def _expected(state: Dispatch, kept: Kept, now: Instant, begun: Sequence[Instant]) -> tuple[list[float], str]:
    """Calls of each hour, and what they are known by; none where the city has no hour of its own yet."""
    milli, known_by = expectation(state, kept, now // HOUR_MS * HOUR_MS)
    if milli is not None:
        return [expected_milli(milli, at, at + HOUR_MS) / 1000 for at in begun], known_by
    began = now if kept.began_at is None else max(kept.began_at, now - LATELY_MS)
    if now - began < HOUR_MS:
        return [], NONE
    an_hour = sum(1 for _ in kept.received(began, now)) * HOUR_MS / (now - began)
    return [an_hour for _ in begun], LATELY


def _givens(kept: Kept, now: Instant) -> tuple[Given, Given, Given]:
    """How long a call takes a call taker, how many incidents come of one, how many exchanges of an incident."""
    since = now - MEASURED_MS
    calls, incidents = list(kept.received(since, now)), list(kept.between(since, now))
    taken = [call.ended_at - call.answered_at for call in calls if call.answered_at and call.ended_at]
    over = [one for one in incidents if one.closed_at is not None]
    stamps = sum(len(part.stamps) for one in over for part in (*one.earlier, *one.assignments.values()))
    return (
        _given("a call takes a call taker", sum(taken) / 1000, len(taken), ASSUMED_CALL_S, "s"),
        _given("incidents of a call", len(incidents), len(calls), ASSUMED_INCIDENTS),
        _given("exchanges of an incident", stamps, len(over), ASSUMED_EXCHANGES),
    )


def _given(name: str, whole: float, n: int, assumed: float, unit: str = "") -> Given:
    """The mean, or what is assumed where it would be of too few, or nought."""
    if n < ENOUGH or whole <= 0:
        return Given(name, assumed, unit, ASSUMED, n)
    return Given(name, whole / n, unit, MEASURED, n)


def _signed_on(state: Dispatch, kind: str) -> list[Seat]:
    """Seats of a kind whose session is there."""
    return [one for one in state.seats.values() if one.id.partition(":")[0] == kind and one.lost_at is None]
