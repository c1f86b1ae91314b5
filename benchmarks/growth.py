"""What grows with what: ten times the history, ten times the open calls, ten times the seats."""

import time
from collections.abc import Iterator

from benchmarks.figure import Figure
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.reads.seats import FLOOR, PUBLIC, IncidentsView
from redstick.dispatch.rules.calls import AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.timers.retiring import RETIRE_AFTER_MS
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Command, Request
from redstick.server.audiences import Audiences

NOON, CALL_EVERY_MS = 1_700_000_000_000, 72_000  # 1,200 calls a day
PROBES = 4_000


class Shift:
    """A live dispatch on a journal in memory, where time passes with each call."""

    def __init__(self) -> None:
        self.driver = SynchronousDriver(Executor([live]), MemoryJournal())
        self.now, self.count = NOON, 0

    def ask(self, command: Command) -> None:
        """One command, durable."""
        self.count += 1
        self.driver.run([Request(f"r{self.count}", command, "bench")], self.now)

    def history(self, calls: int) -> None:
        """So many calls from ring to close, each retired when its while is over."""
        for _ in range(calls):
            self.now += CALL_EVERY_MS
            call, incident = f"c{self.count}", f"i{self.count}"
            self.ask(ReceiveCall(call, "911"))
            self.ask(AnswerCall(call, "seat"))
            self.ask(OpenIncident(incident, call=call))
            self.ask(EndCall(call))
            self.ask(CloseIncident(incident, "transported"))
        self.now += RETIRE_AFTER_MS
        self.driver.drain(self.now)

    def open(self, incidents: int) -> None:
        """So many incidents that stay open."""
        for number in range(incidents):
            self.ask(OpenIncident(f"open{number}"))

    def cpu_us(self, incidents: int) -> float:
        """CPU of one note on one of the open incidents, in microseconds: the best of five rounds."""
        rounds = []
        for _ in range(5):
            began = time.process_time()
            for number in range(PROBES // 5):
                self.ask(AddNote(f"open{number % incidents}", "a note"))
            rounds.append((time.process_time() - began) / (PROBES // 5) * 1e6)
        return min(rounds)


def _with(history: int, incidents: int) -> float:
    shift = Shift()
    shift.history(history)
    shift.open(incidents)
    return shift.cpu_us(incidents)


def _tick_us(seats: int) -> float:
    """CPU of one act's frame for so many seats: drawn once an audience, cut for each seat."""
    shift = Shift()
    shift.open(100)
    executor = shift.driver.executor
    boards = Audiences(IncidentsView(), (FLOOR, PUBLIC), executor.committed, executor.durable.position, NOON)
    shift.driver.listen(lambda facts: boards.note(executor.committed, facts))
    open_seats = [boards.boards[FLOOR].subscribe_quietly(lambda: None) for _ in range(seats)]
    spent = 0.0
    for number in range(300):
        shift.ask(AddNote(f"open{number % 100}", "a note"))
        began = time.process_time()
        boards.publish(executor.committed, executor.durable.position, NOON)
        for seat in open_seats:
            seat.cut()
        spent += time.process_time() - began
    return spent / 300 * 1e6


def measure() -> Iterator[Figure]:
    """Ratios of the larger to the smaller; history must cost next to nothing."""
    base = _with(2_000, 100)
    yield Figure("growth_10x_history", _with(20_000, 100) / base, "x CPU a command", 1.5, "x", PROBES)
    yield Figure("growth_10x_open_calls", _with(2_000, 1_000) / base, "x CPU a command", 10, "x, in proportion", PROBES)
    yield Figure("growth_10x_seats", _tick_us(2_000) / _tick_us(200), "x CPU a frame", 10, "x, in proportion", 300)


if __name__ == "__main__":
    for figure in measure():
        print(figure.as_json())
