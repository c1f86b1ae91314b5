"""Other lines than 911 on the real server: who calls a number of a queue waits there, behind 911, and is taken."""

import asyncio

import pytest
from tests.adapters.voice.caller import Caller
from tests.adapters.voice.test_announcements import written
from tests.server.api.conftest import Person, new_key
from tests.server.api.test_voice import at, events, rows, until

from redstick.adapters.voice.g711 import PCMU

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
QUEUE = {"id": "311", "line": "admin", "targets": ["311"], "offer_ms": 20_000, "target_ms": 60_000}


def comms(person, command, **fields):
    """A command of comms that must be accepted."""
    headers = {**person.headers, "idempotency-key": new_key()}
    said = person.http.post(f"/api/comms/{command}", json=fields, headers=headers)
    assert said.status_code == 200, said.text


def queue(person, name="311"):
    """The row of a queue."""
    return next(one for one in rows(person, "comms.view.queues") if one.get("queue") == name)


def test_a_call_to_a_number_of_a_queue_waits_is_taken_held_and_ended(exchange):
    """The caller hears that the line stands; an agent is offered them, takes them, hangs up; 480 for other numbers."""
    sue, dan = Person(exchange, "sue"), Person(exchange, "dan")
    comms(sue, "set-queue", queue=QUEUE)
    comms(dan, "sign-on-agent", seat="d1", queues=["311"])
    (exchange.folder / "announcements").mkdir()
    written(exchange.folder / "announcements" / "311.wav", (9_000,) * 4_000)

    async def lived():
        other = await Caller(9, "sip:312@city.example").open(at(exchange))
        other.send(other.message("INVITE", body=other.offer()))
        assert (await other.final()).code == 480
        caller = await Caller(1, "sip:311@city.example").open(at(exchange))
        assert (await caller.call()).code == 200
        heard = await caller.hear(20)
        assert PCMU.encode((9_000,) * 160) in {packet.payload for packet in heard}  # what the queue says, at once
        row = await asyncio.to_thread(until, lambda: queue(dan)["waiting"] and queue(dan))
        [waiting] = row["waiting"]
        assert waiting["offered"] == "d1"
        for command in ("take-leg", "hold-leg", "resume-leg", "dismiss-leg"):
            await asyncio.to_thread(comms, dan, command, leg=waiting["leg"], seat="d1")
        while getattr(await caller.receive(), "method", "") != "BYE":
            pass
        other.close()
        caller.close()

    asyncio.run(lived())
    ended = until(lambda: [one for one in events(exchange, "comms.leg_ended") if one["who"] == "us"][1:])
    assert [one["cause"] for one in ended] == ["ended at a seat"]
    row = queue(dan)
    assert (row["length"], row["answered"], row["abandoned"]) == (0, 1, 0)
    assert rows(dan, "dispatch.view.calls") == []  # no call of the floor


def test_who_hangs_up_in_line_is_out_of_it_and_a_911_caller_is_before_everybody(exchange):
    """Three wait since before: an agent of both queues is offered the 911 caller, and one who leaves is abandoned."""
    sue, dan = Person(exchange, "sue"), Person(exchange, "dan")
    comms(sue, "set-queue", queue=QUEUE)

    async def lived():
        callers = [await Caller(number, "sip:311@city.example").open(at(exchange)) for number in (1, 2, 3)]
        for caller in callers:
            assert (await caller.call()).code == 200
        await callers[1].bye()
        await asyncio.to_thread(until, lambda: (queue(dan)["length"], queue(dan)["abandoned"]) == (2, 1))
        helped = await Caller(4).open(at(exchange))
        assert (await helped.call()).code == 200
        await asyncio.to_thread(comms, dan, "sign-on-agent", seat="d1", queues=["311", "911"])
        row = await asyncio.to_thread(until, lambda: queue(dan, "911")["waiting"] and queue(dan, "911"))
        assert [one["offered"] for one in row["waiting"]] == ["d1"]
        assert [one["offered"] for one in queue(dan)["waiting"]] == ["", ""]
        for caller in (*callers, helped):
            caller.close()

    asyncio.run(lived())
