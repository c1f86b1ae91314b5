"""What seats see of closed roads: one row a closure that dispatch has said, `closure/…`; not for the public."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT
from redstick.dispatch.reads.views import Row
from redstick.dispatch.rules.closures import APPLIERS
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

AUDIENCES = (FLOOR, FIELD, OVERSIGHT)


class ClosuresView:
    """One row a closure, also one that begins later; one that has ended by itself stays until the next is said."""

    name = "dispatch.view.closures"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The closure that a fact is of; all, since those that ended go with the next."""
        if type(fact.event) in APPLIERS:
            yield from self.keys(states)
            yield from (f"closure/{subject}" for subject in fact.envelope.subjects)

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A closure; None once it is over."""
        state: Dispatch = states["dispatch"]
        known = state.closures.get(key.partition("/")[2])
        return None if known is None or audience not in AUDIENCES else msgspec.to_builtins(known)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every closure."""
        return [f"closure/{name}" for name in states["dispatch"].closures]


CLOSURE_VIEWS = (ClosuresView(),)
