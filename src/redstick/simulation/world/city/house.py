"""The household of the living city: the live dispatch domain, and all that its floor sees."""

from collections.abc import Iterable, Mapping
from typing import Any

from redstick import dispatch
from redstick.dispatch.reads.pending import WATCH_VIEWS
from redstick.dispatch.reads.seats import FLOOR, VIEWS
from redstick.kernel.domain import Domain
from redstick.kernel.executor import Limits, nothing_forbidden
from redstick.kernel.fold import Fact
from redstick.kernel.node import Pace
from redstick.server.audiences import View
from redstick.server.ports import Row
from redstick.simulation.world.household import Household, Rhythm
from redstick.simulation.world.journals import Segments

# A city's time is minutes where the proving ground's is seconds; what a node waits for is drawn out alike.
PACE = Pace(lease=6_000, renew=2_000, margin=900, poll=1_500, answer=2_500)
RHYTHM = Rhythm(tick_ms=400, patience_ms=2_800, stagger_ms=900, snapshot_each=800, lazy=True)
LIMITS = Limits(lane=400, batch=64)


class Floor:
    """Everything the floor sees, as one view: calls, incidents, units, what is pending, who watches."""

    name = "dispatch.view.floor"

    def __init__(self) -> None:
        views: tuple[View, ...] = (*VIEWS, *WATCH_VIEWS)
        calls, incidents, units = "call", "incident", "unit"
        by_name = {view.name.rpartition(".")[2]: view for view in views}
        self._views = views
        self._of = {
            calls: by_name["calls"], incidents: by_name["incidents"], units: by_name["units"],
            "pending": by_name["pending"], "seat": by_name["seats"], "group": by_name["seats"],
        }  # fmt: skip

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """Whatever any of the views says is touched."""
        for view in self._views:
            yield from view.touched(states, fact)

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A row of the view that the key belongs to."""
        return self._of[key.partition("/")[0]].row(states, key, audience)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """The keys of all views."""
        for view in self._views:
            yield from view.keys(states)


def domain() -> Domain:
    """The live dispatch domain as it is now: a fault that is planted in it is in the city too."""
    return dispatch.live


def city() -> Household:
    """The household of a run."""
    return Household(
        [domain()], nothing_forbidden, Floor(), (FLOOR,), LIMITS, PACE, RHYTHM,
        Segments(bytes=300_000, allocate=64_000, tended_each=25, scrubbed_each=900, reads_ahead=False, opens_ms=250),
    )  # fmt: skip
