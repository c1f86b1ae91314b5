"""The finite table: a policy, looked up. For each combination of roles that somebody holds, the set of cells it may."""

from collections.abc import Iterable

from redstick.kernel.authority.policy import NO_AUDIENCE, NO_PURPOSE, Cells, Policy

Cell = tuple[str, str, str]  # action, audience, purpose
COMBINATIONS_AT_MOST = 1_000  # kept at a time; a city has dozens


class Table:
    """The cells of one policy. Built at each change of policy, read at each command and each read."""

    def __init__(self, policy: Policy) -> None:
        self.purposes = {purpose.code: purpose for purpose in policy.purposes}
        self.audiences = tuple(policy.audiences)
        self._permitted = _cells_by_role(policy.permits)
        self._forbidden = _cells_by_role(policy.forbids)
        self._combinations: dict[tuple[str, ...], frozenset[Cell]] = {}

    def permits(
        self, roles: tuple[str, ...], action: str, audience: str = NO_AUDIENCE, purpose: str = NO_PURPOSE
    ) -> bool:
        """True when a cell of one of `roles` permits and no cell of any of them forbids."""
        cells = self._combinations.get(roles)
        if cells is None:
            cells = self._combine(roles)
        return (action, audience, purpose) in cells

    def purposes_that_permit(self, roles: tuple[str, ...], action: str, audience: str = NO_AUDIENCE) -> list[str]:
        """Codes of the purposes under which `roles` may, in the order of their declaration."""
        return [code for code in self.purposes if self.permits(roles, action, audience, code)]

    def _combine(self, roles: tuple[str, ...]) -> frozenset[Cell]:
        if len(self._combinations) >= COMBINATIONS_AT_MOST:
            self._combinations.clear()
        nothing: frozenset[Cell] = frozenset()
        cells = nothing.union(*(self._permitted.get(role, nothing) for role in roles))
        cells -= nothing.union(*(self._forbidden.get(role, nothing) for role in roles))
        self._combinations[roles] = cells
        return cells


def _cells_by_role(every: Iterable[Cells]) -> dict[str, frozenset[Cell]]:
    found: dict[str, set[Cell]] = {}
    for cells in every:
        found.setdefault(cells.role, set()).update(
            (cells.action, cells.audience, purpose) for purpose in cells.purposes
        )
    return {role: frozenset(of_role) for role, of_role in found.items()}
