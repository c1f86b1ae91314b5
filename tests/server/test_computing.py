"""A process that computes beside the server answers, ends and is started again; whoever asks is never left waiting."""

import asyncio
import os
import signal
import time
from pathlib import Path

import pytest

from redstick.server.computing import (
    BUSY,
    CLOSED,
    ENDED,
    FAILED,
    HELLO,
    STARTING,
    TOO_SLOW,
    WAITING_AT_MOST,
    ComputingProcess,
    NotComputed,
    answer_questions,
)


def double(question):
    """Twice the question; `fail`, `end` and `sleep` do what they say, the last behind a file that says so."""
    if question == b"fail":
        raise ValueError("not this one")
    if question == b"end":
        os._exit(3)
    if question.startswith(b"sleep"):
        Path(question[6:].decode() or os.devnull).touch()
        time.sleep(60)
    return question * 2


def doubling(server):
    """A process that doubles what it is asked."""
    server.send_bytes(HELLO + b"facts")
    answer_questions(server, double)


def counting(server):
    """A process that answers how many questions it had; `until PATH` waits for a file."""
    had = []

    def answer(question):
        had.append(question)
        while question.startswith(b"until ") and not Path(question[6:].decode()).exists():
            Path(question[6:].decode() + " is waited for").touch()
            time.sleep(0.01)
        return str(len(had)).encode()

    answer_questions(server, answer)


def broken(server):
    """A process that cannot come up."""
    server.send_bytes(FAILED + b"no such city")


@pytest.fixture
def begun(monkeypatch):
    """Begin processes that end with the test; they find this file by the path that they inherit."""
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2]))
    running = []

    def begin(compute=doubling, **more):
        running.append(ComputingProcess("test", compute, **more))
        return running[-1]

    yield begin
    for process in running:
        process.close()


def until(look):
    """What `look` gives as soon as it gives something."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError("it did not come to pass")


def up(process):
    """Wait until it answers."""
    until(lambda: process.standing.why == "")


def ask(process, *questions):
    """The answers to questions that are asked at once, or why there is none."""

    async def all_of_them():
        return await asyncio.gather(*(process.ask(one) for one in questions), return_exceptions=True)

    return [one.why if isinstance(one, NotComputed) else one for one in asyncio.run(all_of_them())]


def test_each_question_gets_its_own_answer(begun):
    """Asked at once, answered one by one; what the process knows by itself is there too."""
    process = begun()
    up(process)
    questions = [str(i).encode() for i in range(100)]
    assert ask(process, *questions) == [one * 2 for one in questions]
    assert process.hello == b"facts"
    assert process.standing.starts == 1


def test_while_it_starts_nobody_waits_unless_that_was_wanted(begun):
    """Told at once that it starts; or answered as soon as it can."""
    assert ask(begun(), b"x") == [STARTING]
    assert ask(begun(waits=True), b"x") == [b"xx"]


def test_one_question_that_fails_is_said_to_have_failed(begun):
    """With its error; the next one is answered by the same process."""
    process = begun()
    up(process)
    assert ask(process, b"fail", b"x") == ["ValueError: not this one", b"xx"]
    assert process.standing.starts == 1


def test_one_that_ends_beneath_a_question_is_started_again(begun):
    """Whoever asked is told, and so is whoever asks meanwhile; then it answers again."""
    process = begun()
    up(process)
    assert ask(process, b"end", b"x") == [ENDED, ENDED]
    up(process)
    assert ask(process, b"x") == [b"xx"]
    assert process.standing.starts == 2


def test_one_that_is_killed_while_nobody_asks_is_started_again(begun):
    """It is missed before it is asked."""
    process = begun()
    up(process)
    os.kill(process.standing.pid, signal.SIGKILL)
    until(lambda: process.standing.starts == 2)
    up(process)
    assert ask(process, b"x") == [b"xx"]


def test_one_that_takes_too_long_is_ended(begun):
    """The question is given up, and the process with it."""
    process = begun(patience_s=2.0)  # enough for whoever answers at once, on a slow machine too
    up(process)
    before = process.standing.pid
    assert ask(process, b"sleep") == [TOO_SLOW]
    up(process)
    assert process.standing.pid != before
    assert ask(process, b"x") == [b"xx"]


def test_one_that_cannot_come_up_says_why_and_is_tried_again(begun):
    """In its own words, as often as it is tried."""
    process = begun(broken)
    until(lambda: process.standing.starts >= 2)
    assert ask(process, b"x") == ["no such city"]


def test_no_more_wait_than_it_can_answer_soon(begun):
    """Whoever comes when so many wait is told at once; the others are answered."""
    process = begun()
    up(process)
    told = ask(process, *[b"x"] * (WAITING_AT_MOST + 1000))
    assert set(told) == {b"xx", BUSY}
    assert told.count(b"xx") >= WAITING_AT_MOST


def test_what_is_closed_answers_nobody_and_leaves_no_process(begun):
    """Whoever waits is told too."""
    process = begun()
    up(process)
    pid = process.standing.pid
    process.close()
    assert ask(process, b"x") == [CLOSED]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_what_nobody_waits_for_any_more_is_not_computed(begun, tmp_path):
    """Questions whose askers have gone are passed over; whoever stays is next."""
    process, gate = begun(counting, waits=True), tmp_path / "gate"

    async def live():
        first = asyncio.create_task(process.ask(f"until {gate}".encode()))
        await asyncio.sleep(0)
        gone = [asyncio.create_task(process.ask(b"x")) for _ in range(5)]
        await asyncio.sleep(0)
        for one in gone:
            one.cancel()
        gate.touch()
        return await first, await process.ask(b"x")

    assert asyncio.run(live()) == (b"1", b"2")


def given_up(process, question, begun_with, then=lambda: None):
    """A question is under way, its asker goes, and another comes: what that one is told."""

    async def live():
        asked = asyncio.create_task(process.ask(question))
        await asyncio.to_thread(until, begun_with.exists)
        asked.cancel()
        then()
        return await process.ask(b"x")

    return asyncio.run(live())


def test_what_is_under_way_when_its_asker_goes_is_stopped(begun, tmp_path):
    """Its process is ended in the midst of it; the next one is answered by a new one, and waits for no patience."""
    process, begins = begun(waits=True, gives_up=True, patience_s=3600.0), tmp_path / "begins"
    up(process)
    before = process.standing.pid
    assert given_up(process, f"sleep {begins}".encode(), begins) == b"xx"
    assert (process.standing.pid != before, process.standing.starts) == (True, 2)


def test_one_that_remembers_goes_on_for_whoever_comes_next(begun, tmp_path):
    """What it has learnt is worth more than the end of one question."""
    process, gate = begun(counting, waits=True), tmp_path / "gate"
    up(process)
    told = given_up(process, f"until {gate}".encode(), tmp_path / "gate is waited for", gate.touch)
    assert (told, process.standing.starts) == (b"2", 1)


def test_one_that_is_closed_while_it_computes_waits_for_no_answer(begun, tmp_path):
    """Whoever asked is told, and no process is left."""
    process, begins = begun(patience_s=3600.0), tmp_path / "begins"
    up(process)
    pid = process.standing.pid

    async def live():
        asked = asyncio.create_task(process.ask(f"sleep {begins}".encode()))
        await asyncio.to_thread(until, begins.exists)
        await asyncio.to_thread(process.close)
        return await asyncio.gather(asked, return_exceptions=True)

    assert [one.why for one in asyncio.run(live())] == [CLOSED]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
