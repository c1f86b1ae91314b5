"""What is written down about reading and signing in: no state, but lines that an auditor counts.

Refused commands are journaled by the executor as rejections. Reads pass no executor, so who serves them has these
records journaled: a refusal, and every read that had to give a purpose or was possible in an emergency alone. None
holds a secret, nor what somebody typed into the field for a name: that is now and then a password.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.kernel.authority.state import Access

TEXT_AT_MOST = 200


@event("access.read_allowed", subjects=("person",))
class ReadAllowed(Event, frozen=True):
    """Someone was shown a view for this purpose; with `emergency`, only because the glass was broken."""

    person: str
    view: str
    audience: str
    purpose: str
    emergency: bool = False


@event("access.read_refused", subjects=("person",))
class ReadRefused(Event, frozen=True):
    """Someone was not shown a view, `times` over; `code` is that of the rejection."""

    person: str
    view: str
    audience: str
    purpose: str
    code: str
    times: int = 1


@event("access.signed_in", subjects=("person",))
class SignedIn(Event, frozen=True):
    """A session began, from this network address."""

    person: str
    address: str


@event("access.signed_out", subjects=("person",))
class SignedOut(Event, frozen=True):
    """A session was ended by its person."""

    person: str
    address: str


@event("access.sign_in_failed", subjects=("person",))
class SignInFailed(Event, frozen=True):
    """Signing in was refused, `times` over; `person` is "" where no account has the name that was given."""

    person: str
    address: str
    code: str
    times: int = 1


@command("access.record_read_allowed")
class RecordReadAllowed(Command, frozen=True):
    """Write down a read before it is served."""

    record: ReadAllowed


@command("access.record_read_refused")
class RecordReadRefused(Command, frozen=True):
    """Write down refused reads."""

    record: ReadRefused


@command("access.record_sign_in")
class RecordSignIn(Command, frozen=True):
    """Write down that a session begins, before its token is given out."""

    record: SignedIn


@command("access.record_sign_out")
class RecordSignOut(Command, frozen=True):
    """Write down that a session has ended."""

    record: SignedOut


@command("access.record_sign_in_failed")
class RecordSignInFailed(Command, frozen=True):
    """Write down refused attempts to sign in."""

    record: SignInFailed


Recording = RecordReadAllowed | RecordReadRefused | RecordSignIn | RecordSignOut | RecordSignInFailed


def decide_record(state: Access, asked: Recording, now: Instant) -> Decision:
    """Rejections: `text_too_long`."""
    del state, now
    texts = [value for value in msgspec.structs.astuple(asked.record) if isinstance(value, str)]
    if max(map(len, texts)) > TEXT_AT_MOST:
        return Rejection("text_too_long", {"at_most": TEXT_AT_MOST})
    return [asked.record]


def decide_record_sign_in(state: Access, asked: RecordSignIn, now: Instant) -> Decision:
    """Rejections: `person_unknown` (so that nobody who is suspended meanwhile comes in), `text_too_long`."""
    person = state.people.get(asked.record.person)
    if person is None or person.suspended or person.service:
        return Rejection("person_unknown", {"person": asked.record.person})
    return decide_record(state, asked, now)


def apply_nothing(state: Access, happened: Event, at: Instant) -> None:
    """A record changes nothing."""
    del state, happened, at
