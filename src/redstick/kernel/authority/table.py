"""The finite table: a policy, looked up. A check costs two look-ups and two set comparisons."""

from collections.abc import Iterable, Sequence

from redstick.kernel.authority.policy import NO_AUDIENCE, NO_PURPOSE, Cells, Policy

Cell = tuple[str, str, str]  # action, audience, purpose


class Table:
    """The cells of one policy. Built at each change of policy, read at each command and each read."""

    def __init__(self, policy: Policy) -> None:
        self.purposes = {purpose.code: purpose for purpose in policy.purposes}
        self.audiences = tuple(policy.audiences)
        self._permits = _roles_by_cell(policy.permits)
        self._forbids = _roles_by_cell(policy.forbids)

    def permits(
        self, roles: Sequence[str], action: str, audience: str = NO_AUDIENCE, purpose: str = NO_PURPOSE
    ) -> bool:
        """True when a cell of one of `roles` permits and no cell of any of them forbids."""
        cell = (action, audience, purpose)
        permitted = self._permits.get(cell)
        if permitted is None or permitted.isdisjoint(roles):
            return False
        forbidden = self._forbids.get(cell)
        return forbidden is None or forbidden.isdisjoint(roles)

    def purposes_that_permit(self, roles: Sequence[str], action: str, audience: str = NO_AUDIENCE) -> list[str]:
        """Codes of the purposes under which `roles` may, in the order of their declaration."""
        return [code for code in self.purposes if self.permits(roles, action, audience, code)]


def _roles_by_cell(every: Iterable[Cells]) -> dict[Cell, frozenset[str]]:
    found: dict[Cell, set[str]] = {}
    for cells in every:
        for purpose in cells.purposes:
            found.setdefault((cells.action, cells.audience, purpose), set()).add(cells.role)
    return {cell: frozenset(roles) for cell, roles in found.items()}
