"""Voicemail on the line: a message is left after the greeting, and heard by whoever calls from a phone of its box.

A message is a fact once its sound is durable, never before. What a server that was killed had recorded is made a
message when it is up again.
"""

import asyncio
import logging

import msgspec

from redstick.kernel.errors import Unavailable
from redstick.phones.rules.messages import MOST_IN_A_BOX, DropAtPhone, HearAtPhone, LeaveVoicemail
from redstick.phones.state import Phones, Voicemail
from redstick.server.phoning.hands import Hands
from redstick.server.phoning.serving import Line

MOST_S = 180  # of a message
PAUSE_S = 3  # for a key, behind each message
AGAIN, DROP, LEAVE = "1", "7", "*"
_log = logging.getLogger(__name__)


class Note(msgspec.Struct, frozen=True):
    """For whom a leg is recorded."""

    message: str
    number: str
    caller: str


def has_room(state: Phones, number: str) -> bool:
    """Whether a box takes one more."""
    return sum(one.number == number for one in state.voicemails.values()) < MOST_IN_A_BOX


async def take_message(hands: Hands, line: Line, number: str, caller: str) -> None:
    """The greeting, a tone, then what they say until they hang up, press #, or three minutes."""
    studio = hands.studio
    await line.say(await studio.speech(hands.phones.greetings.get(number, "")))
    note = Note(hands.name("message"), number, caller)
    try:
        await asyncio.to_thread(studio.sounds.begin, line.leg, msgspec.json.encode(note))
    except Unavailable as unavailable:
        _log.error("no message can be left for %s: %s", number, unavailable)
        await line.say(studio.refused)
        return
    kept = False
    try:
        await line.say(studio.beep)
        kept = await line.record(MOST_S)
    finally:
        kept = await keep_message(hands, line.leg, note) and kept
    await line.say(studio.beep if kept else studio.refused)


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
    """What a server that is gone had recorded and not made a message of."""
    for leg, note in await asyncio.to_thread(hands.studio.sounds.begun):
        try:
            known = msgspec.json.decode(note, type=Note)
        except msgspec.MsgspecError:
            continue
        await keep_message(hands, leg, known)


async def play_box(hands: Hands, line: Line, number: str, device: str) -> None:
    """Every message after a tone, new ones first: 1 again, 7 drops it, * ends, any other key goes on."""
    studio = hands.studio
    for message in messages_of(hands.phones, number):
        speech = await studio.speech(message.sha256)
        while True:
            key = await line.say(studio.beep) or await line.say(speech or studio.refused)
            if speech is not None:
                await hands.ask(HearAtPhone(message.id, device))
            key = key or await line.key(PAUSE_S)
            if key != AGAIN:
                break
        if key == DROP:
            await hands.ask(DropAtPhone(message.id, device))
        if key == LEAVE:
            return
    for _ in range(2):
        await line.say(studio.beep)


def messages_of(state: Phones, number: str) -> list[Voicemail]:
    """Of a box: those that nobody has heard, then the others, the newest first of each."""
    found = [one for one in state.voicemails.values() if one.number == number]
    return sorted(found, key=lambda one: (one.heard_at is not None, -one.left_at, one.id))
