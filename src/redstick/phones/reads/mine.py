"""What somebody may see of their own numbers, and nobody else: messages, texts, what is set."""

import msgspec

from redstick.kernel.values import Instant
from redstick.phones.lookups import presence_of
from redstick.phones.numbering import Extension
from redstick.phones.pins import is_closed
from redstick.phones.routing.calling_back import dial_back
from redstick.phones.state import Forwarding, Phones, Text, Voicemail


class MyPin(msgspec.Struct, frozen=True):
    """The PIN of a box, without its digits: `wrong` ones came since it was last right, `closed` by them for now."""

    set_at: Instant
    always: bool
    wrong: int
    closed: bool


class MyNumber(msgspec.Struct, frozen=True):
    """One of somebody's numbers. `voicemails` are the newest first; `dial` is what reaches who left each, by its id."""

    number: str
    name: str
    presence: str
    forwarding: Forwarding
    greeting: str
    pin: MyPin | None
    voicemails: tuple[Voicemail, ...]
    dial: dict[str, str]
    texts: tuple[Text, ...]


class Mine(msgspec.Struct, frozen=True):
    """All of them, as of a moment."""

    as_of: Instant
    numbers: tuple[MyNumber, ...]


def numbers_of(state: Phones, person: str, now: Instant) -> Mine:
    """The numbers of whoever signs in as `person`; none for who has no extension."""
    users = {user.id for user in state.users.values() if person and user.person == person}
    theirs = [at for at, what in state.numbers.items() if isinstance(what, Extension) and what.user in users]
    return Mine(now, tuple(_number(state, number, now) for number in sorted(theirs)))


def _number(state: Phones, number: str, now: Instant) -> MyNumber:
    messages = [one for one in state.voicemails.values() if one.number == number]
    messages.sort(key=lambda one: (one.left_at, one.id), reverse=True)
    pin = state.pins.get(number)
    return MyNumber(
        number,
        state.numbers[number].name,
        presence_of(state, number),
        state.forwarding.get(number, Forwarding()),
        state.greetings.get(number, ""),
        None if pin is None else MyPin(pin.set_at, pin.always, pin.wrong, is_closed(pin, now)),
        tuple(messages),
        {one.id: dial_back(state, number, one.caller, now) for one in messages},
        tuple(state.texts.get(number, ())),
    )
