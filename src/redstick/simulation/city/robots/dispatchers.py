"""Dispatchers: who sends by the recommendation, asks after units, raises alarms, closes, and forgets nobody.

Each group of incidents belongs to one seat. What cannot be filled is looked at again when a unit of the right kind
becomes free: the dispatcher is woken and never polls.
"""

from collections.abc import Callable, Iterable

import msgspec

from redstick.dispatch.alerting.chase import Standing
from redstick.dispatch.duplicates.nearby import of_incident
from redstick.dispatch.plans.requirement import Requirement
from redstick.dispatch.recommendation.answer import Answer
from redstick.dispatch.recommendation.asking import Unlocated, question_of, seen_by_device
from redstick.dispatch.recommendation.question import Policy, Question
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.recommendation.record import written
from redstick.dispatch.rules.alerts import ReportVoiced, TakeVoice, VoiceNeeded
from redstick.dispatch.rules.assignments import AssignmentEnded, AssignUnits, ReleaseUnit, open_assignments
from redstick.dispatch.rules.incidents import (
    CloseIncident,
    Incident,
    IncidentMoved,
    IncidentOpened,
    IncidentReopened,
    RaiseAlarm,
)
from redstick.dispatch.rules.links import MergeIncidents
from redstick.dispatch.rules.needs import ARRIVED, NeedReinstated, NeedsAdded, NeedsSet, WaiveNeed, pending
from redstick.dispatch.rules.overdue import AcknowledgeOverdue, WaitOverdue
from redstick.dispatch.rules.recommendations import RecordRecommendation
from redstick.dispatch.rules.units import (
    AcknowledgeEmergency,
    ClearEmergency,
    EmergencyRaised,
    StatusReported,
    Unit,
    UnitEnrolled,
)
from redstick.dispatch.rules.warnings import AcknowledgeWarning, WarningRaised, What
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import MEANINGS, Primary
from redstick.geo.routing import Point
from redstick.kernel.values import Command, Outcome
from redstick.simulation.city.dice import Dice
from redstick.simulation.city.floor import ROBOT, Floor
from redstick.simulation.city.plans import CityPlans
from redstick.simulation.city.roads import CityRoads
from redstick.simulation.city.robots.crews import TURNOUT_S, Crew
from redstick.simulation.city.robots.seat import Seat

DECIDE_MS, ASK_AFTER_MS, VOICE_MS, CLOSE_MS, NOTE_MS, UNPLANNED_MS = 8_000, 9_000, 11_000, 12_000, 3_000, 12_000
AGAIN_MS, SAFE_MS = 2_000, 45_000
CONSIDERED = 20  # free units of a kind that a recommendation compares
GRAVE = 2  # up to this priority nothing that the plan sends is given up
URGENT, ROUTINE, IDLE_HOURS = 1, 5, 8  # urgency of what is no incident: an emergency, a warning, closing
ENDINGS = {
    "Structure fire": "fire out",
    "Outside fire": "fire out",
    "Commercial alarm": "false alarm",
    "Burglar alarm": "false alarm",
}  # by kind, else by group; words of the default code table
ENDINGS_OF_GROUPS = {"ems": "treated, not transported", "traffic": "report taken"}
POLICY = Policy(turnout_by_kind={kind: round(seconds) for kind, seconds in TURNOUT_S.items()})


class Dispatchers:
    """The seats `dispatch:1` to `dispatch:n`; `groups` are the incident groups of each."""

    def __init__(
        self, floor: Floor, roads: CityRoads, plans: CityPlans, crews: dict[str, Crew], stations: dict[str, Point],
        groups: list[list[str]], seed: int, *, recorded: bool,
    ) -> None:  # fmt: skip
        self._floor, self._roads, self._plans = floor, roads, plans
        self._crews, self._stations, self._recorded = crews, stations, recorded
        self._dice = Dice(seed, "dispatchers")
        self.seats = [Seat(floor, f"dispatch:{k + 1}", own, self._sat_down) for k, own in enumerate(groups)]
        self.short: dict[str, frozenset[str]] = {}  # incidents that wait, and the kinds of units that would do
        self._roster: tuple[Dispatch, dict[str, list[Unit]]] | None = None
        self._heard()

    def _heard(self) -> None:
        listen = self._floor.listen
        for kind in (NeedsSet, NeedsAdded, NeedReinstated, IncidentReopened):
            listen(kind, lambda happened: self._soon(happened.incident))
        listen(IncidentOpened, self._opened)
        listen(AssignmentEnded, lambda happened: self._ended(happened.incident))
        listen(StatusReported, self._reported)
        listen(UnitEnrolled, self._enrolled)
        listen(IncidentMoved, self._moved)
        listen(WarningRaised, self._warned)
        listen(VoiceNeeded, self._to_voice)
        listen(WaitOverdue, self._overdue)
        listen(EmergencyRaised, self._emergency)

    def _sat_down(self, seat: Seat) -> None:
        """Back at the seat, or for the first time: whatever is open in its groups."""
        for incident in self._floor.state.incidents.values():
            if incident.closed_at is None and self._seat_of(incident) is seat:
                self._ended(incident.id) if incident.assignments else self._soon(incident.id)

    def look(self) -> None:
        """Find what is open from the state alone."""
        for seat in self.seats:
            if seat.mine:
                self._sat_down(seat)

    def _seat_of(self, incident: Incident) -> Seat:
        return next((seat for seat in self.seats if incident.group in seat.groups), self.seats[0])

    def _give(
        self, incident: str, key: str, takes_ms: int, work: Callable[[], None], urgency: int | None = None
    ) -> None:
        """Hand work on an incident to its seat, right after what is being heard."""
        known = self._floor.state.incidents.get(incident)
        if known is not None:
            seat, rank = self._seat_of(known), known.priority if urgency is None else urgency
            self._floor.later(0, lambda: seat.give(rank, f"{key}/{incident}", takes_ms, work))

    def _actor(self, incident: str) -> str:
        known = self._floor.state.incidents.get(incident)
        return self._seat_of(known).name if known is not None else self.seats[0].name

    # Sending

    def _soon(self, incident: str) -> None:
        self._give(incident, "send", self._dice.about(DECIDE_MS, 0.4), lambda: self._send(incident))

    def _opened(self, happened: IncidentOpened) -> None:
        """An incident for which nobody records what it needs gets the plan's needs from its dispatcher."""
        self._floor.later(UNPLANNED_MS, lambda: self._plan(happened.incident))

    def _plan(self, incident: str) -> None:
        state = self._floor.state
        known = state.incidents.get(incident)
        if known is None or known.needs or known.closed_at is not None or not self._seat_of(known).mine:
            return
        asked = self._plans.needs(state, incident, known.kind, known.group, known.place, known.zones, self._floor.now)
        self._floor.ask(self._actor(incident), [asked])

    def _send(self, incident: str) -> None:
        """Join what is known already; send what is lacking, and remember what cannot be sent."""
        same = self._same_as(incident)
        if same:
            self._join(same, incident)
        else:
            self._send_units(incident)

    def _moved(self, happened: IncidentMoved) -> None:
        """Where it is now it may be what is known there already."""
        incident = happened.incident

        def look() -> None:
            same = self._same_as(incident)
            if same:
                self._join(same, incident)

        self._give(incident, "same", NOTE_MS, look)

    def _same_as(self, incident: str) -> str:
        """An older open incident that a new one probably is, as the search for duplicates says; "" for none."""
        known = self._floor.state.incidents.get(incident)
        if known is None or known.closed_at is not None or not known.calls:
            return ""
        found = of_incident(self._floor.state, incident, self._floor.now)
        older = (one.incident for one in found if one.strong and not one.closed and one.incident < incident)
        return next(older, "")

    def _join(self, into: str, incident: str) -> None:
        """One incident of two; where they cannot be joined each is sent to by itself."""

        def told(outcomes: list[Outcome]) -> None:
            if outcomes[0].accepted:
                self._let_go_of_surplus(into)
            else:
                self._send_units(incident)

        merged = MergeIncidents(into, incident, "entered twice: one scene")
        self._floor.ask(self._actor(incident), [merged], told)

    def _let_go_of_surplus(self, incident: str) -> None:
        """Of two alarms for one scene: who is on the way and stands for nothing that is needed is called off."""
        known = self._floor.state.incidents.get(incident)
        if known is None or not known.needs:
            return
        surplus = [part.unit for part in open_assignments(known) if not part.need and not ARRIVED & part.stamps.keys()]
        if surplus:
            self._floor.ask(self._actor(incident), [ReleaseUnit(incident, unit, "cancelled") for unit in surplus])

    def _send_units(self, incident: str) -> None:
        state = self._floor.state
        known = state.incidents.get(incident)
        lacking = pending(known) if known is not None else []
        self.short.pop(incident, None)
        if known is None or not lacking or not known.needs:
            return
        kinds = _kinds(need.requirement for need, _ in lacking)
        try:
            question = self._question(known, kinds)
        except Unlocated:
            return
        answer = recommend(question, self._roads.times)
        self._roads.times.forget()
        if answer.unfilled:
            missing = {one.requirement for one in answer.unfilled}
            self.short[incident] = _kinds(one for one in question.requirements if one.id in missing)
        if answer.chosen:
            self._floor.ask(self._actor(incident), self._commands(known, question, answer), self._sent(incident))

    def _question(self, incident: Incident, kinds: frozenset[str]) -> Question:
        """Units of the kinds that would do, each where its device says."""
        near = self._near(incident, kinds)
        asked = question_of(self._floor.state, incident, self._floor.now, self._stations, POLICY, units=near)
        roster = tuple(
            seen_by_device(unit, self._crews[unit.id].device_fix())
            if unit.id in self._crews
            and not unit.incident
            and MEANINGS[unit.status].primary is not Primary.NOT_AVAILABLE
            else unit
            for unit in asked.roster
        )
        return msgspec.structs.replace(asked, roster=roster)

    def _near(self, incident: Incident, kinds: frozenset[str]) -> list[Unit]:
        """Of each kind the units that are nearest as the crow flies, free ones: the others are no choice."""
        x, y = incident.place.x or 0, incident.place.y or 0
        near: list[Unit] = []
        for kind in sorted(kinds) or self._of_kind:
            away = []
            for unit in self._of_kind.get(kind, ()):
                if not unit.work:
                    crew = self._crews.get(unit.id)
                    here = crew.around if crew is not None else (unit.x or 0, unit.y or 0)
                    away.append((abs(here[0] - x) + abs(here[1] - y), unit.id, unit))
            near += [unit for _, _, unit in sorted(away)[:CONSIDERED]]
        return near

    @property
    def _of_kind(self) -> dict[str, list[Unit]]:
        """The roster by kind; sorted anew when somebody was enrolled."""
        state = self._floor.state
        if self._roster is None or self._roster[0] is not state:
            by_kind: dict[str, list[Unit]] = {}
            for unit in state.units.values():
                by_kind.setdefault(unit.kind, []).append(unit)
            self._roster = (state, by_kind)
        return self._roster[1]

    def _enrolled(self, happened: UnitEnrolled) -> None:
        del happened
        self._roster = None

    def _commands(self, incident: Incident, question: Question, answer: Answer) -> list[Command]:
        chosen = [verdict.unit for verdict in answer.chosen]
        expected = {verdict.unit: verdict.travel_s for verdict in answer.chosen if verdict.travel_s is not None}
        fills = {offer.unit: offer.requirement for offer in answer.offers if offer.chosen}
        sent = AssignUnits(incident.id, chosen, expected_s=expected, fills=fills)
        if not self._recorded:
            return [sent]
        return [RecordRecommendation(incident.id, self._floor.name("rec"), written(question, answer)), sent]

    def _sent(self, incident: str) -> Callable[[list[Outcome]], None]:
        """What is refused was overtaken: look again."""

        def told(outcomes: list[Outcome]) -> None:
            if not outcomes[-1].accepted:
                self._floor.later(AGAIN_MS, lambda: self._soon(incident))

        return told

    def _reported(self, happened: StatusReported) -> None:
        """A unit is free: whoever waits for one of its kind is thought of, the most urgent first."""
        if not self.short or MEANINGS[happened.status].primary is not Primary.AVAILABLE:
            return
        unit = self._floor.state.units.get(happened.unit)
        if unit is None:
            return
        for incident in [name for name, kinds in self.short.items() if not kinds or unit.kind in kinds]:
            self._soon(incident)

    # While it is worked

    def working(self, incident: str) -> None:
        """A crew on scene says that it is more than the first alarm can handle."""
        self._give(incident, "alarm", NOTE_MS, lambda: self._raise_alarm(incident), URGENT)

    def _raise_alarm(self, incident: str) -> None:
        state = self._floor.state
        known = state.incidents.get(incident)
        if known is None or known.closed_at is not None:
            return
        level = known.alarm_level + 1
        more = self._plans.more(state, incident, level, self._floor.now)
        if more is not None:
            self._floor.ask(self._actor(incident), [RaiseAlarm(incident, level), more])

    def _warned(self, happened: WarningRaised) -> None:
        warning, unit, incident = happened.warning, happened.unit, happened.incident
        asks = happened.what is What.ACKNOWLEDGE
        work = (lambda: self._ask_after(warning, unit, incident)) if asks else (lambda: self._see_to(warning))
        key = f"warning/{warning}"
        if incident:
            self._give(incident, key, ASK_AFTER_MS if asks else NOTE_MS, work, 2 if asks else ROUTINE)
        else:
            self._floor.later(0, lambda: self.seats[0].give(ROUTINE, key, NOTE_MS, work))

    def _see_to(self, warning: str) -> None:
        known = self._floor.state.warnings.get(warning)
        if known is not None and not known.acknowledged_by:
            actor = self._actor(known.incident)
            self._floor.ask(actor, [AcknowledgeWarning(warning, f"{ROBOT}{actor}")])

    def _ask_after(self, warning: str, unit: str, incident: str) -> None:
        """A unit that has said nothing is called by radio; one that does not answer is called off and replaced."""
        if warning not in self._floor.state.warnings:
            return
        crew = self._crews.get(unit)
        if crew is not None and crew.answers_radio(incident):
            self._see_to(warning)
            return
        self._floor.ask(self._actor(incident), [ReleaseUnit(incident, unit, "cancelled")])

    def _to_voice(self, happened: VoiceNeeded) -> None:
        """What no device could tell is told by radio."""
        incident, alert = happened.incident, happened.alert
        self._give(incident, f"voice/{alert}", VOICE_MS, lambda: self._voice(incident, alert), 2)

    def _voice(self, incident: str, alert: str) -> None:
        known = self._floor.state.incidents.get(incident)
        told = known.alerts.get(alert) if known is not None else None
        if told is None or told.standing is not Standing.TO_VOICE:
            return
        crew, actor = self._crews.get(told.unit), self._actor(incident)
        by = f"{ROBOT}{actor}"
        asked: list[Command] = [TakeVoice(incident, alert, by)]
        if crew is None or crew.answers_radio(incident):
            asked.append(ReportVoiced(incident, alert, by, "acknowledged by radio"))
        self._floor.ask(actor, asked)

    def _overdue(self, happened: WaitOverdue) -> None:
        """Seen, by name; it is sent to as soon as somebody can go."""
        incident, about = happened.incident, happened.about
        key = f"overdue/{about}/{happened.level}"
        self._give(incident, key, NOTE_MS, lambda: self._seen(incident, about), ROUTINE)

    def _seen(self, incident: str, about: str) -> None:
        actor = self._actor(incident)
        self._floor.ask(actor, [AcknowledgeOverdue(incident, about, f"{ROBOT}{actor}")])
        if incident not in self.short:
            self._soon(incident)

    def _emergency(self, happened: EmergencyRaised) -> None:
        unit = self._floor.state.units.get(happened.unit)
        incident = unit.work[0] if unit is not None and unit.work else ""
        seat = self._seat_of(self._floor.state.incidents[incident]) if incident else self.seats[0]
        by = f"{ROBOT}{seat.name}"

        def heard() -> None:
            self._floor.ask(seat.name, [AcknowledgeEmergency(happened.unit, by)])
            cleared = ClearEmergency(happened.unit, by, "the officer says by radio that all is well")
            self._floor.later(
                SAFE_MS, lambda: seat.give(URGENT, f"safe/{happened.unit}", NOTE_MS, lambda: ask(cleared))
            )

        def ask(cleared: Command) -> None:
            self._floor.ask(seat.name, [cleared])

        self._floor.later(0, lambda: seat.give(0, f"emergency/{happened.unit}", NOTE_MS, heard))

    # In the end

    def _ended(self, incident: str) -> None:
        """A unit has left: close what is done, send again for what nobody has been to."""
        known = self._floor.state.incidents.get(incident)
        if known is None or known.closed_at is not None:
            return
        lacking = pending(known)
        if open_assignments(known) or not _anybody_was_there(known) or (lacking and known.priority <= GRAVE):
            if lacking and incident not in self.short:
                self._soon(incident)
            return
        self._give(incident, "close", CLOSE_MS, lambda: self._close(incident), IDLE_HOURS)

    def _close(self, incident: str) -> None:
        known = self._floor.state.incidents.get(incident)
        if known is None or known.closed_at is not None or open_assignments(known):
            return
        actor = self._actor(incident)
        why = "units on scene needed no more"
        asked: list[Command] = [
            WaiveNeed(incident, need.requirement.id, f"{ROBOT}{actor}", why) for need, _ in pending(known)
        ]
        self.short.pop(incident, None)
        asked.append(CloseIncident(incident, _ending(known)))
        self._floor.ask(actor, asked)


def _ending(known: Incident) -> str:
    if any("transport" in assignment.stamps for assignment in known.assignments.values()):
        return "transported"
    return ENDINGS.get(known.kind) or ENDINGS_OF_GROUPS.get(known.group, "settled by contact")


def _kinds(requirements: Iterable[Requirement]) -> frozenset[str]:
    """Kinds of units that would do, substitutes too; none by name where any would."""
    found: set[str] = set()
    for requirement in requirements:
        for kinds in (requirement.kinds, *(one.kinds for one in requirement.substitutes)):
            if not kinds:
                return frozenset()
            found.update(kinds)
    return frozenset(found)


def _anybody_was_there(incident: Incident) -> bool:
    parts = (*incident.earlier, *incident.assignments.values())
    return any(ARRIVED & part.stamps.keys() for part in parts)
