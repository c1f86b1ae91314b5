"""Three desk phones on a real server, and what happens on their lines."""

import asyncio
from contextlib import asynccontextmanager

from tests.adapters.voice.baresip import Phone
from tests.adapters.voice.caller import PATIENCE_S
from tests.server.api.handset import Handset
from tests.server.api.test_voice import at, events, until

from redstick.protocols.sip.referring import read_sipfrag

NUMBERS = ("2101", "2102", "2103")
ELIN = "+12255550190"


def desk(number, ring_s=PATIENCE_S):
    """An extension without a box; it rings until a test answers, or for a second where one waits for the end of it."""
    return {"type": "extension", "name": f"Desk {number}", "site": "hall", "ring_s": ring_s, "voicemail": False}


@asynccontextmanager
async def handsets(server, keys, *numbers):
    """Phones of these numbers, each registered, and known as reachable."""
    opened = [Handset(at(server), keys[number]) for number in numbers]
    try:
        for phone in opened:
            await (await phone.open()).register()
        await facts(server, "phones.device_reported", len(numbers))
        yield opened
    finally:
        for phone in opened:
            phone.close()


@asynccontextmanager
async def two_softphones(server, keys, folder):
    """Two real ones (baresip), 2101 and 2102, the first in a call to the second."""
    opened = []
    try:
        for number in ("2101", "2102"):
            made = keys[number]
            phone = Phone(folder / number, number, made["password"], made["realm"], at(server))
            opened.append(await phone.open())
            await phone.let_in()
        opened[0].do("dial", f"sip:2102@{keys['2102']['realm']}")
        await opened[0].until("CALL_ESTABLISHED")
        yield opened
    finally:
        for phone in opened:
            await phone.end()


async def facts(server, kind, count=1):
    """The facts of a kind, once there are so many."""

    def enough():
        found = events(server, kind)
        return found if len(found) >= count else None

    return await asyncio.to_thread(until, enough)


async def speaking(caller, callee, dialled):
    """A call that was answered: the INVITE of who dialled with its answer, and the INVITE that rang."""
    calling = asyncio.create_task(caller.call(dialled))
    rung = await callee.next("INVITE")
    await callee.answer(rung)
    return *(await calling), rung


def outside_line(ada, *addresses, emergency=()):
    """Trunks at these addresses, and a plan that dials out by them in order behind a 9; `emergency`: those of 911."""
    trunks = [f"t{count}" for count, _ in enumerate(addresses, start=1)]
    for trunk, address in zip(trunks, addresses, strict=True):
        ada.do("keep-trunk", trunk={"id": trunk, "carrier": "Carrier", "capacity": 4, "address": address})
    rules = [
        {"name": "911", "pattern": "911", "action": "emergency"},
        {"name": "911 by habit", "pattern": "9911", "action": "emergency"},
        {"name": "local", "pattern": "9NXXXXXX", "action": "outside", "trunks": trunks, "strip": 1, "prepend": "+1225"},
    ]
    plan = {"rules": rules, "prefix": "9", "main_number": "+12255550100", "emergency": list(emergency)}
    ada.do("propose-plan", plan=plan)
    ada.do("adopt-plan", version="1")


async def told(phone):
    """The next word on how a transfer goes."""
    notify = await phone.hear(lambda one: one.first("CSeq").endswith("NOTIFY") and one.first("Event") == "refer")
    phone.say(notify, 200, "OK")
    return read_sipfrag(notify.body)[0]
