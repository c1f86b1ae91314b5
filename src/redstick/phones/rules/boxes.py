"""Boxes: their PIN, who opens one at which phone, and what is done there in a call that has opened it.

No event holds digits or a hash of them. A box opens at a phone of its own, unless its PIN is always asked; elsewhere by
the PIN, as far as it is not closed for too many wrong ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.lookups import extension_of
from redstick.phones.numbering import SHA256
from redstick.phones.pins import is_closed
from redstick.phones.rules.messages import GreetingSet
from redstick.phones.rules.settings import not_theirs
from redstick.phones.state import BoxPin, Notice, NoticeKind, PhoneCall, Phones

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders


@event("phones.pin_set", subjects=("number",))
class PinSet(Event, frozen=True):
    """A box has a new PIN, whose hash is kept under the id `pin`; by whom."""

    number: str
    pin: str
    by: str


@event("phones.pin_asked", subjects=("number",))
class PinAsked(Event, frozen=True):
    """Whether the PIN is asked at the box's own phones too."""

    number: str
    always: bool


@event("phones.pin_refused", subjects=("number", "call"))
class PinRefused(Event, frozen=True):
    """Somebody pressed a wrong PIN; `closed` where no PIN opens the box from now on. `email` is told then."""

    number: str
    call: str
    caller: str
    device: str = ""
    closed: bool = False
    email: str = ""


@event("phones.box_opened", subjects=("number", "call"))
class BoxOpened(Event, frozen=True):
    """A call is in a box: from one of its phones, or `by_pin`."""

    number: str
    call: str
    caller: str
    device: str = ""
    by_pin: bool = False


@command("phones.set_my_pin")
class SetMyPin(Command, frozen=True):
    """Say that the PIN of one's own box is what is kept under an id. The interface keeps it, and makes the id."""

    person: str
    number: str
    pin: str


@command("phones.ask_my_pin")
class AskMyPin(Command, frozen=True):
    """Choose whether the PIN is asked at one's own phones too."""

    person: str
    number: str
    always: bool


@command("phones.open_box")
class OpenBox(Command, frozen=True):
    """Say that a call opens a box: by one of its phones, or `by_pin`, which was right."""

    number: str
    call: str
    by_pin: bool = False


@command("phones.refuse_pin")
class RefusePin(Command, frozen=True):
    """Say that in a call a wrong PIN was pressed."""

    number: str
    call: str


@command("phones.set_pin_at_phone")
class SetPinAtPhone(Command, frozen=True):
    """Say that in a call that has opened a box its PIN was set."""

    call: str
    pin: str


@command("phones.set_greeting_at_phone")
class SetGreetingAtPhone(Command, frozen=True):
    """Say that in a call that has opened a box its greeting was recorded, after its bytes are durable; "" for none."""

    call: str
    sha256: str


def decide_set_my_pin(state: Phones, asked: SetMyPin, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `not_your_number`, `no_box`, `pin_unnamed`."""
    del now
    refused = not_theirs(state, asked.number, asked.person)
    return refused or _pin_set(state, asked.number, asked.pin, asked.person)


def decide_set_pin_at_phone(state: Phones, asked: SetPinAtPhone, now: Instant) -> Decision:
    """Rejections: `box_not_open`, `no_box`, `pin_unnamed`."""
    del now
    call = opened(state, asked.call)
    return call if isinstance(call, Rejection) else _pin_set(state, call.box, asked.pin, by_of(call))


def apply_pin_set(state: Phones, happened: PinSet, at: Instant) -> None:
    """No wrong one is counted any more; whether it is always asked stays."""
    before = state.pins.get(happened.number)
    always = before is not None and before.always
    state.pins[happened.number] = BoxPin(happened.pin, at, always)


def decide_ask_my_pin(state: Phones, asked: AskMyPin, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `not_your_number`, `no_pin`."""
    del now
    refused = not_theirs(state, asked.number, asked.person)
    if refused is not None:
        return refused
    pin = state.pins.get(asked.number)
    if pin is None:
        return Rejection("no_pin", {"number": asked.number})
    return [] if pin.always is asked.always else [PinAsked(asked.number, asked.always)]


def apply_pin_asked(state: Phones, happened: PinAsked, at: Instant) -> None:
    """From the next call on."""
    del at
    pin = state.pins[happened.number]
    state.pins[happened.number] = msgspec.structs.replace(pin, always=happened.always)


def decide_open_box(state: Phones, asked: OpenBox, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `no_box`, `not_its_phone`, `pin_needed`, `no_pin`, `pin_closed`."""
    call, extension = state.calls.get(asked.call), extension_of(state, asked.number)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if extension is None or not extension.voicemail:
        return Rejection("no_box", {"number": asked.number})
    refused = _pin_does_not_open if asked.by_pin else _phone_does_not_open
    rejection = refused(state, asked.number, call, now)
    return rejection or [BoxOpened(asked.number, call.id, call.caller, call.device, asked.by_pin)]


def apply_box_opened(state: Phones, happened: BoxOpened, at: Instant) -> None:
    """As long as the call goes on; a right PIN makes up for wrong ones."""
    del at
    state.calls[happened.call] = msgspec.structs.replace(state.calls[happened.call], box=happened.number)
    pin = state.pins.get(happened.number)
    if happened.by_pin and pin is not None:
        state.pins[happened.number] = msgspec.structs.replace(pin, wrong=0, wrong_at=0)


def decide_refuse_pin(state: Phones, asked: RefusePin, now: Instant) -> Decision:
    """Rejections: `call_unknown`, `no_pin`, `pin_closed`: what is closed counts no more of them."""
    call, pin = state.calls.get(asked.call), state.pins.get(asked.number)
    if call is None:
        return Rejection("call_unknown", {"call": asked.call})
    if pin is None:
        return Rejection("no_pin", {"number": asked.number})
    if is_closed(pin, now):
        return Rejection("pin_closed", {"wrong": pin.wrong})
    closed = is_closed(_once_more(pin, now), now)
    email = _email_of(state, asked.number) if closed else ""
    return [PinRefused(asked.number, call.id, call.caller, call.device, closed, email)]


def apply_pin_refused(state: Phones, happened: PinRefused, at: Instant) -> None:
    """It is counted; whoever has the box is told by a letter once it is closed."""
    pin = _once_more(state.pins[happened.number], at)
    state.pins[happened.number] = pin
    if happened.email:
        text = f"{pin.wrong} wrong PINs for the box of {happened.number}, the last from {happened.caller or 'unknown'}"
        notice = f"{happened.call}:pin:{pin.wrong}"
        state.notices[notice] = Notice(notice, NoticeKind.BOX, happened.number, (happened.email,), text, at)


def decide_set_greeting_at_phone(state: Phones, asked: SetGreetingAtPhone, now: Instant) -> Decision:
    """Rejections: `box_not_open`, `hash_malformed`."""
    del now
    call = opened(state, asked.call)
    if isinstance(call, Rejection):
        return call
    if asked.sha256 and not SHA256.fullmatch(asked.sha256):
        return Rejection("hash_malformed", {"expected": SHA256.pattern})
    before = state.greetings.get(call.box, "")
    return [] if before == asked.sha256 else [GreetingSet(call.box, asked.sha256, before)]


def opened(state: Phones, call: str) -> PhoneCall | Rejection:
    """A call that has opened a box. Rejections: `box_not_open`."""
    found = state.calls.get(call)
    return found if found is not None and found.box else Rejection("box_not_open", {"call": call})


def by_of(call: PhoneCall) -> str:
    """Who does something in a box by phone: the phone, or from outside the number that called."""
    return f"phone {call.device}" if call.device else f"caller {call.caller}"


def _pin_set(state: Phones, number: str, pin: str, by: str) -> Decision:
    extension = extension_of(state, number)
    if extension is None or not extension.voicemail:
        return Rejection("no_box", {"number": number})
    return [PinSet(number, pin, by)] if pin.strip() else Rejection("pin_unnamed")


def _phone_does_not_open(state: Phones, number: str, call: PhoneCall, now: Instant) -> Rejection | None:
    del now
    phone, pin = state.devices.get(call.device), state.pins.get(number)
    if phone is None or phone.number != number:
        return Rejection("not_its_phone", {"device": call.device})
    return Rejection("pin_needed", {"number": number}) if pin is not None and pin.always else None


def _pin_does_not_open(state: Phones, number: str, call: PhoneCall, now: Instant) -> Rejection | None:
    del call
    pin = state.pins.get(number)
    if pin is None:
        return Rejection("no_pin", {"number": number})
    return Rejection("pin_closed", {"wrong": pin.wrong}) if is_closed(pin, now) else None


def _once_more(pin: BoxPin, at: Instant) -> BoxPin:
    return msgspec.structs.replace(pin, wrong=pin.wrong + 1, wrong_at=at)


def _email_of(state: Phones, number: str) -> str:
    extension = extension_of(state, number)
    user = state.users.get(extension.user) if extension is not None else None
    return user.email if user is not None else ""


DECIDERS: Deciders = {
    SetMyPin: decide_set_my_pin,
    AskMyPin: decide_ask_my_pin,
    OpenBox: decide_open_box,
    RefusePin: decide_refuse_pin,
    SetPinAtPhone: decide_set_pin_at_phone,
    SetGreetingAtPhone: decide_set_greeting_at_phone,
}
APPLIERS: Appliers = {
    PinSet: apply_pin_set,
    PinAsked: apply_pin_asked,
    PinRefused: apply_pin_refused,
    BoxOpened: apply_box_opened,
}
