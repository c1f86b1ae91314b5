"""What dispatch promises of a whole shift, worked out anew from its state, its timers and its journal.

None of it asks the rules whether they did right: who sees what, who was told and what still runs is reckoned here from
the plain facts, so that a rule that goes wrong does not vouch for itself.
"""

from collections import Counter

import msgspec

from redstick.dispatch.alerting.chase import Purpose, Standing
from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.recommendation.asking import Unlocated, question_of
from redstick.dispatch.recommendation.question import Policy
from redstick.dispatch.recommendation.recommending import recommend
from redstick.dispatch.rules.alerts import AlertRaised
from redstick.dispatch.rules.callbacks import Attempt
from redstick.dispatch.rules.calls import CallState
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.overdue import Level
from redstick.dispatch.rules.rotation import Answer
from redstick.dispatch.rules.warnings import What
from redstick.dispatch.status_table import Status
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Executor

from .shifts import DAY, HOUR, asked

S = Status
STATIONS = {"S1": (0, 0), "S2": (10_000, 0)}


def running(shift):
    """The keys of the timers that run."""
    return {timer.key for timer in shift.driver.executor._committed.timers.all()}


def told_anew(shift, snapshot=None):
    """The fold as bytes, from the journal alone, or from a snapshot and what came behind it."""
    executor = Executor([shift.domain])
    read = msgspec.json.decode(snapshot, type=type(executor.snapshot())) if snapshot is not None else None
    driver = SynchronousDriver(executor, shift.journal, snapshot=read)
    return msgspec.json.encode(driver.executor.snapshot())


# What is seen


def unseen_needs(state):
    """Incidents that lack a unit, whose groups no seat watches and none of whose groups has an alarm."""
    signed_on = {group for seat in state.seats.values() for group in seat.groups}
    watched = {n for n, group in state.groups.items() if n in signed_on or group.combined_into in signed_on}
    alarmed = {name for name, group in state.groups.items() if group.alarm is not None}
    if not state.groups:
        return []
    return [
        (incident.id, agency)
        for incident in state.incidents.values()
        for agency in lacking(incident)
        if not (owning := _owning(state, agency or incident.group, incident.zones)) & watched and not owning & alarmed
    ]


def lacking(incident):
    """The agencies of the requirements that are neither filled nor waived; "" for none by name."""
    if incident.closed_at is not None:
        return []
    parts = [one for one in (*incident.earlier, *incident.assignments.values()) if one.sequence >= incident.filled_from]
    there = {"on_scene", "patient_contact", "transport", "at_hospital"}
    parts = [one for one in parts if one.ended_at is None or there & set(one.stamps)]
    if not incident.needs:
        return [] if parts else [""]
    filled = Counter(need for _, need in {(one.unit, one.need) for one in parts})
    return [
        need.requirement.agency
        for need in incident.needs
        if need.requirement.count > filled[need.requirement.id] + sum(waiver.count for waiver in need.waivers)
    ]


def _owning(state, agency, zones):
    """The groups to which such a need belongs: those of the agency and area, else the supervisors, else all."""

    def takes(group):
        if group.supervises and not group.agencies and not group.areas:
            return False
        here = not group.areas or any(zones.get(area.layer, area.zone) == area.zone for area in group.areas)
        return here and (not group.agencies or not agency or agency in group.agencies)

    taking = {name for name, group in state.groups.items() if takes(group)}
    return taking or {name for name, group in state.groups.items() if group.supervises} or set(state.groups)


# What is chased, and what is watched


def forgotten(shift):
    """What waits for somebody, while no timer runs that would say so, and it was not said as loud as it gets."""
    keys, state = running(shift), shift.state
    waits = [*_forgotten_incidents(keys, state), *_forgotten_work(keys, state)]
    return [*waits, *_forgotten_alerts(keys, state), *_forgotten_seats(keys, state)]


def _forgotten_incidents(keys, state):
    for incident in state.incidents.values():
        said = [one for one in incident.overdue.values() if one.level == Level.ESCALATED or one.acknowledged_by]
        waits = any(key.startswith(f"dispatch/waits/{incident.id}/") for key in keys)
        if lacking(incident) and not waits and not said:
            yield f"{incident.id} lacks a unit and no clock runs"


def _forgotten_work(keys, state):
    warned = {(one.what, one.incident, one.unit) for one in state.warnings.values()}
    for incident in state.incidents.values():
        parts = [] if incident.paper is not None else incident.assignments.values()
        for part in parts:
            what = _awaited(set(part.stamps))
            if part.ended_at is not None or what is None:
                continue
            known = (what, incident.id, part.unit) in warned
            if f"dispatch/{what}/{incident.id}/{part.unit}" not in keys and not known:
                yield f"{part.unit} at {incident.id} is awaited ({what}) and no clock runs"


def _awaited(stamps):
    """What is to happen next of a unit's part; None where nobody waits for anything."""
    if "dispatched" not in stamps or stamps & {"transport", "at_hospital", "clear", "available"}:
        return None
    if stamps & {"staged", "patient_contact"}:
        return None
    if "on_scene" in stamps:
        return What.WELFARE
    if "en_route" in stamps:
        return What.TRAVEL
    return What.TURNOUT


def _forgotten_alerts(keys, state):
    for incident in state.incidents.values():
        for alert in incident.alerts.values():
            if alert.chased and f"dispatch/alert/{alert.id}" not in keys:
                yield f"alert {alert.id} is chased and no clock runs"


def _forgotten_seats(keys, state):
    for name, group in state.groups.items():
        alarm = group.alarm
        unheard = alarm is not None and not alarm.acknowledged_by and alarm.escalated_at is None
        if unheard and f"dispatch/coverage/{name}" not in keys:
            yield f"nobody watches {name} and no clock runs"


def unproven_cancels(shift):
    """Units that were told to come, called back, and neither told so, nor chased, nor overtaken by being sent anew."""
    raised = {(one.incident, one.unit, one.sequence) for one in shift.happened(AlertRaised) if one.purpose == "cancel"}
    for moved in shift.happened(AssignmentMoved):  # a merge is undone: what was called back there came back here
        if (moved.before, moved.unit, moved.was) in raised:
            raised.add((moved.incident, moved.unit, moved.sequence))
    for incident in shift.state.incidents.values():
        for alert in incident.alerts.values():
            if alert.purpose is not Purpose.CANCEL or alert.chased:
                continue
            proven = any(attempt.proven for attempt in alert.attempts) or alert.evidence.startswith("status ")
            due = {
                Standing.ALERTED: proven, Standing.VOICED: bool(alert.taken_by), Standing.WITHHELD: True,
                Standing.ENDED: alert.evidence.startswith("overtaken"),
            }  # fmt: skip
            if not due[alert.standing]:
                yield f"{alert.id} rests without proof: {alert.standing} {alert.evidence}"
        for part in (*incident.earlier, *incident.assignments.values()):
            begun = f"{incident.id}/{part.unit}/{part.sequence}/{Purpose.DISPATCH}/"
            told = [
                one for name, one in incident.alerts.items()
                if name.startswith(begun) and (one.standing is not Standing.WITHHELD or one.attempts)
            ]  # fmt: skip
            if part.ending == "cancelled" and told and (incident.id, part.unit, part.sequence) not in raised:
                yield f"{part.unit} was told of {incident.id}, called back, and nobody says so"


def chased_in_vain(state):
    """Alerts that still call a unit to what it is done with, or that knows by its own word."""
    for incident in state.incidents.values():
        parts = {(one.unit, one.sequence): one for one in (*incident.earlier, *incident.assignments.values())}
        for alert in incident.alerts.values():
            part = parts.get((alert.unit, alert.sequence))
            over = part is None or part.ended_at is not None
            if alert.chased and alert.purpose is Purpose.DISPATCH and over:
                yield f"{alert.id} is chased, and the unit is done"


def owed_to_nobody(state):
    """Calls that hung up unanswered, and whose number stands in no entry of the callback queue."""
    owed = {call for entry in state.callbacks.values() for call in entry.calls}
    hung_up = (CallState.ABANDONED, CallState.CALLBACK_QUEUED, CallState.CALLBACK_EXHAUSTED)
    return [call.id for call in state.calls.values() if call.state in hung_up and call.id not in owed]


# What comes once


def fired_twice(shift):
    """Timers whose command was decided more than once."""
    parts = Counter()
    for envelope in map(opened, shift.journal.read()):
        if envelope.cause.startswith("timer:"):
            parts[envelope.cause, envelope.parts] += 1
    causes = Counter(cause for cause, _ in parts)
    return [key for key, lines in parts.items() if lines != key[1] or causes[key[0]] > 1]


def recommendations(shift):
    """Question and answer for every open incident that has a place."""
    for incident in list(shift.state.incidents.values()):
        if incident.closed_at is None:
            try:
                question = question_of(shift.state, incident, shift.now, STATIONS, Policy())
            except Unlocated:
                continue
            yield question, recommend(question, None)


# The end of a shift


def everybody_answers(shift):
    """Whatever waits for a person or a device is answered, as it comes up, and time passes."""
    shift.ask(asked("SignOn", seat="s9", person="J. Doe", groups=list(shift.state.groups), despite="the end"))
    for _ in range(8):
        for command in list(_answers(shift.state)):
            shift.ask(command)
        shift.wait(HOUR)
    shift.wait(3 * DAY)


def _answers(state):
    me = "J. Doe"
    yield from _calls_answered(state)
    for unit in state.units.values():
        if unit.emergency_at is not None:
            yield asked("AcknowledgeEmergency", unit=unit.id, by=me)
            yield asked("ClearEmergency", unit=unit.id, by=me, reason="well")
    yield from (asked("EndStop", unit=unit, how="done") for unit in state.stops)
    for incident in state.incidents.values():
        yield from _alerts_answered(incident, me)
        if incident.closed_at is None:
            roll = state.rolls.get(incident.id)
            missing = list(roll.missing) if roll is not None else []
            yield from (asked("AnswerRoll", incident=incident.id, unit=unit, persons=2, by=me) for unit in missing)
            working = [part.unit for part in incident.assignments.values() if part.ended_at is None]
            yield from (asked("ReleaseUnit", incident=incident.id, unit=unit) for unit in working)
            yield asked("CloseIncident", incident=incident.id, disposition="01")
    for entry in state.paper.entries.values():
        yield asked("SettleCard", entry=entry.id, by=me, keep=False, reason="never mind")
    for name, rotation in state.rotations.items():
        if rotation.offer is not None:
            gone = Answer.WITHDRAWN
            yield asked("AnswerRotation", rotation=name, offer=rotation.offer.id, answer=gone, by=me, reason="over")


def _calls_answered(state):
    for call in state.calls.values():
        if call.state is CallState.PRESENTED:
            yield asked("AnswerCall", call=call.id, seat="s9")
        yield asked("ResumeCall", call=call.id, seat=call.seat or "s9")
        yield asked("EndCall", call=call.id)
    for owed in state.callbacks.values():
        if owed.exhausted:
            yield asked("CloseCallback", number=owed.number, by="J. Doe", reason="nobody there")
        else:
            result = Attempt.REACHED
            yield asked("AttemptCallback", number=owed.number, seat=owed.seat or "s9", result=result)


def _alerts_answered(incident, me):
    for alert in incident.alerts.values():
        if alert.standing is Standing.TO_VOICE:
            yield asked("TakeVoice", incident=incident.id, alert=alert.id, by=me)
            yield asked("ReportVoiced", incident=incident.id, alert=alert.id, by=me, how="radio")
        elif alert.standing is Standing.TRYING:
            key = alert.attempts[-1].key
            yield asked("ReportReceipt", incident=incident.id, alert=alert.id, key=key, step=Step.ACCEPTED)


def left_over(shift):
    """What is still there after everybody has answered and three days have passed."""
    state = shift.state
    for name in ("incidents", "calls", "callbacks", "reservations", "rolls", "stops"):
        if getattr(state, name):
            yield name, list(getattr(state, name))
    standing = [one.id for one in state.warnings.values() if one.what not in {What.SILENCE, What.SHIFT}]
    if standing:
        yield "warnings", standing
    working = [unit.id for unit in state.units.values() if unit.work]
    if working:
        yield "units", working
    mine = ("dispatch/waits/", "dispatch/alert/", "dispatch/retire/", "dispatch/escalate/")
    late = [key for key in running(shift) if key.startswith(mine)]
    if [key for key in late if "silence" not in key and "shift" not in key]:
        yield "timers", late


def status_inputs(state):
    """Every status of every unit that is known."""
    return [(unit, status) for unit in state.units for status in Status]


def decided_alike(shift):
    """Whether what deciders see is what everyone sees."""
    executor = shift.driver.executor
    return msgspec.json.encode(executor._decided.states["dispatch"]) == msgspec.json.encode(shift.state)
