"""What comms hears of phones' signalling, and what a registrar needs of it: users without their passwords.

These come to whoever listens to an engine, beside the events of `comms.ports`.
"""

from typing import Protocol

import msgspec


class PhoneUsers(Protocol):
    """The users whose phones may register. No password is kept anywhere: only its digest with user and realm, H(A1)."""

    @property
    def realm(self) -> str:
        """The domain of their addresses, as in sip:4001@realm; their digests are made with it."""

    def secret(self, user: str, algorithm: str) -> str | None:
        """H(A1) of a user in `SHA-256` or `MD5` (RFC 7616), hexadecimal; None for no such user, or not kept so.

        Raises Unavailable.
        """


class Registered(msgspec.Struct, frozen=True):
    """A device of a user is reached at a contact, from a source, for so many seconds; told again at each renewal."""

    user: str
    contact: str
    source: str
    seconds: int


class Unregistered(msgspec.Struct, frozen=True):
    """A device is not reached any more: it `asked` for that, its time has `expired`, or its user is `withdrawn`."""

    user: str
    contact: str
    why: str


class RegistrationRefused(msgspec.Struct, frozen=True):
    """A wrong password. `limited` where from now on this source or user must wait; what it tries then is not told."""

    user: str
    source: str
    limited: bool = False


class TransferAsked(msgspec.Struct, frozen=True):
    """The far end of a leg asks us to connect whoever it speaks with to `target`, or with whom its leg `attended` is.

    It has been accepted, not yet done: `progress_transfer` of the engine says how it goes, with 200 to 699 at the end.
    """

    leg: str
    target: str
    attended: str = ""


class Transferred(msgspec.Struct, frozen=True):
    """How a transfer that we asked of the far end of a leg goes: 200 is done, from 300 on the leg is ours as before."""

    leg: str
    code: int
    reason: str


class Subscribed(msgspec.Struct, frozen=True):
    """The phone of a user wants to be told of a resource from now on: `inform` the engine of how that is.

    `package` is that of RFC 6665: `message-summary` of its own box, `dialog` of the calls of a number.
    """

    user: str
    package: str
    resource: str


SignallingEvent = Registered | Unregistered | RegistrationRefused | TransferAsked | Transferred | Subscribed
