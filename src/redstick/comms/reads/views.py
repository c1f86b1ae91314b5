"""What seats see of voice: one row a leg. Oversight sees that it is there, and nothing of who called."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from redstick.comms.rules.legs import Leg
from redstick.comms.state import Comms
from redstick.kernel.fold import Fact

HIDDEN: dict[str, tuple[str, ...]] = {
    "floor": (),
    "oversight": ("number", "name", "fixes", "call_urn", "incident_urn", "source", "target", "flags", "dialog"),
}


class LegsView:
    """One row a leg that is here."""

    name = "comms.view.legs"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The leg that a fact of comms names; one about queues or a storm names none."""
        del states
        named = fact.envelope.subjects[:1] if fact.envelope.kind.startswith("comms.") else ()
        return [f"leg/{leg}" for leg in named]

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> dict[str, Any] | None:
        """A leg as an audience may see it."""
        state: Comms = states["comms"]
        leg: Leg | None = state.legs.get(key.partition("/")[2])
        if leg is None or audience not in HIDDEN:
            return None
        arrival: dict[str, Any] = msgspec.to_builtins(leg.arrival)
        row = {
            **dict.fromkeys(("target", "number", "name", "call_urn", "incident_urn", "source", "transport"), ""),
            "minted": [],
            "flags": [],
            **arrival,
            "leg": leg.id,
            "state": leg.state,
            "call": leg.call,
            "fixes": msgspec.to_builtins(leg.fixes),
            "codec": leg.codec,
            "offered_at": leg.offered_at,
            "answered_at": leg.answered_at,
        }
        return {name: value for name, value in row.items() if name not in HIDDEN[audience]}

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every leg that is here."""
        return [f"leg/{name}" for name in states["comms"].legs]


VIEWS = (LegsView(),)
