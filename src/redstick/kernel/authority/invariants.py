"""What always holds of access, and a second, plain reading of a policy that checkers set beside the table."""

from collections.abc import Iterator, Sequence

from redstick.kernel.authority.people import administrators
from redstick.kernel.authority.policy import NO_AUDIENCE, NO_PURPOSE, Cells, Policy, fault_in
from redstick.kernel.authority.state import Access


def broken(access: Access) -> Iterator[str]:
    """Each invariant that does not hold, in words; nothing when all is well."""
    policy = access.policy
    if policy is None:
        if access.people:
            yield f"people without a policy: {sorted(access.people)}"
        return
    fault = fault_in(policy)
    if fault is not None:
        yield f"the policy in force: {fault}"
    if not administrators(access.people.values(), policy):
        yield "nobody may change roles and policy"
    for name, person in access.people.items():
        if person.id != name or person.roles != tuple(sorted(set(person.roles))):
            yield f"person {name} is kept as {person.id} in {person.roles}"
        if not set(person.roles).issubset(policy.roles):
            yield f"person {name} holds roles that are not declared: {person.roles}"
        if policy.emergency_role in person.roles:
            yield f"person {name} holds the emergency role without an emergency"
        if person.suspended and person.emergency_until is not None:
            yield f"person {name} is suspended in an emergency"


def permitted_plainly(
    policy: Policy, roles: Sequence[str], action: str, audience: str = NO_AUDIENCE, purpose: str = NO_PURPOSE
) -> bool:
    """Read the cells one by one, as a person would: slow, and independent of the table."""

    def speaks(every: Sequence[Cells]) -> bool:
        return any(
            cells.role in roles and cells.action == action and cells.audience == audience and purpose in cells.purposes
            for cells in every
        )

    return speaks(policy.permits) and not speaks(policy.forbids)
