"""What somebody may see of their own numbers, and nobody else: messages, texts, what is set."""

import msgspec

from redstick.kernel.values import Instant
from redstick.phones.lookups import presence_of
from redstick.phones.numbering import Extension
from redstick.phones.state import Forwarding, Phones, Text, Voicemail


class MyNumber(msgspec.Struct, frozen=True):
    """One of somebody's numbers. `voicemails` are the newest first."""

    number: str
    name: str
    presence: str
    forwarding: Forwarding
    greeting: str
    voicemails: tuple[Voicemail, ...]
    texts: tuple[Text, ...]


class Mine(msgspec.Struct, frozen=True):
    """All of them, as of a moment."""

    as_of: Instant
    numbers: tuple[MyNumber, ...]


def numbers_of(state: Phones, person: str, now: Instant) -> Mine:
    """The numbers of whoever signs in as `person`; none for who has no extension."""
    users = {user.id for user in state.users.values() if person and user.person == person}
    theirs = [at for at, what in state.numbers.items() if isinstance(what, Extension) and what.user in users]
    return Mine(now, tuple(_number(state, number) for number in sorted(theirs)))


def _number(state: Phones, number: str) -> MyNumber:
    messages = [one for one in state.voicemails.values() if one.number == number]
    messages.sort(key=lambda one: (one.left_at, one.id), reverse=True)
    return MyNumber(
        number,
        state.numbers[number].name,
        presence_of(state, number),
        state.forwarding.get(number, Forwarding()),
        state.greetings.get(number, ""),
        tuple(messages),
        tuple(state.texts.get(number, ())),
    )
