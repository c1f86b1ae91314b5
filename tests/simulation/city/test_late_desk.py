"""A desk that tells late, shows late and loses answers: robots are right over it too. Each test states one fact."""

import pytest
from tests.simulation.city.conftest import FRIDAY, HOUR, MINUTE, SMALL

from redstick.dispatch.invariants import broken
from redstick.simulation import city
from redstick.simulation.city.dice import Dice


class LateDesk:
    """A desk over another one: what is asked arrives after a while, and is answered after another."""

    def __init__(self, inner, hear, lateness_ms, lost_percent=0):
        self._lost_percent = lost_percent
        self._inner, self._hear, self._dice, self._lateness_ms = inner, hear, Dice(1, "late"), lateness_ms
        self.floor = None
        self.asked = 0

    @property
    def state(self):
        """As it is committed: ahead of what its robots were told, behind what they asked."""
        return self._inner.state

    def next_due(self):
        """As the desk below."""
        return self._inner.next_due()

    def tick(self, now):
        """As the desk below."""
        return self._inner.tick(now)

    def ask(self, now, actor, commands, told=lambda _: None):
        """It arrives late, and its outcome is told later still; a set-up at the first moment arrives at once."""
        self.asked += 1
        if self.floor is None:
            self._inner.ask(now, actor, commands, told)
            return
        there, back = (self._dice.about(self._lateness_ms, 0.8) for _ in range(2))

        def answer(outcomes):
            self.floor.later(back, lambda: told(outcomes))

        self.floor.later(there, lambda: self._inner.ask(self.floor.now, actor, commands, answer))

    def heard(self, events):
        """What was committed becomes visible late too, in its order, where it is not lost."""
        if self.floor is None:
            self._hear(events)
        elif not self._dice.happens(self._lost_percent):
            self.floor.later(self._lateness_ms, lambda: self._hear(events))


@pytest.fixture(scope="module", params=[(400, 0), (4_000, 0), (400, 15)], ids=["0.4 s", "4 s", "a seventh is lost"])
def late(request, begin):
    """Three hours over a desk that is late by so much, each way; where it loses news, robots look every two minutes."""
    made = []

    def make(hear):
        inner = city.in_memory(lambda events: made[0].heard(events), 7)
        made.append(LateDesk(inner, hear, *request.param))
        return made[0]

    life = begin(7, "ordinary", start=FRIDAY, desk=make, ways=SMALL)
    made[0].floor = life.floor
    for step in range(1, 91):
        life.advance(FRIDAY + step * 2 * MINUTE)
        if request.param[1]:
            life.look()
    return life


def test_calls_are_answered_all_the_same(late):
    """No call rings for three minutes and none is open for half an hour; who hung up is called back."""
    assert len(late.state.calls) > 30
    for call in late.state.calls.values():
        if call.answered_at is not None:
            assert call.answered_at - call.received_at < 3 * MINUTE
            assert (call.ended_at or late.now) - call.answered_at < HOUR // 2
        elif call.ended_at is None:
            assert late.now - call.received_at < 3 * MINUTE


def test_incidents_are_worked_all_the_same(late):
    """Every incident of the first hour has had units and most are closed; nothing is unsound."""
    first = [i for i in late.state.incidents.values() if i.opened_at < FRIDAY + HOUR]
    assert first
    assert all(incident.assignments for incident in first)
    assert sum(incident.closed_at is not None for incident in first) > len(first) / 2
    assert list(broken(late.state)) == []
