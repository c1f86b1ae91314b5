"""How a policy comes into force, and how the first administrator comes to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.kernel.authority.people import Person, administrators, enrolled
from redstick.kernel.authority.policy import Policy, fault_in
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.kernel.authority.state import Access


@event("access.policy_adopted")
class PolicyAdopted(Event, frozen=True):
    """A policy decides from here on: every cell of it, and the digests of the files that it was compiled from."""

    policy: Policy


@command("access.adopt_policy")
class AdoptPolicy(Command, frozen=True):
    """Put a compiled policy into force."""

    policy: Policy


@command("access.bootstrap")
class Bootstrap(Command, frozen=True):
    """Begin: the first policy and the first administrator, in one. The only command that needs nobody's leave."""

    person: str
    roles: list[str]
    policy: Policy
    services: dict[str, list[str]] = {}


def decide_bootstrap(state: Access, asked: Bootstrap, now: Instant) -> Decision:
    """Rejections: `already_begun`, `policy_faulty`, `nobody_administers`, and those of enrolling."""
    del now
    if state.policy is not None or state.people:
        return Rejection("already_begun")
    fault = fault_in(asked.policy)
    if fault is not None:
        return Rejection("policy_faulty", {"fault": fault})
    held = tuple(sorted(set(asked.roles)))
    if not administrators([Person(asked.person, held)], asked.policy):
        return Rejection("nobody_administers", {"roles": held})
    events: list[Event] = [PolicyAdopted(asked.policy)]
    entrants = [(asked.person, asked.roles, False), *((name, asked.services[name], True) for name in asked.services)]
    for person, roles, service in entrants:
        entered = enrolled(asked.policy, person, roles, service=service)
        if isinstance(entered, Rejection):
            return entered
        events.extend(entered)
    return events


def decide_adopt_policy(state: Access, asked: AdoptPolicy, now: Instant) -> Decision:
    """Rejections: `policy_faulty`, `roles_in_use` (held and no longer declared), `nobody_administers`."""
    del now
    fault = fault_in(asked.policy)
    if fault is not None:
        return Rejection("policy_faulty", {"fault": fault})
    if asked.policy == state.policy:
        return []
    held = {role for person in state.people.values() for role in person.roles}
    in_use = sorted(held.difference(asked.policy.roles))
    if in_use:
        return Rejection("roles_in_use", {"roles": in_use})
    if not administrators(state.people.values(), asked.policy):
        return Rejection("nobody_administers", {})
    return [PolicyAdopted(asked.policy)]


def apply_policy_adopted(state: Access, happened: PolicyAdopted, at: Instant) -> None:
    """It decides from the next command on."""
    del at
    state.policy = happened.policy
    state.revision += 1
