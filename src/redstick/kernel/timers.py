"""Timers: when this much time has passed, then ask that. Part of the fold, so that each fires once, ever.

A domain says in a pure rule what an event starts or stops. Time is `recorded_at`, which never falls, and never `at`: a
card entered an hour late starts its timers now. A timer that is due is decided under an id made of its key and of the
position of the line that started it, and any line with that cause, a rejection too, is what ends it; so neither a
restart nor a takeover can fire it twice.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import msgspec

from redstick.kernel.values import Command, Event, Instant

PREFIX = "timer:"


class Start(msgspec.Struct, frozen=True):
    """Ask `command` at `due_at`; a timer of the same key is set anew."""

    key: str
    due_at: Instant
    command: Command


class Stop(msgspec.Struct, frozen=True):
    """Ask nothing after all; a key that is not running is no error."""

    key: str


TimerRule = Callable[[Any, Instant], Iterable[Start | Stop]]
TimerRules = Mapping[type[Event], TimerRule]


def joined(*every: TimerRules) -> TimerRules:
    """The rules of several subjects as one table; where an event concerns more than one, all of them, in that order."""
    kinds = dict.fromkeys(kind for rules in every for kind in rules)
    return {kind: _in_turn([rules[kind] for rules in every if kind in rules]) for kind in kinds}


def _in_turn(rules: list[TimerRule]) -> TimerRule:
    return rules[0] if len(rules) == 1 else lambda event, now: chain.from_iterable(rule(event, now) for rule in rules)


class Running(msgspec.Struct, frozen=True):
    """A timer that runs, and the position of the line that started it."""

    key: str
    due_at: Instant
    position: int
    command: Command

    @property
    def id(self) -> str:
        """The id under which its command is decided."""
        return f"{PREFIX}{self.key}:{self.position}"


class Timers:
    """The timers that run, by key."""

    def __init__(self, running: Iterable[Running] = ()) -> None:
        self._running = {timer.key: timer for timer in running}
        self._due = [(timer.due_at, timer.key) for timer in self._running.values()]  # entries outlive their timers
        heapq.heapify(self._due)

    def change(self, wanted: Iterable[Start | Stop], position: int) -> None:
        """Start and stop, in order, what the line at `position` says."""
        for one in wanted:
            if isinstance(one, Stop):
                self._running.pop(one.key, None)
            else:
                self._running[one.key] = Running(one.key, one.due_at, position, one.command)
                heapq.heappush(self._due, (one.due_at, one.key))

    def end(self, cause: str) -> None:
        """A line with this cause is in the journal: the timer that it names has fired."""
        key = cause.removeprefix(PREFIX).rpartition(":")[0]
        running = self._running.get(key)
        if running is not None and running.id == cause:
            del self._running[key]

    def next(self, held: Callable[[Running], bool] = lambda _: False) -> Running | None:
        """The timer that is due first, of those due together the one of the smallest key; `held` ones are passed over.

        Timers are held while their domain is suspended, which is rare; only then is every one of them looked at.
        """
        while self._due:
            due_at, key = self._due[0]
            running = self._running.get(key)
            if running is None or running.due_at != due_at:
                heapq.heappop(self._due)
            elif held(running):
                return min((one for one in self.all() if not held(one)), key=lambda one: one.due_at, default=None)
            else:
                return running
        return None

    def all(self) -> Iterator[Running]:
        """Every timer that runs, by key."""
        return (self._running[key] for key in sorted(self._running))
