"""What a box says to whoever rings it: heard, recorded by telephone, or the standard one again.

A greeting that is being recorded is a draft until whoever speaks it keeps it. It has a note of its own, so that a
server that was killed makes nothing of it, and the one before stays.
"""

import asyncio
import logging
from contextlib import suppress

import msgspec

from redstick.kernel.errors import Unavailable
from redstick.phones.lookups import sounds_named
from redstick.phones.rules.boxes import SetGreetingAtPhone
from redstick.server.phoning.boxes import Note, greeting_of
from redstick.server.phoning.opening import Box

MOST_S = 60  # of a greeting
_log = logging.getLogger(__name__)


async def mind_greeting(box: Box) -> None:
    """1 hears it, 2 records it, 3 goes back to the standard one, any other key leaves it as it is."""
    while True:
        match await box.choose("greeting_menu"):
            case "1":
                await box.line.say(await greeting_of(box.hands, box.number))
            case "2":
                await _record(box)
            case "3":
                await _set(box, "", "greeting_standard")
            case _:
                return


async def _record(box: Box) -> None:
    """A draft, anew as often as that is asked; # keeps it, and any other way out leaves the greeting as it was."""
    draft, key = "", "2"
    try:
        while key == "2":
            await _forget(box, draft)
            draft = await _draft(box)
            if not draft:
                await box.say("cannot")
                return
            key = "1"
            while key == "1":
                key = await box.line.say(await box.hands.studio.speech(draft)) or await box.choose("keep_menu")
        if key == "#":
            await _set(box, draft, "greeting_kept")
        else:
            await box.say("greeting_as_it_was")
    finally:
        await _forget(box, draft)


async def _draft(box: Box) -> str:
    """The SHA-256 of what they say, durable; "" where they say nothing, or it cannot be kept."""
    hands, leg = box.hands, box.line.leg
    sounds, note = hands.studio.sounds, Note("", box.number, "", greeting=True)
    await box.say("speak")
    try:
        await asyncio.to_thread(sounds.begin, leg, msgspec.json.encode(note))
        await box.line.say(hands.studio.beep)
        recorded = await box.line.record(MOST_S)
        said = await asyncio.to_thread(sounds.finish, leg) if recorded else None
    except (Unavailable, OSError) as error:
        _log.error("no greeting can be recorded for %s: %s", box.number, error)
        said = None
    finally:
        await asyncio.to_thread(sounds.forget, leg)
    return "" if said is None else said[0]


async def _set(box: Box, sha256: str, words: str) -> None:
    rejection = (await box.hands.ask(SetGreetingAtPhone(box.call, sha256))).rejection
    await box.say(words if rejection is None else "cannot")


async def _forget(box: Box, draft: str) -> None:
    """A draft that nobody has kept, unless it is another sound too."""
    if draft and draft not in sounds_named(box.hands.phones):
        with suppress(OSError):
            await asyncio.to_thread(box.hands.studio.sounds.drop, draft)
