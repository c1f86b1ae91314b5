"""Robots at the dispatch and supervisor seats: danger first, then who must be told, then who must be sent."""

from collections.abc import Iterator
from math import hypot

from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.rules.alerts import ReportVoiced, TakeVoice
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit, open_assignments
from redstick.dispatch.rules.callbacks import CloseCallback
from redstick.dispatch.rules.coverage import AcknowledgeCoverage
from redstick.dispatch.rules.incidents import CloseIncident, Incident
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.needs import Need, pending
from redstick.dispatch.rules.overdue import AcknowledgeOverdue, Level
from redstick.dispatch.rules.units import AcknowledgeEmergency, ClearEmergency, ReportStatus, Unit
from redstick.dispatch.rules.warnings import AcknowledgeWarning
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Instant
from redstick.simulation.world.city.robots import Act, Robot

SAFE_AFTER_MS = 40_000  # how long an emergency that was heard stands at least
FALSE_AFTER_MS = 15_000
OVER_AFTER_MS = 60_000


class Dispatcher(Robot):
    """A dispatcher of some agencies, or the supervisor who watches what nobody else does."""

    def acts(self, state: Dispatch, now: Instant) -> Iterator[Act]:
        """Danger, telling, sending, asking, closing."""
        yield from self._emergencies(state, now)
        yield from self._alarms(state)
        mine = [
            one for one in state.incidents.values()
            if one.id not in self._over and (one.group in self._groups or self._supervises)
        ]  # fmt: skip
        self._over.update(one.id for one in mine if self._is_over(one, now))
        for incident in mine:
            yield from self._voiced(incident)
        still_open = [one for one in mine if one.closed_at is None]
        lacks = {one.id: lacking for one in still_open if (lacking := pending(one))}
        off = {one.id for one in still_open if self._called_off(one, now)}
        free = [unit for unit in state.units.values() if not unit.work and unit.available] if lacks else []
        waits = [one for one in still_open if one.id in lacks and one.id not in off]
        for incident in sorted(waits, key=lambda one: (one.priority, one.opened_at, one.id)) if free else ():
            yield from self._sent(incident, lacks[incident.id], free)
        yield from self._same(still_open)
        for incident in still_open:
            yield from self._worked(incident, nothing=incident.id in off, lacks=incident.id in lacks)
        yield from self._warnings(state)

    @property
    def _supervises(self) -> bool:
        return "supervisors" in self._groups

    def _is_over(self, incident: Incident, now: Instant) -> bool:
        """Closed for a while, not by a merge that may be taken back, and nobody is chased for it."""
        closed_at = None if incident.replaced_by else incident.closed_at
        long_closed = closed_at is not None and now - closed_at > OVER_AFTER_MS
        return long_closed and not any(alert.chased for alert in incident.alerts.values())

    def _emergencies(self, state: Dispatch, now: Instant) -> Iterator[Act]:
        for unit in state.units.values():
            danger = unit.emergency
            if danger is None:
                continue
            if not danger.acknowledged_by:
                yield Act([AcknowledgeEmergency(unit.id, self.person)])
            elif now - (danger.acknowledged_at or now) > SAFE_AFTER_MS and self._town.crews[unit.id].safe:
                yield Act([ClearEmergency(unit.id, self.person, "crew says all well")])

    def _alarms(self, state: Dispatch) -> Iterator[Act]:
        for name, group in state.groups.items():
            if group.alarm is not None and not group.alarm.acknowledged_by:
                yield Act([AcknowledgeCoverage(name, self.person)])
        if self._supervises:
            for owed in state.callbacks.values():
                if owed.exhausted:
                    yield Act([CloseCallback(owed.number, self.person, "nobody there after all attempts")])

    def _voiced(self, incident: Incident) -> Iterator[Act]:
        """Take what no path could tell, then say it on the radio; the crew has it before it is written down."""
        for alert in incident.alerts.values():
            if alert.standing is not Standing.TO_VOICE:
                continue
            if alert.taken_by == self.person:
                self._town.crews[alert.unit].hear(alert.id)
                yield Act([ReportVoiced(incident.id, alert.id, self.person, "radio")])
            elif not alert.taken_by or alert.reminders > 1:
                yield Act([TakeVoice(incident.id, alert.id, self.person)])

    def _sent(self, incident: Incident, lacks: list[tuple[Need, int]], free: list[Unit]) -> Iterator[Act]:
        """The nearest free units for what is missing, all that there are; the next incident has what is left."""
        chosen: list[str] = []
        for need, missing in lacks:
            near = _nearest(incident, need.requirement, free)[:missing]
            chosen += [unit.id for unit in near]
            free[:] = [unit for unit in free if unit not in near]
        if chosen:
            yield Act([AssignUnits(incident.id, chosen)])

    def _worked(self, incident: Incident, *, nothing: bool, lacks: bool) -> Iterator[Act]:
        """What is loud is seen, what was nothing is called off, what is done is closed."""
        for about, told in incident.overdue.items():
            if told.level >= Level.ALARM and not told.acknowledged_by:
                yield Act([AcknowledgeOverdue(incident.id, about, self.person)])
        working = open_assignments(incident)
        if working and nothing:
            yield Act([ReleaseUnit(incident.id, part.unit, "cancelled") for part in working])
        done = (incident.assignments or incident.earlier) and not lacks
        if not working and (done or nothing):
            yield Act([CloseIncident(incident.id, "handled")])

    def _same(self, incidents: list[Incident]) -> Iterator[Act]:
        """Two incidents of one trouble go on as one; now and then that is found out to be wrong, and taken back."""
        first: dict[str, Incident] = {}
        for incident in incidents:
            trouble = self._trouble_of(incident)
            into = first.setdefault(trouble, incident) if trouble else incident
            pair = (into.id, incident.id)
            if into is not incident and pair not in self._merged and self._random.random() < 0.5:
                self._merged.add(pair)  # what is found out to be two after all stays two
                yield Act([MergeIncidents(into.id, incident.id, "same caller's trouble")])
            for replaced in incident.replaces:
                if self._random.random() < 0.01:
                    yield Act([SplitIncident(incident.id, replaced, "two after all")])

    def _trouble_of(self, incident: Incident) -> str:
        """What its first call was about."""
        story = self._town.telephone.story_of(incident.calls[0]) if incident.calls else None
        return "" if story is None else story.id

    def _called_off(self, incident: Incident, now: Instant) -> bool:
        """Whether every caller has said by now that it was nothing."""
        stories = [self._town.telephone.story_of(call) for call in incident.calls]
        false = bool(stories) and all(story is not None and story.false_alarm for story in stories)
        return false and now - incident.opened_at > FALSE_AFTER_MS

    def _warnings(self, state: Dispatch) -> Iterator[Act]:
        """Ask the unit on the radio; what it says is written down for it."""
        for warning in state.warnings.values():
            if warning.acknowledged_by:
                continue
            acts: list[AcknowledgeWarning | ReportStatus] = [AcknowledgeWarning(warning.id, self.person)]
            crew = self._town.crews.get(warning.unit)
            said = crew.says(warning.incident) if crew is not None else None
            if said is not None:
                acts.insert(0, said)
            yield Act(acts)


def _nearest(incident: Incident, wanted: Requirement, free: list[Unit]) -> list[Unit]:
    x, y = incident.place.x or 0, incident.place.y or 0
    fit = [unit for unit in free if not wanted.kinds or unit.kind in wanted.kinds]
    return sorted(fit, key=lambda unit: (hypot((unit.x or 0) - x, (unit.y or 0) - y), unit.id))
