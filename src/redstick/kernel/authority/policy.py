"""A policy as the journal holds it: finite, explicit, and complete in itself.

Policies are written in Cedar, in files that a council can read. They are compiled outside, at each change, to what
stands here: for every role, action, audience and purpose a cell that permits, forbids or says nothing. The compiled
cells are journaled with the digests of the files: a replay decides the same without Cedar and without the files.
"""

from collections.abc import Iterator

import msgspec

NO_PURPOSE = "none"  # the purpose of whoever gives none
NO_AUDIENCE = ""  # commands are asked, not shown: they have no audience
CELLS_AT_MOST = 50_000


class Purpose(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why someone asks. With `reference`, the case, incident or request must be named: `open_case:2026-000117`."""

    code: str
    reference: bool = False


class PolicyText(msgspec.Struct, frozen=True):
    """A file that the policy was compiled from: its name, and the SHA-256 of its bytes in hexadecimal."""

    name: str
    sha256: str


class Cells(msgspec.Struct, frozen=True, omit_defaults=True):
    """The cells of one role, one action and one audience, under each of these purposes."""

    role: str
    action: str
    purposes: list[str]
    audience: str = NO_AUDIENCE


class Policy(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who may do what, read what, and why. What no cell permits is refused.

    `audiences` stand with the one that shows most first. `emergency_role` is what breaking the glass gives, for
    `emergency_ms`; "" where there is no such access. A cell that forbids wins over every cell that permits, also over
    those of the other roles of the same person.
    """

    texts: list[PolicyText]
    roles: list[str]
    audiences: list[str]
    purposes: list[Purpose]
    permits: list[Cells]
    forbids: list[Cells] = []
    emergency_role: str = ""
    emergency_ms: int = 0


def fault_in(policy: Policy) -> str | None:
    """What is wrong with a policy in itself, in one sentence; None when nothing is."""
    codes = [purpose.code for purpose in policy.purposes]
    for what, names in (("roles", policy.roles), ("audiences", policy.audiences), ("purposes", codes)):
        if len(set(names)) != len(names):
            return f"{what} are declared twice"
        if not all(names):
            return f"{what} have an empty name"
    if Purpose(NO_PURPOSE) not in policy.purposes:
        return f"the purpose {NO_PURPOSE!r} is not declared, or needs a reference"
    if sum(len(cells.purposes) for cells in [*policy.permits, *policy.forbids]) > CELLS_AT_MOST:
        return f"more than {CELLS_AT_MOST} cells"
    if bool(policy.emergency_role) != (policy.emergency_ms > 0):
        return "emergency access needs a role and a time"
    return next(_undeclared(policy, set(codes)), None)


def _undeclared(policy: Policy, codes: set[str]) -> Iterator[str]:
    """Names that cells use and the policy does not declare."""
    roles, audiences = {*policy.roles}, {*policy.audiences, NO_AUDIENCE}
    if policy.emergency_role and policy.emergency_role not in roles:
        yield f"the emergency role {policy.emergency_role!r} is not declared"
    for cells in [*policy.permits, *policy.forbids]:
        if cells.role not in roles or cells.audience not in audiences or not codes.issuperset(cells.purposes):
            yield f"cells of {cells.role!r} for {cells.action!r} use a name that is not declared"
