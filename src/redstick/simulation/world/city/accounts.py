"""What the journal says of a city, kept like a ledger by somebody who has never seen its rules.

Lines in, plain facts out: who rings, who is sent, what is lacking, who watches, who is in danger, who was told. The
promises (`promises`) are held against these and against what only the world outside knows. Nothing here asks a rule
whether it did right. Times that somebody must be told within are written down again, from the field's own reference.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redstick.simulation.world.chain import Line

HERE = frozenset({"ONS", "PTC", "TRN", "HSP"})  # a unit that has arrived has filled its need for good
KNOWS = frozenset({"ACK", "ENR", "STG", "ONS", "PTC", "TRN", "HSP"})
GONE = frozenset({"STG", "ENR", "ONS", "PTC", "TRN", "HSP", "CLR"})
PROOFS = frozenset({"delivered", "read", "accepted"})
SOMEONE = "someone"


@dataclass(slots=True)
class Call:
    """One call: when it rang, from where, and when somebody had it."""

    received_at: int
    number: str
    state: str = "presented"
    owned_at: int | None = None
    ended_at: int | None = None


@dataclass(slots=True)
class Part:
    """A unit's part in an incident."""

    unit: str
    sequence: int
    need: str
    assigned_at: int
    open: bool = True
    arrived: bool = False
    left: bool = False


@dataclass(slots=True)
class Incident:
    """One incident: what it needs, who works on it, since when it lacks somebody."""

    opened_at: int
    priority: int
    group: str
    calls: list[str] = field(default_factory=list)
    needs: dict[str, tuple[int, str]] = field(default_factory=dict)
    waived: Counter[str] = field(default_factory=Counter)
    parts: list[Part] = field(default_factory=list)
    closed: bool = False
    filled_from: int = 1
    lacking_since: int | None = None
    told: int = 0  # how loudly it was said that it waits
    told_at: int = 0
    acknowledged: bool = False

    def lacking(self) -> list[str]:
        """The agencies of what is missing, each as often as a requirement of it is."""
        if self.closed:
            return []
        counted = [one for one in self.parts if one.sequence >= self.filled_from and (one.open or one.arrived)]
        if not self.needs:
            return [] if counted else [self.group]
        filled = Counter(need for _, need in {(one.unit, one.need) for one in counted})
        return [agency or self.group for need, (count, agency) in self.needs.items()
                if count > filled[need] + self.waived[need]]  # fmt: skip

    def part(self, unit: str) -> Part | None:
        """A unit's latest part."""
        return next((one for one in reversed(self.parts) if one.unit == unit), None)


@dataclass(slots=True)
class Alert:
    """One alert: what it waits for since when, what proves that it was received, how it ended."""

    incident: str
    unit: str
    purpose: str
    raised_at: int
    keys: list[str] = field(default_factory=list)
    waits_since: int | None = None
    bears_ms: int = 0
    proven: bool = False
    standing: str = ""
    evidence: str = ""


@dataclass(slots=True)
class Danger:
    """A responder's emergency: since when it waits to be heard, and whether it was."""

    at: int
    heard: bool = False
    alarmed: bool = False


@dataclass(slots=True)
class Group:
    """Who a group is for, and whether an alarm says that nobody watches it."""

    agencies: list[str]
    supervises: bool
    alarm: bool = False


class Accounts:
    """The ledger as of the lines that it was given, in order."""

    def __init__(self) -> None:
        self.now = 0
        self.calls: dict[str, Call] = {}
        self.incidents: dict[str, Incident] = {}
        self.work: dict[str, dict[str, None]] = {}
        self.statuses: dict[str, str] = {}
        self.alerts: dict[str, Alert] = {}
        self.dangers: dict[str, Danger] = {}
        self.groups: dict[str, Group] = {}
        self.seats: dict[str, list[str]] = {}
        self.lost_seats: dict[str, int] = {}
        self.owed: dict[str, list[str]] = {}
        self.attempts: Counter[str] = Counter()
        self.answered_for: dict[str, int] = {}  # calls whose callback was made, or closed by name
        self.quality: dict[str, str] = {}
        self._keeps = {name: getattr(self, name) for name in dir(type(self)) if name.startswith("on_")}

    def take(self, line: Line) -> None:
        """Write a line down."""
        self.now = line.recorded_at
        keep = self._keeps.get("on_" + line.kind.removeprefix("dispatch."))
        if keep is not None:
            keep(line.payload, line.recorded_at)
            name = line.payload.get("incident", "")
            if name in self.incidents:
                self._settle(self.incidents[name], line.recorded_at)

    def _settle(self, incident: Incident, now: int) -> None:
        """Whether it lacks somebody, and since when; what was told of a wait that is over counts no more."""
        if not incident.lacking():
            incident.lacking_since, incident.told, incident.acknowledged = None, 0, False
        elif incident.lacking_since is None:
            incident.lacking_since = now

    def unseen(self) -> list[str]:
        """Incidents that lack somebody, of whose groups no seat watches any and none has an alarm."""
        watched = {group for groups in self.seats.values() for group in groups}
        if not self.groups or len(watched) == len(self.groups):
            return []
        return [
            name
            for name, incident in self.incidents.items()
            for agency in (incident.lacking() if incident.lacking_since is not None else ())
            if not (owning := self._owning(agency)) & watched and not any(self.groups[one].alarm for one in owning)
        ]

    def _owning(self, agency: str) -> set[str]:
        taking = {
            name for name, group in self.groups.items()
            if (agency in group.agencies) or (not group.agencies and not group.supervises)
        }  # fmt: skip
        return taking or {name for name, group in self.groups.items() if group.supervises} or set(self.groups)

    # Calls

    def on_call_received(self, said: dict[str, Any], now: int) -> None:
        """It rings."""
        self.calls[said["call"]] = Call(now, said.get("callback", ""))

    def on_call_answered(self, said: dict[str, Any], now: int) -> None:
        """Somebody has it."""
        self._go(said["call"], "answered", now)

    def on_call_transferring(self, said: dict[str, Any], now: int) -> None:
        """It is offered to another."""
        self._go(said["call"], "transferring", now)

    def on_call_resumed(self, said: dict[str, Any], now: int) -> None:
        """Somebody speaks again."""
        self._go(said["call"], "answered", now)

    def on_call_abandoned(self, said: dict[str, Any], now: int) -> None:
        """Nobody answered."""
        self._go(said["call"], "abandoned", now)

    def on_call_ended(self, said: dict[str, Any], now: int) -> None:
        """Over."""
        call = self.calls[said["call"]]
        call.state, call.ended_at = "ended", now

    def on_call_attached(self, said: dict[str, Any], now: int) -> None:
        """It speaks of this incident, and of no other."""
        del now
        for incident in (self.incidents.get(said.get("before", "")), self.incidents.get(said["incident"])):
            if incident is not None and said["call"] in incident.calls:
                incident.calls.remove(said["call"])
        self.incidents[said["incident"]].calls.append(said["call"])

    def _go(self, name: str, state: str, now: int) -> None:
        call = self.calls[name]
        call.state = state
        if call.owned_at is None:
            call.owned_at = now

    def on_callback_queued(self, said: dict[str, Any], now: int) -> None:
        """A callback is owed for all these calls."""
        del now
        self.owed[said["number"]] = list(said["calls"])

    def on_callback_attempted(self, said: dict[str, Any], now: int) -> None:
        """It was tried."""
        del now
        self.attempts[said["number"]] += 1

    def on_callback_reached(self, said: dict[str, Any], now: int) -> None:
        """It was made."""
        self._answered_for(said, now)

    def on_callback_closed(self, said: dict[str, Any], now: int) -> None:
        """Somebody answers for it by name."""
        self._answered_for(said, now)

    def _answered_for(self, said: dict[str, Any], now: int) -> None:
        self.owed.pop(said["number"], None)
        self.attempts.pop(said["number"], None)
        self.answered_for.update((call, now) for call in said.get("calls", ()))

    # Incidents and who works on them

    def on_incident_opened(self, said: dict[str, Any], now: int) -> None:
        """It lacks somebody from now on."""
        self.incidents[said["incident"]] = Incident(now, said.get("priority", 3), said.get("group", ""))

    def on_needs_set(self, said: dict[str, Any], now: int) -> None:
        """What it needs is known; the clocks of its priority run anew for it."""
        incident = self.incidents[said["incident"]]
        incident.needs = {one["id"]: (one.get("count", 1), one.get("agency", "")) for one in said["requirements"]}
        for part in incident.parts:
            part.need = "" if part.need not in incident.needs else part.need
        for filler in said.get("fillers", ()):
            filling = incident.part(filler["unit"])
            if filling is not None:
                filling.need = filler["need"]
        incident.lacking_since = now if incident.lacking() else None

    def on_needs_added(self, said: dict[str, Any], now: int) -> None:
        """More is needed, and is looked at soon."""
        incident = self.incidents[said["incident"]]
        incident.needs |= {one["id"]: (one.get("count", 1), one.get("agency", "")) for one in said["requirements"]}
        for filler in said.get("fillers", ()):
            filling = incident.part(filler["unit"])
            if filling is not None:
                filling.need = filler["need"]
        incident.lacking_since = now if incident.lacking() else None

    def on_need_waived(self, said: dict[str, Any], now: int) -> None:
        """So many are given up."""
        del now
        self.incidents[said["incident"]].waived[said["need"]] += said["count"]

    def on_need_reinstated(self, said: dict[str, Any], now: int) -> None:
        """They are needed after all."""
        incident = self.incidents[said["incident"]]
        incident.waived.pop(said["need"], None)
        incident.lacking_since = now if incident.lacking() else None

    def on_priority_changed(self, said: dict[str, Any], now: int) -> None:
        """More urgent than was thought."""
        incident = self.incidents[said["incident"]]
        incident.priority = said["priority"]
        incident.lacking_since = now if incident.lacking() else None

    def on_incident_closed(self, said: dict[str, Any], now: int) -> None:
        """Nothing is lacking any more."""
        del now
        self.incidents[said["incident"]].closed = True

    def on_incident_reopened(self, said: dict[str, Any], now: int) -> None:
        """Something is, after all; `resumed` when only a merge had closed it."""
        del now
        incident = self.incidents[said["incident"]]
        incident.closed = False
        if not said.get("resumed", False):
            incident.filled_from = 1 + max((one.sequence for one in incident.parts), default=0)

    def on_wait_overdue(self, said: dict[str, Any], now: int) -> None:
        """It was said that it waits."""
        incident = self.incidents[said["incident"]]
        incident.told, incident.told_at, incident.acknowledged = said["level"], now, False

    def on_overdue_acknowledged(self, said: dict[str, Any], now: int) -> None:
        """Somebody has seen it."""
        del now
        self.incidents[said["incident"]].acknowledged = True

    def on_unit_assigned(self, said: dict[str, Any], now: int) -> None:
        """A unit works on it."""
        incident = self.incidents[said["incident"]]
        sequence = 1 + max((one.sequence for one in incident.parts), default=0)
        incident.parts.append(Part(said["unit"], sequence, said.get("need", ""), now))
        self.work.setdefault(said["unit"], {})[said["incident"]] = None

    def on_assignment_ended(self, said: dict[str, Any], now: int) -> None:
        """It does so no more; what it stood for may be missing again, and is watched from now on."""
        incident = self.incidents[said["incident"]]
        part = incident.part(said["unit"])
        if part is not None:
            part.open = False
        self.work.get(said["unit"], {}).pop(said["incident"], None)
        incident.lacking_since = now if incident.lacking() else None

    def on_assignment_moved(self, said: dict[str, Any], now: int) -> None:
        """A merge or a split has taken its part along."""
        before, incident, unit = self.incidents[said["before"]], self.incidents[said["incident"]], said["unit"]
        part = before.part(unit)
        if part is not None:
            before.parts.remove(part)
            part.sequence, part.need, part.assigned_at = said["sequence"], said.get("stand", {}).get("need", ""), now
            incident.parts.append(part)
        if part is not None and part.open:  # a split gives back what has ended, too
            self.work.setdefault(unit, {}).pop(said["before"], None)
            self.work[unit][said["incident"]] = None
        for one in (before, incident):
            one.lacking_since = now if one.lacking() else None

    def on_status_reported(self, said: dict[str, Any], now: int) -> None:
        """What a unit says that it does."""
        del now
        status = said["status"]
        self.statuses[said["unit"]] = status
        incident = self.incidents.get(said.get("incident", ""))
        part = incident.part(said["unit"]) if incident is not None else None
        if part is not None:
            part.arrived = part.arrived or status in HERE
            part.left = part.left or status in GONE

    def on_quality_noted(self, said: dict[str, Any], now: int) -> None:
        """What a unit's positions are worth."""
        del now
        self.quality[said["unit"]] = said["quality"]

    # Alerts

    def on_alert_raised(self, said: dict[str, Any], now: int) -> None:
        """Somebody is to be told."""
        self.alerts[said["alert"]] = Alert(said["incident"], said["unit"], said["purpose"], now)

    def on_alert_queued(self, said: dict[str, Any], now: int) -> None:
        """A path is waited for, for so long."""
        alert = self.alerts[said["alert"]]
        alert.keys.append(said["key"])
        alert.waits_since, alert.bears_ms, alert.standing = now, said["path"].get("wait_ms", 30_000), ""

    def on_alert_receipt(self, said: dict[str, Any], now: int) -> None:
        """Something was heard."""
        del now
        alert = self.alerts[said["alert"]]
        alert.proven = alert.proven or said["step"] in PROOFS

    def on_voice_needed(self, said: dict[str, Any], now: int) -> None:
        """A person must say it, and is reminded."""
        alert = self.alerts[said["alert"]]
        alert.waits_since, alert.bears_ms, alert.standing = now, 60_000, ""

    def on_voice_taken(self, said: dict[str, Any], now: int) -> None:
        """A person does."""
        self.on_voice_needed(said, now)

    def on_alert_settled(self, said: dict[str, Any], now: int) -> None:
        """The chase is over."""
        del now
        alert = self.alerts[said["alert"]]
        alert.waits_since, alert.standing, alert.evidence = None, said["standing"], said.get("evidence", "")

    # Danger, and who watches

    def on_emergency_raised(self, said: dict[str, Any], now: int) -> None:
        """It waits to be heard."""
        self.dangers[said["unit"]] = Danger(now)

    def on_emergency_acknowledged(self, said: dict[str, Any], now: int) -> None:
        """Heard."""
        del now
        self.dangers[said["unit"]].heard = True

    def on_emergency_cleared(self, said: dict[str, Any], now: int) -> None:
        """Over."""
        del now
        self.dangers.pop(said["unit"], None)

    def on_warning_raised(self, said: dict[str, Any], now: int) -> None:
        """It was said aloud that something should have happened."""
        del now
        danger = self.dangers.get(said.get("unit", ""))
        if said["what"] == "emergency" and danger is not None:
            danger.alarmed = True

    def on_group_defined(self, said: dict[str, Any], now: int) -> None:
        """A group is for these agencies."""
        del now
        self.groups[said["group"]] = Group(list(said.get("agencies", ())), said.get("supervises", False))

    def on_seat_signed_on(self, said: dict[str, Any], now: int) -> None:
        """Somebody watches."""
        del now
        self.seats[said["seat"]] = list(said["groups"])
        self.lost_seats.pop(said["seat"], None)

    def on_seat_signed_off(self, said: dict[str, Any], now: int) -> None:
        """Nobody does any more."""
        del now
        self.seats.pop(said["seat"], None)
        self.lost_seats.pop(said["seat"], None)

    def on_seat_lost(self, said: dict[str, Any], now: int) -> None:
        """Its stream is gone."""
        self.lost_seats[said["seat"]] = now

    def on_seat_found(self, said: dict[str, Any], now: int) -> None:
        """It is back."""
        del now
        self.lost_seats.pop(said["seat"], None)

    def on_coverage_lost(self, said: dict[str, Any], now: int) -> None:
        """An alarm says that nobody watches."""
        del now
        self.groups[said["group"]].alarm = True

    def on_coverage_restored(self, said: dict[str, Any], now: int) -> None:
        """Somebody does."""
        del now
        self.groups[said["group"]].alarm = False
