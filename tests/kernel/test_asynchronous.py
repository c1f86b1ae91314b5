"""The driver of a server: a real journal, a real event loop, many who ask at once."""

import asyncio
import time

import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.memory import MemoryJournal
from redstick.adapters.segments import SegmentJournal
from redstick.kernel.asynchronous import AsyncDriver
from redstick.kernel.envelope import opened
from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.executor import Executor
from redstick.kernel.snapshots import read_snapshot, written_snapshot
from redstick.kernel.values import Request
from redstick.simulation.world import proving
from redstick.simulation.world.proving import OpenBox, Put, SetAlarm

pytestmark = pytest.mark.sockets  # an event loop has a socket pair of its own


def driver_on(open_journal, snapshot=None):
    """A driver of the proving ground on the real clocks."""
    executor = Executor([proving.domain])
    if snapshot is not None:
        executor.restore(snapshot)
    return AsyncDriver(
        "a", executor, open_journal, lambda: time.time_ns() // 1_000_000, lambda: time.monotonic_ns() // 1_000_000
    )


def on_disk(folder):
    """How a segment journal in a folder is opened."""
    return lambda: SegmentJournal(PosixDisk(folder))


def test_many_who_ask_at_once_each_get_their_own_durable_outcome(tmp_path):
    """Two hundred at once: one outcome each, in few writes, all of them there after a restart."""

    async def live():
        driver = driver_on(on_disk(tmp_path))
        await driver.start()
        batches = []
        driver.listen(lambda facts: batches.append(len(facts)))
        await driver.ask(Request("open", OpenBox("x"), "t"))
        outcomes = await asyncio.gather(*(driver.ask(Request(f"r{i}", Put("x", 1), "t")) for i in range(200)))
        await driver.close()
        return outcomes, batches

    outcomes, batches = asyncio.run(live())
    assert [outcome.request for outcome in outcomes] == [f"r{i}" for i in range(200)]
    assert outcomes[-1].events[0].total == 200
    assert len(batches) < 100
    journal = SegmentJournal(PosixDisk(tmp_path))
    stored = [opened(line).cause for line in journal.read() if opened(line).kind == "proving.amount_put"]
    journal.close()
    assert stored == [f"r{i}" for i in range(200)]


def test_the_same_id_asked_twice_at_once_is_decided_once(tmp_path):
    """Both who asked get the outcome."""

    async def live():
        driver = driver_on(on_disk(tmp_path))
        await driver.start()
        await driver.ask(Request("open", OpenBox("x"), "t"))
        outcomes = await asyncio.gather(*(driver.ask(Request("r", Put("x", 1), "t")) for _ in range(5)))
        total = driver.executor.committed["proving"].boxes["x"].amount
        await driver.close()
        return outcomes, total

    outcomes, total = asyncio.run(live())
    assert total == 1
    assert all(outcome == outcomes[0] for outcome in outcomes)


def test_a_restart_begins_from_a_snapshot_and_the_lines_behind_it(tmp_path):
    """Epochs count on, the fold is the same, a timer set before fires behind it."""

    async def first():
        driver = driver_on(on_disk(tmp_path))
        await driver.start()
        await driver.ask(Request("open", OpenBox("x"), "t"))
        kept = written_snapshot(driver.executor.snapshot())
        await driver.ask(Request("alarm", SetAlarm("x", 1), "t"))
        await driver.close()
        return kept

    async def second(kept):
        driver = driver_on(on_disk(tmp_path), read_snapshot(kept))
        rang = asyncio.Event()
        driver.listen(
            lambda facts: rang.set() if any(fact.envelope.cause.startswith("timer:") for fact in facts) else None
        )
        await driver.start()
        await rang.wait()
        await driver.close()
        return driver.node.epoch

    assert asyncio.run(second(asyncio.run(first()))) == 2


class Failing(MemoryJournal):
    """A journal that fails one append, having written it or not."""

    def __init__(self, *, writes):
        super().__init__()
        self.writes, self.fails = writes, 0

    def append(self, lines, after, head):
        """Fail when told to."""
        if self.fails:
            self.fails -= 1
            if self.writes:
                super().append(lines, after, head)
            raise Unavailable("no answer")
        super().append(lines, after, head)

    def close(self):
        """Stay as it is: it is opened again."""


@pytest.mark.parametrize("writes", [True, False])
def test_who_asked_during_a_failed_append_is_told_when_it_is_settled(writes):
    """The journal is reopened under a new epoch; nobody hears of the failure, nothing is lost or doubled."""

    async def live():
        journal = Failing(writes=writes)
        driver = driver_on(lambda: journal)
        await driver.start()
        await driver.ask(Request("open", OpenBox("x"), "t"))
        journal.fails = 1
        outcomes = await asyncio.gather(*(driver.ask(Request(f"r{i}", Put("x", 1), "t")) for i in range(20)))
        total = driver.executor.committed["proving"].boxes["x"].amount
        await driver.close()
        return [outcome.accepted for outcome in outcomes], total, driver.node.epoch

    accepted, total, epoch = asyncio.run(live())
    assert accepted == [True] * 20
    assert (total, epoch) == (20, 2)


class Syncing(MemoryJournal):
    """A journal whose system syncs beside the loop, and is as slow, or fails, as told."""

    def __init__(self):
        super().__init__()
        self.under_way, self.begun, self.asked_meanwhile = None, asyncio.Event(), []

    def begin(self, lines, after, head, told):
        """Wait for `end`."""
        assert self.under_way is None
        self.under_way = (lines, after, head, told)
        self.begun.set()
        return True

    def end(self, raised=None, *, writes=True):
        """The system has synced, or says that it could not."""
        (lines, after, head, told), self.under_way = self.under_way, None
        self.begun.clear()
        if writes:
            super().append(lines, after, head)
        told(raised)

    def append(self, lines, after, head):
        """In the thread."""
        self._alone("append")
        super().append(lines, after, head)

    def go_on_after(self, broken):
        """Damage, which a memory has not: nothing to go on with."""
        self._alone("go on")
        return super().go_on_after(broken)

    def close(self):
        """Stay as it is: it is opened again."""
        self._alone("close")

    def _alone(self, what):
        if self.under_way is not None:
            self.asked_meanwhile.append(what)


def with_syncing(live):
    """Run `live(driver, journal, asked)` on a driver that leads and has a box; `asked` begins one more request."""

    async def run():
        journal = Syncing()
        driver = driver_on(lambda: journal)
        starting = asyncio.create_task(driver.start())
        while not starting.done():
            if journal.under_way is not None:
                journal.end()
            await asyncio.sleep(0.001)
        opening = asyncio.create_task(driver.ask(Request("open", OpenBox("x"), "t")))
        await ended(journal, opening)

        def asked(name):
            return asyncio.create_task(driver.ask(Request(name, Put("x", 1), "t")))

        async with asyncio.timeout(60):
            await live(driver, journal, asked)
            closing = asyncio.create_task(driver.close())
            await asyncio.sleep(0.05)
            assert journal.under_way is None or not closing.done()
            await ended(journal, closing)
        assert journal.asked_meanwhile == []
        return driver

    return asyncio.run(run())


async def ended(journal, task):
    """End every sync until the task is done; gives what it gave."""
    while not task.done():
        if journal.under_way is not None:
            journal.end()
        await asyncio.sleep(0.001)
    return await task


def test_nothing_is_told_or_seen_while_the_system_syncs_it():
    """Neither the outcome nor the state, however long it takes; both when it is done."""

    async def live(driver, journal, asked):
        asking = asked("r")
        await journal.begun.wait()
        await asyncio.sleep(0.1)
        assert not asking.done()
        assert driver.executor.committed["proving"].boxes["x"].amount == 0
        journal.end()
        assert (await asking).accepted
        assert driver.executor.committed["proving"].boxes["x"].amount == 1

    with_syncing(live)


@pytest.mark.parametrize("writes", [True, False])
def test_a_sync_that_failed_is_settled_by_reopening(writes):
    """As an append of the thread: told once, there once, under a new epoch."""

    async def live(driver, journal, asked):
        asking = [asked(f"r{i}") for i in range(5)]
        await journal.begun.wait()
        journal.end(Unavailable("an append was not confirmed: EIO"), writes=writes)
        outcomes = [await ended(journal, one) for one in asking]
        assert all(outcome.accepted for outcome in outcomes)
        assert driver.executor.committed["proving"].boxes["x"].amount == 5

    assert with_syncing(live).node.epoch == 2


def test_what_changes_the_journal_waits_for_the_sync_under_way():
    """Going on behind damage, and closing: neither runs beside a sync, and no sync begins beside them."""

    async def live(driver, journal, asked):
        asking = asked("r")
        await journal.begun.wait()
        going_on = asyncio.create_task(driver._alone(lambda: driver._opened().go_on_after(Corruption("a bit"))))
        await asyncio.sleep(0.05)
        assert not going_on.done()
        later = asked("s")
        journal.end()
        with pytest.raises(Corruption):
            await going_on
        assert (await ended(journal, asking)).accepted
        assert (await ended(journal, later)).accepted
        last.append(asked("t"))
        await journal.begun.wait()

    last = []
    with_syncing(live)
    assert last[0].result().accepted


def test_a_listener_that_raises_keeps_no_outcome_from_who_asked(tmp_path):
    """Each outcome of its batch is told, others hear the facts, and the loop is told of the fault each time."""

    async def live():
        driver, heard, faults = driver_on(on_disk(tmp_path)), [], []
        asyncio.get_running_loop().set_exception_handler(lambda _, told: faults.append(told["exception"]))
        await driver.start()

        def raises(facts):
            raise OSError(f"a folder is gone after {len(facts)}")

        driver.listen(raises)
        driver.listen(heard.extend)
        async with asyncio.timeout(20):
            outcomes = await asyncio.gather(
                driver.ask(Request("open", OpenBox("x"), "t")),
                *(driver.ask(Request(f"r{i}", Put("x", 1), "t")) for i in range(20)),
            )
            outcomes.append(await driver.ask(Request("again", Put("x", 1), "t")))
        await driver.close()
        return outcomes, heard, faults

    outcomes, heard, faults = asyncio.run(live())
    assert all(outcome.accepted for outcome in outcomes)
    assert [fact.envelope.kind for fact in heard].count("proving.amount_put") == 21
    assert faults
    assert {type(fault) for fault in faults} == {OSError}


def test_a_journal_that_cannot_be_opened_is_said_at_once():
    """Starting raises what opening raised."""

    def fails():
        raise Corruption("segment-1: byte 7: not as it was written")

    async def live():
        await driver_on(fails).start()

    with pytest.raises(Corruption, match="byte 7"):
        asyncio.run(live())


def test_damage_that_the_scrubber_finds_is_gone_on_behind(tmp_path):
    """A bit turns in a closed segment while the server runs: an alarm in the journal, and nobody is refused."""

    async def live():
        driver = driver_on(lambda: SegmentJournal(PosixDisk(tmp_path), segment_bytes=2_000, allocate_bytes=1_000))
        await driver.start()
        told = asyncio.Event()
        driver.listen(
            lambda facts: told.set() if any(f.envelope.kind == "kernel.chain_broken" for f in facts) else None
        )
        await driver.ask(Request("open", OpenBox("x"), "t"))
        for i in range(40):
            await driver.ask(Request(f"r{i}", Put("x", 1), "t"))
        # What is being sealed is read no more, and a bit that turns in it goes with it.
        while len([*tmp_path.glob("segment-*.log"), *tmp_path.glob("*.making")]) > 1:  # noqa: ASYNC110  (files tell nobody)
            await asyncio.sleep(0.02)
        turn_a_bit(min(tmp_path.glob("segment-*.sealed")))
        count = 0
        while not told.is_set():
            assert (await driver.ask(Request(f"s{count}", Put("x", 1), "t"))).accepted
            count += 1
            await asyncio.sleep(0.02)
        again = await driver.ask(Request("r0", Put("x", 1), "t"))
        total = driver.executor.committed["proving"].boxes["x"].amount
        await driver.close()
        return total - count, again

    total, again = asyncio.run(live())
    assert total == 40
    assert again.accepted


def turn_a_bit(path):
    """One bit in the middle of what is written in a file."""
    data = bytearray(path.read_bytes())
    data[len(bytes(data).rstrip(b"\0")) // 2] ^= 8
    path.write_bytes(data)
