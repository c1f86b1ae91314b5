"""Sessions: how long one lasts, and how the journal ends them.

A session itself is a secret and stands with the accounts. That it is void is journaled: no cache, no second node and no
restored back-up brings back a session whose person was suspended or signed out everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.kernel.authority.people import Person
    from redstick.kernel.authority.state import Access

MINUTE_MS = 60_000


class Session(msgspec.Struct):
    """Someone is signed in. `key` is the SHA-256 of the token that only its holder has; times in ms since the epoch."""

    key: bytes
    person: str
    address: str
    began_at: Instant
    seen_at: Instant


class SessionLimits(msgspec.Struct, frozen=True):
    """How long a session lasts unused, how long at most, and how many one person may have.

    Half an hour unused is what the CJIS Security Policy gives an unattended device (AC-11, known from excerpts); 14
    hours cover a shift of twelve with the overlap at both ends.
    """

    idle_ms: int = 30 * MINUTE_MS
    lasting_ms: int = 14 * 60 * MINUTE_MS
    per_person: int = 8

    def over(self, session: Session, now: Instant) -> bool:
        """Whether its time is over."""
        return now - session.seen_at >= self.idle_ms or now - session.began_at >= self.lasting_ms


def holds(people: Mapping[str, Person], session: Session) -> bool:
    """Whether the journal lets a session stand: its person is known, not suspended, and did not end it."""
    person = people.get(session.person)
    return (
        person is not None
        and not person.suspended
        and not person.service
        and session.began_at > person.sessions_void_until
    )


@event("access.sessions_ended", subjects=("person",))
class SessionsEnded(Event, frozen=True):
    """Every session of the person that began at `until` or before is void."""

    person: str
    until: Instant


@command("access.end_sessions")
class EndSessions(Command, frozen=True):
    """Sign a person out everywhere: after a new password, or when a device is lost."""

    person: str


def decide_end_sessions(state: Access, asked: EndSessions, now: Instant) -> Decision:
    """Rejections: `person_unknown`."""
    if asked.person not in state.people:
        return Rejection("person_unknown", {"person": asked.person})
    return [SessionsEnded(asked.person, now)]


def apply_sessions_ended(state: Access, happened: SessionsEnded, at: Instant) -> None:
    """None of those until now holds."""
    del at
    state.people[happened.person].sessions_void_until = happened.until
    state.revision += 1
