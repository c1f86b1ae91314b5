"""Signalling without I/O, beside 200 new calls a second on one core; and a storm of ghost calls on a virtual clock.

A call is INVITE with SDP, 100, 180, 200, ACK, BYE, 200. Only the called agent is counted; finished transactions stay in
its table for as long as the RFC has them wait, as they would. The storm (`simulation/ghost_storm.py`) is no matter of
time: a seed gives the same delays everywhere. Beside it stands the same storm with everybody in line as they came.
"""

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.figure import Figure
from redstick.adapters.memory import MemoryJournal
from redstick.protocols.sip import calling, events
from redstick.protocols.sip.agent import Agent, Identity
from redstick.protocols.sip.headers import Address
from redstick.protocols.sip.uris import read_uri
from redstick.simulation.ghost_storm import GhostStorm

CALLS, EVERY_MS = 3_000, 5  # 200 calls a second, for so long that the table is full
WANTED_A_SECOND = 200
STORMS, ANSWERED_S = 10, 15  # seeds; 90 % of the people are to be spoken with by then
CALLER = Address(read_uri("sip:+12255550100@caller.example"), "Caller")
SDP = (
    b"v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 6000 RTP/AVP 0 8\r\n"
    + b"a=x:y\r\n" * 20
)


def agent(name: str, host: str) -> Agent:
    """One agent with tokens of its own."""
    count = itertools.count()
    return Agent(
        Identity(transport="UDP", host=host, port=5060, contact=f"sip:{name}@{host}"), lambda: f"{name}{next(count)}"
    )


class Meter:
    """Processor time of the called side alone."""

    def __init__(self) -> None:
        self.spent_ns = 0

    def run(self, act: Callable[..., Any], *given: Any) -> Any:
        """Do it, and count what it cost."""
        begun = time.process_time_ns()
        done = act(*given)
        self.spent_ns += time.process_time_ns() - begun
        return done


def called(psap: Agent, out: events.Out, now: int, meter: Meter) -> None:
    """The called side takes every call at once."""
    if isinstance(out, events.Offered):
        meter.run(psap.respond, out.key, 180, "Ringing", now)
        meter.run(lambda: psap.respond(out.key, 200, "OK", now, ("Content-Type", "application/sdp"), body=SDP))


def caller_acts(caller: Agent, out: events.Out, now: int) -> None:
    """The caller confirms and hangs up."""
    if isinstance(out, events.Told) and out.request.method == "INVITE" and out.call in caller.calls:
        call = caller.calls[out.call]
        caller.confirm(call)
        caller.hang_up(call, now)


def settle(caller: Agent, psap: Agent, now: int, meter: Meter) -> None:
    """Until neither has anything more to say."""
    while True:
        theirs, ours = caller.take(), meter.run(psap.take)
        if not theirs and not ours:
            return
        for out in theirs:
            if isinstance(out, events.Transmit):
                meter.run(psap.receive, out.data, "192.0.2.1:5060", now)
            caller_acts(caller, out, now)
        for out in ours:
            if isinstance(out, events.Transmit):
                caller.receive(out.data, "192.0.2.2:5060", now)
            called(psap, out, now, meter)


def measure() -> Iterator[Figure]:
    """What a call costs, and how many a core would take."""
    caller, psap, meter = agent("caller", "192.0.2.1"), agent("psap", "192.0.2.2"), Meter()
    for number in range(CALLS):
        now = number * EVERY_MS
        calling.invite(caller, "sip:psap@192.0.2.2", CALLER, now, body=SDP)
        settle(caller, psap, now, meter)
        caller.tick(now)
        meter.run(psap.tick, now)
        settle(caller, psap, now, meter)
    assert not psap.calls  # noqa: S101  (a benchmark that left calls behind would measure something else)
    a_second = CALLS / (meter.spent_ns / 1e9)
    yield Figure("sip_calls_per_s", a_second, "calls/s of one core", WANTED_A_SECOND, "wanted", n=CALLS)
    yield Figure(
        "sip_call_cpu", meter.spent_ns / CALLS / 1e6, "ms", 1_000 / WANTED_A_SECOND, "a core at 200 calls/s", n=CALLS
    )
    yield from ghost_storms()


def ghost_storms() -> Iterator[Figure]:
    """The 90th percentile of the seconds from a person's first ring to the first word with them."""
    figures = {}
    for ordered in (True, False):
        storms = [GhostStorm(seed, MemoryJournal(), ordered=ordered).run() for seed in range(STORMS)]
        assert not any(storm.unreached or storm.left_over for storm in storms)  # noqa: S101  (a number uncalled is no figure)
        delays = sorted(delay for storm in storms for delay in storm.delays_ms())
        figures[ordered] = (delays[int(0.9 * len(delays))] / 1000, len(delays))
    (ordered_s, people), (as_came_s, _) = figures[True], figures[False]
    yield Figure("ghost_storm_answer_delay", ordered_s, "s", ANSWERED_S, "90 % of the people in", n=people)
    yield Figure("ghost_storm_answer_order", ordered_s, "s", as_came_s, "all in line as they came", n=people)
