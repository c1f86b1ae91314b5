"""Voicemail on the line: a message is left after the greeting.

A message is a fact once its sound is durable, never before. What a server that was killed had recorded is made a
message when it is up again.
"""

import asyncio
import logging

import msgspec

from redstick.comms.ports import Speech
from redstick.kernel.errors import Unavailable
from redstick.phones.rules.messages import MOST_IN_A_BOX, LeaveVoicemail
from redstick.phones.state import Phones, Voicemail
from redstick.server.phoning.hands import Hands
from redstick.server.phoning.serving import Line

MOST_S = 180  # of a message
OPENS = "*"  # the key which, while the greeting is said, leads into the box by its PIN
_log = logging.getLogger(__name__)


class Note(msgspec.Struct, frozen=True):
    """For whom a leg is recorded; a `greeting` is none before whoever speaks it has kept it."""

    message: str
    number: str
    caller: str
    greeting: bool = False


def has_room(state: Phones, number: str) -> bool:
    """Whether a box takes one more."""
    return sum(one.number == number for one in state.voicemails.values()) < MOST_IN_A_BOX


async def greeting_of(hands: Hands, number: str) -> Speech | None:
    """What a box says: its own, or where it has none, or that cannot be read, the standard one."""
    own = await hands.studio.speech(hands.phones.greetings.get(number, ""))
    return own or await hands.studio.words("greeting")


async def take_message(hands: Hands, line: Line, number: str, caller: str) -> bool:
    """The greeting, a tone, then what they say until they hang up, press #, or three minutes.

    Whether they want into the box instead.
    """
    studio = hands.studio
    if await line.say(await greeting_of(hands, number)) == OPENS:
        return True
    note = Note(hands.name("message"), number, caller)
    try:
        await asyncio.to_thread(studio.sounds.begin, line.leg, msgspec.json.encode(note))
    except Unavailable as unavailable:
        _log.error("no message can be left for %s: %s", number, unavailable)
        await line.say(studio.refused)
        return False
    kept = False
    try:
        await line.say(studio.beep)
        kept = await line.record(MOST_S)
    finally:
        kept = await keep_message(hands, line.leg, note) and kept
    await line.say(studio.beep if kept else studio.refused)
    return False


async def keep_message(hands: Hands, leg: str, note: Note) -> bool:
    """What a leg said becomes a message, unless it said nothing; whether all is well. Else its packets stay."""
    sounds = hands.studio.sounds
    try:
        said = await asyncio.to_thread(sounds.finish, leg)
        if said is not None:
            left = LeaveVoicemail(note.message, note.number, note.caller, said[1], said[0])
            rejection = (await hands.ask(left)).rejection
            if rejection is not None and rejection.code not in ("message_known", "no_box", "box_full"):
                return False
        await asyncio.to_thread(sounds.forget, leg)
    except (Unavailable, OSError) as error:
        _log.error("what was said to %s is not kept yet: %s", note.number, error)
        return False
    return said is not None


async def keep_left_behind(hands: Hands) -> None:
    """What a server that is gone had recorded and not made a message of; a greeting that nobody had kept is none."""
    for leg, note in await asyncio.to_thread(hands.studio.sounds.begun):
        try:
            known = msgspec.json.decode(note, type=Note)
        except msgspec.MsgspecError:
            continue
        if known.greeting:
            await asyncio.to_thread(hands.studio.sounds.forget, leg)
        else:
            await keep_message(hands, leg, known)


def messages_of(state: Phones, number: str) -> list[Voicemail]:
    """Of a box: those that nobody has heard, then the others, the newest first of each."""
    found = [one for one in state.voicemails.values() if one.number == number]
    return sorted(found, key=lambda one: (one.heard_at is not None, -one.left_at, one.id))
