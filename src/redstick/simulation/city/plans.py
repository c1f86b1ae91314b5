"""What the city's plan says for an incident, by the plan that counts now: the plan's own rooms answer."""

from functools import lru_cache

from redstick.dispatch.place import Place
from redstick.dispatch.plans.accepting import accepted
from redstick.dispatch.plans.resolving import Answer, PlanIndex, Question, Within, without_a_plan
from redstick.dispatch.plans.text import read_toml
from redstick.dispatch.rules.needs import AddNeeds, SetNeeds
from redstick.dispatch.rules.plans import active_plan
from redstick.dispatch.state import Dispatch
from redstick.geo.city import City
from redstick.geo.zones import ZoneIndex
from redstick.kernel.values import Instant

LAYERS = ("beat", "fire_district", "ems_district", "municipality")


class CityPlans:
    """Zones of places, and what the active plan sends there."""

    def __init__(self, city: City, flags: tuple[str, ...]) -> None:
        zones = [zone for zone in city.zones if zone.layer in LAYERS]
        self._zones, self._flags = ZoneIndex(zones, city.time_zone), flags

    def zones_of(self, place: Place, now: Instant) -> dict[str, str]:
        """The zone of a place in each layer that plans and groups speak of."""
        if place.x is None or place.y is None:
            return {}
        found = {layer: self._zones.at(place.x, place.y, now, layer).zone for layer in self._zones.layers}
        return {layer: zone.id for layer, zone in found.items() if zone is not None}

    def needs(self, state: Dispatch, incident: str, kind: str, group: str, place: Place, zones: dict[str, str],
              now: Instant) -> SetNeeds:  # fmt: skip
        """What an incident needs at its first alarm."""
        said = self._said(state, Question(kind, now, group, 1, self._flags, place.text, _within(zones)))
        return SetNeeds(incident, list(said.requirements), said.version, ", ".join(one.rule for one in said.chosen))

    def more(self, state: Dispatch, incident: str, level: int, now: Instant) -> AddNeeds | None:
        """What a further alarm adds; None where the plan has nothing for it, or all of it is needed already."""
        known = state.incidents[incident]
        asked = Question(known.kind, now, known.group, level, self._flags, known.place.text, _within(known.zones))
        said = self._said(state, asked)
        had = {need.requirement.id for need in known.needs}
        added = [one for one in said.requirements if one.id not in had and one.id.endswith(f"@{level}")]
        rules = ", ".join(one.rule for one in said.chosen if one.alarm == level)
        return AddNeeds(incident, added, said.version, rules) if added else None

    @staticmethod
    def _said(state: Dispatch, question: Question) -> Answer:
        plan = active_plan(state)
        return _ready(plan.text).answer(question) if plan is not None else without_a_plan()


def _within(zones: dict[str, str]) -> tuple[Within, ...]:
    return tuple(Within(layer, zone) for layer, zone in zones.items())


@lru_cache(maxsize=4)
def _ready(text: str) -> PlanIndex:
    return PlanIndex(accepted(read_toml(text), "the plan that counts"))
