"""Voicemail and messages. A voicemail is a blob with its hash; only whoever has the box hears or drops it, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.lookups import extension_of
from redstick.phones.numbering import SHA256
from redstick.phones.rules.settings import not_theirs
from redstick.phones.state import Notice, NoticeKind, Phones, Text, Voicemail

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders

MOST_IN_A_BOX, LONGEST_MS = 200, 10 * 60_000
MOST_TEXTS, LONGEST_TEXT = 50, 2_000


@event("phones.voicemail_left", subjects=("message", "number"))
class VoicemailLeft(Event, frozen=True):
    """A message was recorded; its bytes are a blob of this hash."""

    message: str
    number: str
    caller: str
    length_ms: int
    sha256: str
    email: str = ""


@event("phones.voicemail_heard", subjects=("message", "number"))
class VoicemailHeard(Event, frozen=True):
    """Whoever has the box has heard it, on the seat or at a phone: each time is a fact."""

    message: str
    number: str
    person: str


@event("phones.voicemail_dropped", subjects=("message", "number"))
class VoicemailDropped(Event, frozen=True):
    """It is not kept in the box any more."""

    message: str
    number: str
    person: str
    sha256: str = ""


@event("phones.greeting_set", subjects=("number",))
class GreetingSet(Event, frozen=True):
    """What the box says: a blob of this hash instead of one `before`, or "" for the usual words."""

    number: str
    sha256: str
    before: str = ""


@event("phones.text_sent", subjects=("text_id", "sender", "to"))
class TextSent(Event, frozen=True):
    """A message from one extension to another."""

    text_id: str
    sender: str
    to: str
    text: str


@command("phones.leave_voicemail")
class LeaveVoicemail(Command, frozen=True):
    """Say that a message was recorded, after its bytes are durable."""

    message: str
    number: str
    caller: str
    length_ms: int
    sha256: str


@command("phones.hear_voicemail")
class HearVoicemail(Command, frozen=True):
    """Say that one has heard a message of one's own box."""

    message: str
    person: str


@command("phones.drop_voicemail")
class DropVoicemail(Command, frozen=True):
    """Keep a message of one's own box no longer."""

    message: str
    person: str


@command("phones.hear_at_phone")
class HearAtPhone(Command, frozen=True):
    """Say that a message was heard at a phone of its box, or in a `call` that has opened it."""

    message: str
    device: str
    call: str = ""


@command("phones.drop_at_phone")
class DropAtPhone(Command, frozen=True):
    """Say that a message was dropped at a phone of its box, or in a `call` that has opened it."""

    message: str
    device: str
    call: str = ""


@command("phones.set_greeting")
class SetGreeting(Command, frozen=True):
    """Choose what one's own box says."""

    person: str
    number: str
    sha256: str


@command("phones.send_text")
class SendText(Command, frozen=True):
    """Send a message from an extension of one's own."""

    text_id: str
    person: str
    sender: str
    to: str
    text: str


def decide_leave_voicemail(state: Phones, asked: LeaveVoicemail, now: Instant) -> Decision:
    """Rejections: `message_known`, `no_box`, `box_full`, `hash_malformed`, `length_invalid`."""
    del now
    if asked.message in state.voicemails or not asked.message.strip():
        return Rejection("message_known", {"message": asked.message})
    extension = extension_of(state, asked.number)
    if extension is None or not extension.voicemail:
        return Rejection("no_box", {"number": asked.number})
    if sum(one.number == asked.number for one in state.voicemails.values()) >= MOST_IN_A_BOX:
        return Rejection("box_full", {"at_most": MOST_IN_A_BOX})
    if not SHA256.fullmatch(asked.sha256):
        return Rejection("hash_malformed", {"expected": SHA256.pattern})
    if not 0 < asked.length_ms <= LONGEST_MS:
        return Rejection("length_invalid", {"at_most_ms": LONGEST_MS})
    user = state.users.get(extension.user)
    email = user.email if user is not None else ""
    return [VoicemailLeft(asked.message, asked.number, asked.caller, asked.length_ms, asked.sha256, email)]


def apply_voicemail_left(state: Phones, happened: VoicemailLeft, at: Instant) -> None:
    """It waits in its box; a mail is owed that says from whom, and nothing of what was said."""
    state.voicemails[happened.message] = Voicemail(
        happened.message, happened.number, happened.caller, at, happened.length_ms, happened.sha256
    )
    if happened.email:
        seconds = -(-happened.length_ms // 1000)
        text = f"Voicemail from {happened.caller or 'an unknown number'} in the box of {happened.number}, {seconds} s"
        state.notices[happened.message] = Notice(
            happened.message, NoticeKind.VOICEMAIL, happened.message, (happened.email,), text, at
        )


def decide_hear_voicemail(state: Phones, asked: HearVoicemail, now: Instant) -> Decision:
    """Rejections: `message_unknown`, `not_your_number`."""
    del now
    refused = _not_their_message(state, asked.message, asked.person)
    if refused is not None:
        return refused
    return [VoicemailHeard(asked.message, state.voicemails[asked.message].number, asked.person)]


def apply_voicemail_heard(state: Phones, happened: VoicemailHeard, at: Instant) -> None:
    """The box waits for one less, the first time."""
    message = state.voicemails[happened.message]
    if message.heard_at is None:
        state.voicemails[message.id] = msgspec.structs.replace(message, heard_at=at)


def decide_drop_voicemail(state: Phones, asked: DropVoicemail, now: Instant) -> Decision:
    """Rejections: `message_unknown`, `not_your_number`."""
    del now
    refused = _not_their_message(state, asked.message, asked.person)
    return refused or [_dropped(state, asked.message, asked.person)]


def apply_voicemail_dropped(state: Phones, happened: VoicemailDropped, at: Instant) -> None:
    """It is not there; nobody is told of it any more."""
    del at
    del state.voicemails[happened.message]
    state.notices.pop(happened.message, None)


def decide_hear_at_phone(state: Phones, asked: HearAtPhone, now: Instant) -> Decision:
    """Rejections: `message_unknown`, `not_its_phone`."""
    del now
    refused = _not_its_phone(state, asked.message, asked.device, asked.call)
    if refused is not None:
        return refused
    return [VoicemailHeard(asked.message, state.voicemails[asked.message].number, _by(state, asked.device, asked.call))]


def decide_drop_at_phone(state: Phones, asked: DropAtPhone, now: Instant) -> Decision:
    """Rejections: `message_unknown`, `not_its_phone`."""
    del now
    refused = _not_its_phone(state, asked.message, asked.device, asked.call)
    return refused or [_dropped(state, asked.message, _by(state, asked.device, asked.call))]


def decide_set_greeting(state: Phones, asked: SetGreeting, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `not_your_number`, `hash_malformed`."""
    del now
    refused = not_theirs(state, asked.number, asked.person)
    if refused is not None:
        return refused
    if asked.sha256 and not SHA256.fullmatch(asked.sha256):
        return Rejection("hash_malformed", {"expected": SHA256.pattern})
    before = state.greetings.get(asked.number, "")
    return [] if before == asked.sha256 else [GreetingSet(asked.number, asked.sha256, before)]


def apply_greeting_set(state: Phones, happened: GreetingSet, at: Instant) -> None:
    """The next caller hears it."""
    del at
    state.greetings[happened.number] = happened.sha256


def decide_send_text(state: Phones, asked: SendText, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `not_your_number`, `text_invalid` (empty or too long)."""
    del now
    refused = not_theirs(state, asked.sender, asked.person)
    if refused is not None:
        return refused
    if extension_of(state, asked.to) is None:
        return Rejection("number_unknown", {"number": asked.to})
    if not asked.text.strip() or len(asked.text) > LONGEST_TEXT:
        return Rejection("text_invalid", {"at_most": LONGEST_TEXT})
    return [TextSent(asked.text_id, asked.sender, asked.to, asked.text)]


def apply_text_sent(state: Phones, happened: TextSent, at: Instant) -> None:
    """The last ones are held live, the rest is in the journal."""
    kept = state.texts.get(happened.to, [])
    text = Text(happened.text_id, happened.sender, happened.to, happened.text, at)
    state.texts[happened.to] = [*kept, text][-MOST_TEXTS:]


def _dropped(state: Phones, name: str, by: str) -> VoicemailDropped:
    message = state.voicemails[name]
    return VoicemailDropped(name, message.number, by, message.sha256)


def _not_their_message(state: Phones, message: str, person: str) -> Rejection | None:
    found = state.voicemails.get(message)
    if found is None:
        return Rejection("message_unknown", {"message": message})
    return not_theirs(state, found.number, person)


def _not_its_phone(state: Phones, message: str, device: str, name: str) -> Rejection | None:
    found, phone, call = state.voicemails.get(message), state.devices.get(device), state.calls.get(name)
    if found is None:
        return Rejection("message_unknown", {"message": message})
    own = phone is not None and phone.number == found.number
    opened = call is not None and call.box == found.number
    return None if own or opened else Rejection("not_its_phone", {"device": device})


def _by(state: Phones, device: str, name: str) -> str:
    """The phone, or from outside the number that called."""
    call = state.calls.get(name)
    return f"phone {device}" if device or call is None else f"caller {call.caller}"


DECIDERS: Deciders = {
    LeaveVoicemail: decide_leave_voicemail,
    HearVoicemail: decide_hear_voicemail,
    DropVoicemail: decide_drop_voicemail,
    HearAtPhone: decide_hear_at_phone,
    DropAtPhone: decide_drop_at_phone,
    SetGreeting: decide_set_greeting,
    SendText: decide_send_text,
}
APPLIERS: Appliers = {
    VoicemailLeft: apply_voicemail_left,
    VoicemailHeard: apply_voicemail_heard,
    VoicemailDropped: apply_voicemail_dropped,
    GreetingSet: apply_greeting_set,
    TextSent: apply_text_sent,
}
