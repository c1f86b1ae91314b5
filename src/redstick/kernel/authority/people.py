"""People and services: who is known, in which roles, and who is suspended.

A person is an opaque id here. Names, passwords and sessions are not journaled: they stand with the accounts, where they
can be corrected and forgotten. At any time somebody must be able to change roles and policy: what would leave nobody is
refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.authority.table import Table
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.kernel.authority.policy import Policy
    from redstick.kernel.authority.state import Access

ID = re.compile(r"[a-z][a-z0-9_.-]{0,63}")
PEOPLE_AT_MOST = 100_000


class Person(msgspec.Struct):
    """Someone, or a service, that asks. `emergency_until` is set while the glass is broken.

    `roles` are sorted. A service signs in nowhere: the house asks in its name. Sessions that began at
    `sessions_void_until` or before are void, also those that were kept somewhere else or in a back-up.
    """

    id: str
    roles: tuple[str, ...] = ()
    service: bool = False
    suspended: bool = False
    emergency_until: Instant | None = None
    sessions_void_until: Instant = 0


@event("access.person_enrolled", subjects=("person",))
class PersonEnrolled(Event, frozen=True):
    """Someone is known from here on; roles are granted one by one."""

    person: str
    service: bool = False


@event("access.role_granted", subjects=("person",))
class RoleGranted(Event, frozen=True):
    """The person acts in this role too."""

    person: str
    role: str


@event("access.role_revoked", subjects=("person",))
class RoleRevoked(Event, frozen=True):
    """The person acts in this role no more."""

    person: str
    role: str


@event("access.person_suspended", subjects=("person",))
class PersonSuspended(Event, frozen=True):
    """The person may do nothing and read nothing until restored; sessions until `since` and emergencies are over."""

    person: str
    reason: str
    since: Instant


@event("access.person_restored", subjects=("person",))
class PersonRestored(Event, frozen=True):
    """A suspended person may again what their roles permit; no session until `since` comes back with them."""

    person: str
    since: Instant


@command("access.enroll_person")
class EnrollPerson(Command, frozen=True):
    """Make someone known, in some roles."""

    person: str
    roles: list[str] = []
    service: bool = False


@command("access.grant_role")
class GrantRole(Command, frozen=True):
    """Let a person act in a role; nobody grants one to themself."""

    person: str
    role: str


@command("access.revoke_role")
class RevokeRole(Command, frozen=True):
    """Take a role from a person."""

    person: str
    role: str


@command("access.suspend_person")
class SuspendPerson(Command, frozen=True):
    """Stop a person from doing or reading anything, at once."""

    person: str
    reason: str


@command("access.restore_person")
class RestorePerson(Command, frozen=True):
    """Undo a suspension."""

    person: str


def decide_enroll_person(state: Access, asked: EnrollPerson, now: Instant) -> Decision:
    """Rejections: `no_policy`, `person_known`, `person_id_invalid`, `role_unknown`, `people_full`."""
    del now
    if state.policy is None:
        return Rejection("no_policy")
    if asked.person in state.people:
        return Rejection("person_known", {"person": asked.person})
    if len(state.people) >= PEOPLE_AT_MOST:
        return Rejection("people_full", {"limit": PEOPLE_AT_MOST})
    return enrolled(state.policy, asked.person, asked.roles, service=asked.service)


def enrolled(policy: Policy, person: str, roles: Iterable[str], *, service: bool = False) -> Decision:
    """The events by which a person becomes known in some roles. Rejections: `person_id_invalid`, `role_unknown`."""
    if not ID.fullmatch(person):
        return Rejection("person_id_invalid", {"person": person[:64], "expected": ID.pattern})
    wanted = sorted(set(roles))
    unknown = [role for role in wanted if not _grantable(policy, role)]
    if unknown:
        return Rejection("role_unknown", {"roles": unknown})
    return [PersonEnrolled(person, service), *(RoleGranted(person, role) for role in wanted)]


def _grantable(policy: Policy, role: str) -> bool:
    """Declared, and not the one that only a broken glass gives."""
    return role in policy.roles and role != policy.emergency_role


def apply_person_enrolled(state: Access, happened: PersonEnrolled, at: Instant) -> None:
    """Known, without a role as yet."""
    del at
    state.people[happened.person] = Person(happened.person, service=happened.service)
    state.revision += 1


def decide_grant_role(state: Access, asked: GrantRole, now: Instant) -> Decision:
    """Rejections: `no_policy`, `person_unknown`, `role_unknown`."""
    del now
    person = state.people.get(asked.person)
    if state.policy is None:
        return Rejection("no_policy")
    if person is None:
        return Rejection("person_unknown", {"person": asked.person})
    if not _grantable(state.policy, asked.role):
        return Rejection("role_unknown", {"roles": [asked.role]})
    return [] if asked.role in person.roles else [RoleGranted(asked.person, asked.role)]


def apply_role_granted(state: Access, happened: RoleGranted, at: Instant) -> None:
    """One role more."""
    del at
    person = state.people[happened.person]
    person.roles = tuple(sorted({*person.roles, happened.role}))
    state.revision += 1


def decide_revoke_role(state: Access, asked: RevokeRole, now: Instant) -> Decision:
    """Rejections: `person_unknown`, `last_administrator`."""
    del now
    person = state.people.get(asked.person)
    if person is None:
        return Rejection("person_unknown", {"person": asked.person})
    if asked.role not in person.roles:
        return []
    left = tuple(role for role in person.roles if role != asked.role)
    if not _still_administered(state, Person(person.id, left, person.service, person.suspended)):
        return Rejection("last_administrator", {"person": asked.person})
    return [RoleRevoked(asked.person, asked.role)]


def apply_role_revoked(state: Access, happened: RoleRevoked, at: Instant) -> None:
    """One role less."""
    del at
    person = state.people[happened.person]
    person.roles = tuple(role for role in person.roles if role != happened.role)
    state.revision += 1


def decide_suspend_person(state: Access, asked: SuspendPerson, now: Instant) -> Decision:
    """Rejections: `person_unknown`, `reason_missing`, `last_administrator`."""
    person = state.people.get(asked.person)
    if person is None:
        return Rejection("person_unknown", {"person": asked.person})
    if not asked.reason.strip():
        return Rejection("reason_missing")
    if person.suspended:
        return []
    if not _still_administered(state, Person(person.id, person.roles, person.service, suspended=True)):
        return Rejection("last_administrator", {"person": asked.person})
    return [PersonSuspended(asked.person, asked.reason, now)]


def apply_person_suspended(state: Access, happened: PersonSuspended, at: Instant) -> None:
    """Nothing is permitted, no emergency runs on, and no session comes back with the person."""
    del at
    person = state.people[happened.person]
    person.suspended, person.emergency_until, person.sessions_void_until = True, None, happened.since
    state.revision += 1


def decide_restore_person(state: Access, asked: RestorePerson, now: Instant) -> Decision:
    """Rejections: `person_unknown`."""
    person = state.people.get(asked.person)
    if person is None:
        return Rejection("person_unknown", {"person": asked.person})
    return [PersonRestored(asked.person, now)] if person.suspended else []


def apply_person_restored(state: Access, happened: PersonRestored, at: Instant) -> None:
    """As before the suspension, and signed in nowhere."""
    del at
    person = state.people[happened.person]
    person.suspended, person.sessions_void_until = False, happened.since
    state.revision += 1


def administrators(people: Iterable[Person], policy: Policy) -> list[str]:
    """Ids of those, services and suspended people apart, who may grant roles and adopt policies without a purpose."""
    table = Table(policy)
    return [
        person.id
        for person in people
        if not person.suspended
        and not person.service
        and table.permits(person.roles, GrantRole.command_kind)
        and table.permits(person.roles, "access.adopt_policy")
    ]


def _still_administered(state: Access, changed: Person) -> bool:
    """Whether somebody administers when one person has changed; where nobody does now, nothing is lost."""
    if state.policy is None:
        return True
    people = {**state.people, changed.id: changed}
    return bool(administrators(people.values(), state.policy)) or not administrators(
        state.people.values(), state.policy
    )
