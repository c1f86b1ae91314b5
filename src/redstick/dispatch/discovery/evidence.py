"""What the record says of each incident that bears on its address: gathered from facts, live or long retired."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from redstick.dispatch.discovery.signals import Review, Signal
from redstick.dispatch.place import Place
from redstick.dispatch.rules import assignments, calls, incidents, links, locations, recommendations, reviews, units
from redstick.dispatch.rules.callbacks import digits_of
from redstick.dispatch.status_table import MEANINGS
from redstick.kernel.fold import Fact
from redstick.kernel.values import Event, Instant


class Sent(msgspec.Struct):
    """One unit's part: when it was sent and to which place, and how far it came. Position as it last said on scene."""

    unit: str
    agency: str
    at: Instant
    place: Place
    en_route_at: Instant | None = None
    on_scene_at: Instant | None = None
    x: int | None = None
    y: int | None = None
    ended_at: Instant | None = None


class Case(msgspec.Struct):
    """One incident as evidence. `places` are in order, each with the time since when it held."""

    incident: str
    opened_at: Instant
    places: list[tuple[Instant, Place]]
    sent: list[Sent] = msgspec.field(default_factory=list)
    numbers: list[str] = msgspec.field(default_factory=list)
    heard: list[tuple[str, str]] = msgspec.field(default_factory=list)
    regret_s: int = 0
    replaced_by: str = ""
    linked: list[str] = msgspec.field(default_factory=list)
    reviews: dict[Signal, Review] = msgspec.field(default_factory=dict)


def gather(facts: Iterable[Fact]) -> dict[str, Case]:
    """Each incident of the facts as evidence, in the order of opening. What began before the facts is not judged."""
    gathering = _Gathering()
    for fact in facts:
        note = gathering.notes.get(type(fact.event))
        if note is not None:
            note(fact.event, fact.envelope.at)
    return gathering.cases


class _Gathering:
    """Cases as they grow, with the callers' numbers and the agencies that they need."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self._numbers: dict[str, str] = {}
        self._agencies: dict[str, str] = {}
        self.notes: Mapping[type[Event], Callable[[Any, Instant], None]] = {
            calls.CallReceived: self._call_received,
            calls.CallAttached: self._call_attached,
            units.UnitEnrolled: self._unit_enrolled,
            units.StatusReported: self._status_reported,
            incidents.IncidentOpened: self._incident_opened,
            incidents.IncidentMoved: self._incident_moved,
            assignments.UnitAssigned: self._unit_assigned,
            assignments.AssignmentEnded: self._assignment_ended,
            links.IncidentReplaced: self._incident_replaced,
            links.IncidentSplit: self._incident_split,
            links.IncidentsLinked: self._incidents_linked,
            locations.AddressDiffered: self._address_differed,
            recommendations.RecommendationOverridden: self._overridden,
            reviews.SuspectReviewed: self._reviewed,
        }

    def _call_received(self, happened: calls.CallReceived, at: Instant) -> None:
        del at
        self._numbers[happened.call] = digits_of(happened.callback)

    def _call_attached(self, happened: calls.CallAttached, at: Instant) -> None:
        """A call that is moved from another incident did not open this one."""
        del at
        case, number = self.cases.get(happened.incident), self._numbers.get(happened.call, "")
        if case is not None and number and not happened.before and number not in case.numbers:
            case.numbers.append(number)

    def _unit_enrolled(self, happened: units.UnitEnrolled, at: Instant) -> None:
        del at
        self._agencies[happened.unit] = happened.agency

    def _incident_opened(self, happened: incidents.IncidentOpened, at: Instant) -> None:
        self.cases[happened.incident] = Case(happened.incident, at, [(at, happened.place)])

    def _incident_moved(self, happened: incidents.IncidentMoved, at: Instant) -> None:
        case = self.cases.get(happened.incident)
        if case is not None:
            case.places.append((at, happened.place))

    def _unit_assigned(self, happened: assignments.UnitAssigned, at: Instant) -> None:
        case = self.cases.get(happened.incident)
        if case is not None:
            agency = self._agencies.get(happened.unit, "")
            case.sent.append(Sent(happened.unit, agency, at, case.places[-1][1]))

    def _status_reported(self, happened: units.StatusReported, at: Instant) -> None:
        part = self._part(happened.incident, happened.unit)
        stamp = MEANINGS[happened.status].stamp
        if part is None or stamp not in ("en_route", "on_scene"):
            return
        if stamp == "en_route":
            part.en_route_at = part.en_route_at or at
            return
        part.on_scene_at = part.on_scene_at or at
        if happened.x is not None:
            part.x, part.y = happened.x, happened.y

    def _assignment_ended(self, happened: assignments.AssignmentEnded, at: Instant) -> None:
        part = self._part(happened.incident, happened.unit)
        if part is not None:
            part.ended_at = at

    def _part(self, incident: str, unit: str) -> Sent | None:
        case = self.cases.get(incident)
        return None if case is None else next((part for part in reversed(case.sent) if part.unit == unit), None)

    def _incident_replaced(self, happened: links.IncidentReplaced, at: Instant) -> None:
        del at
        if happened.replaced in self.cases:
            self.cases[happened.replaced].replaced_by = happened.incident

    def _incident_split(self, happened: links.IncidentSplit, at: Instant) -> None:
        del at
        if happened.replaced in self.cases:
            self.cases[happened.replaced].replaced_by = ""

    def _incidents_linked(self, happened: links.IncidentsLinked, at: Instant) -> None:
        del at
        if happened.incident in self.cases:
            self.cases[happened.incident].linked.append(happened.other)

    def _address_differed(self, happened: locations.AddressDiffered, at: Instant) -> None:
        del at
        if happened.incident in self.cases:
            self.cases[happened.incident].heard.append((happened.text, happened.heard))

    def _overridden(self, happened: recommendations.RecommendationOverridden, at: Instant) -> None:
        del at
        case = self.cases.get(happened.incident)
        if case is not None:
            case.regret_s = max(case.regret_s, happened.regret_s)

    def _reviewed(self, happened: reviews.SuspectReviewed, at: Instant) -> None:
        if happened.incident in self.cases:
            review = Review(happened.verdict, happened.by, at, happened.note)
            self.cases[happened.incident].reviews[happened.signal] = review
