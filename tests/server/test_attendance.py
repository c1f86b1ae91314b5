"""Who is at a seat, by their streams, on the real driver: its clock stands still unless it is moved."""

import asyncio
import time
from contextlib import ExitStack

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.reads.pending import PendingView
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.seats import SignOn
from redstick.dispatch.timers.covering import GRACE_MS
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.server.attendance import Attendance

NOON = 1_700_000_000_000


class Floor:
    """A live dispatch with attendance beside it; a fire is pending with the one group there is."""

    def __init__(self, journal):
        self.now, self.count, self.heard = NOON, 0, asyncio.Event()
        self.driver = AsyncDriver(
            "test", Executor([live]), lambda: journal, lambda: self.now, lambda: time.monotonic_ns() // 1_000_000
        )
        self.attendance = Attendance(lambda: self.driver.executor.committed, self.ask)

    async def __aenter__(self):
        await self.driver.start()
        self.attendance.start()
        self.driver.listen(self.attendance.note)
        self.driver.listen(lambda _: self.heard.set())
        return self

    async def __aexit__(self, *_):
        await self.attendance.close()
        await self.driver.close()

    async def ask(self, command):
        """As the house."""
        self.count += 1
        return await self.driver.ask(Request(f"c{self.now}:{self.count}:{id(self)}", command, "house"))

    async def open(self):
        """Dan signs on at F1, where he has a stream unless the test says otherwise; a fire is pending."""
        for command in (DefineGroup("fire", ["fire"]), SignOn("F1", "dan", ["fire"])):
            assert (await self.ask(command)).accepted
        assert (await self.ask(OpenIncident("i", group="fire"))).accepted

    @property
    def state(self):
        """The committed fold."""
        return self.driver.executor.committed["dispatch"]

    def lost(self):
        """Whether the seat counts as lost; None when it is signed off."""
        seat = self.state.seats.get("F1")
        return None if seat is None else seat.lost_at is not None

    async def until(self, fact):
        """Wait for the event that makes it so."""
        while not fact():
            self.heard.clear()
            await asyncio.wait_for(self.heard.wait(), 30)

    def watched(self):
        """What the pending view says of the fire, and whether the alarm stands."""
        view, states = PendingView(), self.driver.executor.committed
        [key] = view.keys(states)
        return view.row(states, key, "floor")["watched"], self.state.groups["fire"].alarm is not None


def run(story, journal=None):
    """A story on a floor."""

    async def told():
        async with Floor(journal or MemoryJournal()) as floor:
            return await story(floor)

    return asyncio.run(told())


def test_a_seat_whose_stream_ends_is_lost_and_signed_off_after_its_grace():
    """Then the pending fire is seen by nobody, and the coverage alarm stands."""

    async def story(floor):
        with floor.attendance.stream("dan", "F1"):
            await floor.open()
            assert floor.lost() is False
        await floor.until(floor.lost)
        assert floor.watched() == (True, False)
        floor.now += GRACE_MS
        await floor.until(lambda: floor.lost() is None and floor.watched() == (False, True))

    run(story)


def test_a_stream_that_returns_within_the_grace_finds_the_seat():
    """As if it had never been away: a console was restarted."""

    async def story(floor):
        with floor.attendance.stream("dan", "F1"):
            await floor.open()
        await floor.until(floor.lost)
        with floor.attendance.stream("dan", "F1"):
            await floor.until(lambda: floor.lost() is False)
            floor.now += 10 * GRACE_MS
            await floor.ask(OpenIncident("later", group="fire"))
            assert floor.lost() is False

    run(story)


def test_the_last_of_several_streams_counts():
    """A second window that is closed loses nobody; a stream that names no seat attends every seat of its person."""

    async def story(floor):
        with ExitStack() as first:
            first.enter_context(floor.attendance.stream("dan"))
            with floor.attendance.stream("dan", "F1"):
                await floor.open()
            await floor.ask(OpenIncident("j", group="fire"))
            assert floor.lost() is False
        await floor.until(floor.lost)

    run(story)


def test_another_persons_stream_attends_nothing():
    """Nor does one of the same person at another seat: who signs on without a stream has the grace to open it."""

    async def story(floor):
        with floor.attendance.stream("sue", "F1"), floor.attendance.stream("dan", "F2"):
            await floor.open()
            await floor.until(floor.lost)
            with floor.attendance.stream("dan", "F1"):
                await floor.until(lambda: floor.lost() is False)

    run(story)


def test_a_server_that_comes_up_counts_every_seat_as_lost_until_its_stream_is_back():
    """Nobody stays on the floor by having been there when the server ended."""
    journal = MemoryJournal()

    async def before(floor):
        with floor.attendance.stream("dan", "F1"):
            await floor.open()
            await floor.attendance.close()
        assert floor.lost() is False

    async def after(floor):
        await floor.until(floor.lost)
        with floor.attendance.stream("dan", "F1"):
            await floor.until(lambda: floor.lost() is False)

    run(before, journal)
    again = MemoryJournal()
    again.append(list(journal.read()), again.head(), journal.head())
    run(after, again)
