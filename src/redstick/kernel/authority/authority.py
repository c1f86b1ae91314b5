"""Authority: what every command and every read passes.

It is computed from the access state alone: no clock, no file, no memory beside the table of the policy in force. Before
a command it stands on the executor's *decided* state, so that a suspension holds for the very next command; before a
read it stands on the *committed* state, like everything that is seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redstick.kernel.authority.adoption import Bootstrap
from redstick.kernel.authority.emergencies import BreakGlass
from redstick.kernel.authority.people import GrantRole, Person
from redstick.kernel.authority.policy import NO_AUDIENCE, NO_PURPOSE, Policy
from redstick.kernel.authority.records import TEXT_AT_MOST, ReadAllowed, ReadRefused
from redstick.kernel.authority.state import Access
from redstick.kernel.authority.table import Table
from redstick.kernel.values import Command, Rejection, Request

DOMAIN = "access"
ABOUT_ONESELF = frozenset({BreakGlass, GrantRole})


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to a read. `record` must be durable before anything is shown; None where law asks for no record.

    The answer holds until the access state's `revision` is no longer this one.
    """

    rejection: Rejection | None
    audience: str
    revision: int
    record: ReadAllowed | ReadRefused | None

    @property
    def permitted(self) -> bool:
        """Whether the view may be shown to its audience."""
        return self.rejection is None


class Authority:
    """Decides by the finite table. Use one for the decided state and another for the committed state.

    Rejections: `not_permitted` (with why: no_policy, unknown, suspended, for_oneself_only, not_for_oneself, no_cell),
    `purpose_needed` (with the purposes under which it is permitted), `purpose_unknown`, `reference_needed`.
    """

    def __init__(self) -> None:
        self._policy: Policy | None = None
        self._table: Table | None = None

    def __call__(self, states: Mapping[str, Any], request: Request) -> Rejection | None:
        """The executor's guard: asked before a command is decided."""
        return self.refusal(states[DOMAIN], request)

    def refusal(self, access: Access, request: Request) -> Rejection | None:
        """Why a command is not even decided; None when its actor may ask it."""
        command = request.command
        kind = command.command_kind
        table = self._table if access.policy is self._policy else self._learn(access.policy)
        if table is None:
            return None if isinstance(command, Bootstrap) else _not_permitted(kind, "no_policy")
        person = access.people.get(request.actor)
        if person is None or person.suspended:
            return _not_permitted(kind, "unknown" if person is None else "suspended")
        if type(command) in ABOUT_ONESELF:
            because = _about_oneself(command, request.actor)
            if because is not None:
                return _not_permitted(kind, because)
        roles = person.roles if person.emergency_until is None else self._roles(person)
        if request.purpose is None and table.permits(roles, kind):  # nearly every command of a working day
            return None
        return _refusal(table, roles, kind, NO_AUDIENCE, request.purpose)

    def may_read(self, access: Access, actor: str, view: str, audience: str, purpose: str | None = None) -> Reading:
        """Whether `actor` may be shown `view` as rendered for `audience`, for this purpose."""
        rejection, emergency = self._judge_read(access, actor, view, audience, purpose)
        person, shown, seen_by, said = (text[:TEXT_AT_MOST] for text in (actor, view, audience, purpose or ""))
        record: ReadAllowed | ReadRefused | None = None
        if rejection is not None:
            record = ReadRefused(person, shown, seen_by, said, rejection.code)
        elif said or emergency:
            record = ReadAllowed(person, shown, seen_by, said, emergency)
        return Reading(rejection, audience, access.revision, record)

    def widest_audience(self, access: Access, actor: str, view: str, purpose: str | None = None) -> str | None:
        """The audience that shows most of what `actor` may be shown of `view`; None when that is nothing."""
        table = self._table if access.policy is self._policy else self._learn(access.policy)
        for audience in () if table is None else table.audiences:
            if self._judge_read(access, actor, view, audience, purpose)[0] is None:
                return audience
        return None

    def _judge_read(
        self, access: Access, actor: str, view: str, audience: str, purpose: str | None
    ) -> tuple[Rejection | None, bool]:
        """The refusal, if any; and whether the emergency alone made the read possible."""
        table = self._table if access.policy is self._policy else self._learn(access.policy)
        person = access.people.get(actor)
        if table is None:
            return _not_permitted(view, "no_policy"), False
        if person is None or person.suspended:
            return _not_permitted(view, "unknown" if person is None else "suspended"), False
        if audience not in table.audiences:
            return _not_permitted(view, "no_cell"), False
        rejection = _refusal(table, self._roles(person), view, audience, purpose)
        if rejection is not None or person.emergency_until is None:
            return rejection, False
        return None, _refusal(table, person.roles, view, audience, purpose) is not None

    def _roles(self, person: Person) -> tuple[str, ...]:
        if person.emergency_until is None or self._policy is None or not self._policy.emergency_role:
            return person.roles
        return (*person.roles, self._policy.emergency_role)

    def _learn(self, policy: Policy | None) -> Table | None:
        self._policy = policy
        self._table = None if policy is None else Table(policy)
        return self._table


def _about_oneself(command: Command, actor: str) -> str | None:
    """Why a person may not ask this about this person; None when they may."""
    if isinstance(command, BreakGlass) and command.person != actor:
        return "for_oneself_only"
    if isinstance(command, GrantRole) and command.person == actor:
        return "not_for_oneself"
    return None


def _refusal(table: Table, roles: tuple[str, ...], action: str, audience: str, purpose: str | None) -> Rejection | None:
    """What the cells say of an action under a purpose as it was given: a code, or a code, a colon and a reference."""
    if purpose is None:
        if table.permits(roles, action, audience):
            return None
        possible = table.purposes_that_permit(roles, action, audience)
        if possible:
            return Rejection("purpose_needed", {"action": action, "purposes": possible})
        return _not_permitted(action, "no_cell")
    code, _, reference = purpose.partition(":")
    declared = table.purposes.get(code)
    if declared is None or code == NO_PURPOSE or len(purpose) > TEXT_AT_MOST:
        return Rejection("purpose_unknown", {"purpose": code[:TEXT_AT_MOST]})
    if declared.reference and not reference.strip():
        return Rejection("reference_needed", {"purpose": code})
    return None if table.permits(roles, action, audience, code) else _not_permitted(action, "no_cell")


def _not_permitted(action: str, because: str) -> Rejection:
    return Rejection("not_permitted", {"action": action, "because": because})
