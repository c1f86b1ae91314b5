"""For each event, what takes it back while that is possible; where it is not, why, and what can be done instead.

A thing that is not any more as the act left it is not taken back: somebody has gone on from there. What has left the
house is not taken back either: that is a cancel with receipts, and is called so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from redstick.dispatch.alerting.chase import Purpose
from redstick.dispatch.bar.before import closed_before, held_before, status_before, watched_before, zones_before
from redstick.dispatch.bar.history import UNDO, Act, History
from redstick.dispatch.bar.reader import brief
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules import (
    accountability,
    assignments,
    bolos,
    callbacks,
    calls,
    command_board,
    crews,
    exchanges,
    groups,
    incidents,
    links,
    moveups,
    needs,
    seats,
    stacking,
    stops,
    talkgroups,
    units,
)
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch
from redstick.dispatch.status_table import NAMES, Status
from redstick.kernel.values import Command, Event
from redstick.published.dispatch import CallAnswered, CallHeld, CallLeft, CallResumed, SeatSignedOff

TAKEN_BACK = "taken back"


class Inverse(NamedTuple):
    """The commands that take an event back and what they come to; or `why` not, and the line to type `instead`."""

    commands: tuple[Command, ...] = ()
    words: str = ""
    why: str = ""
    instead: str = ""


class Then(NamedTuple):
    """What an inverse is made of: the state now, the act, what was before it, and who takes it back."""

    state: Dispatch
    act: Act
    history: History
    person: str
    seat: str


def back(words: str, *commands: Command) -> Inverse:
    """It can be taken back."""
    return Inverse(commands, words)


def no(why: str, instead: str = "") -> Inverse:
    """It cannot."""
    return Inverse(why=why, instead=instead)


def _ref(incident: Incident) -> str:
    return f"#{incident.number or incident.id}"


def _gone_on(words: str) -> Inverse:
    return no(f"{words}: somebody has gone on from there")


def of_priority(then: Then, event: incidents.PriorityChanged) -> Inverse:
    """As it was."""
    incident = then.state.incidents.get(event.incident)
    if incident is None or incident.priority != event.priority or incident.closed_at is not None:
        return _gone_on("its priority is another by now")
    return back(f"{brief(incident)}: priority {event.was} again", incidents.ChangePriority(incident.id, event.was))


def of_kind(then: Then, event: incidents.IncidentRetyped) -> Inverse:
    """As it was."""
    incident = then.state.incidents.get(event.incident)
    if incident is None or incident.kind != event.kind or incident.closed_at is not None:
        return _gone_on("its kind is another by now")
    return back(f"{brief(incident)} is {event.was or 'of no kind'} again",
                incidents.RetypeIncident(incident.id, event.was))  # fmt: skip


def of_move(then: Then, event: incidents.IncidentMoved) -> Inverse:
    """Where it was, in the zones that it was in; that it was moved stays in its history."""
    incident = then.state.incidents.get(event.incident)
    if incident is None or incident.place != event.place or incident.closed_at is not None:
        return _gone_on("it is elsewhere by now")
    zones = zones_before(then.history.facts, incident.id, then.act.position)
    if zones is None:
        return no("where it was lies too far back in the journal", f"{_ref(incident)} at ")
    former = incident.former_places[-1]
    return back(f"{brief(incident)} is at {former.text or 'no place'} again",
                incidents.MoveIncident(incident.id, former, zones))  # fmt: skip


def of_opening(then: Then, event: incidents.IncidentOpened) -> Inverse:
    """Called off, while nobody was sent: an incident is never deleted."""
    incident = then.state.incidents.get(event.incident)
    if incident is None or incident.closed_at is not None:
        return _gone_on("it is closed by now")
    if incident.assignments or incident.earlier:
        return no("units were sent to it", f"{_ref(incident)} cancel ")
    words = f"Calls {brief(incident)} off as opened by mistake: it stays in the record"
    return back(words, incidents.CloseIncident(incident.id, "opened by mistake", cancelled=True))


def of_closing(then: Then, event: incidents.IncidentClosed) -> Inverse:
    """Open again; what it had needed is asked for anew."""
    incident = then.state.incidents.get(event.incident)
    if incident is None or incident.closed_at is None:
        return _gone_on("it is open by now")
    return back(f"Opens {brief(incident)} again: it waits for what the plan sends as if it were new",
                incidents.ReopenIncident(incident.id, TAKEN_BACK))  # fmt: skip


def of_reopening(then: Then, event: incidents.IncidentReopened) -> Inverse:
    """Closed as it had been."""
    incident = then.state.incidents.get(event.incident)
    was = closed_before(then.history.facts, event.incident, then.act.position)
    if event.resumed:
        return Inverse()  # comes with a split, which takes it back as a whole
    if incident is None or was is None:
        return no("how it had ended lies too far back", f"#{event.incident} close ")
    return back(f"Closes {brief(incident)} as before: {was.disposition}",
                incidents.CloseIncident(incident.id, was.disposition, was.cancelled, was.dispositions))  # fmt: skip


def of_assignment(then: Then, event: assignments.UnitAssigned) -> Inverse:
    """Withdrawn, while no alert has left and the unit has said nothing; its status is as it was before."""
    incident, unit = then.state.incidents.get(event.incident), then.state.units.get(event.unit)
    if incident is None or unit is None or event.unit not in incident.assignments or event.incident not in unit.work:
        return _gone_on(f"{event.unit} is not on it any more")
    cancel = f"{unit.id} release {_ref(incident)} cancelled"
    if unit.status not in (Status.ASG, Status.DSP):
        return no(f"{unit.id} is {NAMES[unit.status]}: it knows. Cancel it with receipts", cancel)
    alerts = [one for one in incident.alerts.values() if one.unit == unit.id and one.purpose is Purpose.DISPATCH]
    if any(attempt.receipts for alert in alerts for attempt in alert.attempts) or any(not o.chased for o in alerts):
        return no(f"the alert of {unit.id} has left: cancel it with receipts", cancel)
    was = status_before(then.history.facts, unit.id, then.act.position)
    if was is None:
        return no(f"what {unit.id} did before lies too far back: cancel it with receipts", cancel)
    again = f"; {unit.id} is {NAMES[was]} again"
    untold = "" if alerts else "; no alert is chased: tell them by radio, if they have heard"
    return back(
        f"{unit.id} is not sent to {brief(incident)}{again}{untold}",
        assignments.ReleaseUnit(incident.id, unit.id, "withdrawn"),
        units.ReportStatus(unit.id, str(was)),
    )


def of_release(then: Then, event: assignments.AssignmentEnded) -> Inverse:
    """Its part is over; sending it again is a new one."""
    incident = then.state.incidents.get(event.incident)
    if then.act.what == UNDO and incident is not None:
        words = f"{event.unit} is sent to {brief(incident)} again, and alerted"
        return back(words, assignments.AssignUnits(incident.id, [event.unit]))
    again = f"d {_ref(incident)} {event.unit}" if incident is not None and incident.closed_at is None else ""
    return no(f"the part of {event.unit} is over: send it again, as a new one", again)


def of_status(then: Then, event: units.StatusReported) -> Inverse:
    """The status before; the time that was stamped stays, and can be corrected."""
    unit = then.state.units.get(event.unit)
    if unit is None or unit.status is not event.status:
        return _gone_on(f"{event.unit} does something else by now")
    was = status_before(then.history.facts, unit.id, then.act.position)
    if was is None:
        return no(f"what {unit.id} did before lies too far back: say its status")
    stays = ". The time that was stamped stays in the record" if event.incident else ""
    return back(f"{unit.id} is {NAMES[was]} again{stays}", units.ReportStatus(unit.id, str(was), event.incident))


def of_secondaries(then: Then, event: units.SecondariesChanged) -> Inverse:
    """What was added goes, what went comes back."""
    del then
    return back(f"{event.unit}: beside its status as before",
                units.ChangeSecondaries(event.unit, list(event.removed), list(event.added)))  # fmt: skip


def of_emergency(then: Then, event: units.EmergencyRaised) -> Inverse:
    """Never: a person ends it by name, with a reason."""
    del then
    return no("an emergency is never taken back: end it by name, with a reason", f"em {event.unit} clear ")


def of_emergency_cleared(then: Then, event: units.EmergencyCleared) -> Inverse:
    """Raised again, and waits to be heard again."""
    del then
    return back(f"EMERGENCY of {event.unit} again", units.RaiseEmergency(event.unit, "not over after all"))


def of_merge(then: Then, event: links.IncidentReplaced) -> Inverse:
    """Split."""
    gone, stays = then.state.incidents.get(event.replaced), then.state.incidents.get(event.incident)
    if gone is None or stays is None or gone.replaced_by != stays.id:
        return _gone_on("they are apart by now")
    return back(f"{brief(gone)} is its own again", links.SplitIncident(stays.id, gone.id, TAKEN_BACK))


def of_split(then: Then, event: links.IncidentSplit) -> Inverse:
    """Merged."""
    gone, stays = then.state.incidents.get(event.replaced), then.state.incidents.get(event.incident)
    if gone is None or stays is None or gone.replaced_by or stays.closed_at is not None:
        return _gone_on("they stand otherwise by now")
    return back(f"{brief(gone)} goes on in {brief(stays)} again", links.MergeIncidents(stays.id, gone.id, TAKEN_BACK))


def of_link(then: Then, event: links.IncidentsLinked) -> Inverse:
    """As they were linked before, or not."""
    del then
    if event.was:
        return back("Linked as before", links.LinkIncidents(event.incident, event.other, Relation(event.was)))
    return back("Linked no more", links.UnlinkIncidents(event.incident, event.other))


def of_unlink(then: Then, event: links.IncidentsUnlinked) -> Inverse:
    """Linked."""
    del then
    return back("Linked as before", links.LinkIncidents(event.incident, event.other, event.was))


def of_hold(then: Then, event: stacking.IncidentHeld) -> Inverse:
    """Not held."""
    incident = then.state.incidents.get(event.incident)
    if incident is None or incident.held is None:
        return _gone_on("it is not held any more")
    return back(f"{brief(incident)} is not held", stacking.EndHold(incident.id, TAKEN_BACK))


def of_hold_ended(then: Then, event: stacking.HoldEnded) -> Inverse:
    """Held, as it was."""
    incident = then.state.incidents.get(event.incident)
    was = held_before(then.history.facts, event.incident, then.act.position)
    if incident is None or was is None or incident.held is not None:
        return no("how it was held lies too far back", f"#{event.incident} hold ")
    return back(f"{brief(incident)} is held as before",
                stacking.HoldIncident(incident.id, was.by, was.reason, was.review_at))  # fmt: skip


def of_attach(then: Then, event: calls.CallAttached) -> Inverse:
    """The call speaks of what it spoke of before."""
    if any(isinstance(one, incidents.IncidentOpened) for one in then.act.events):
        return Inverse()  # it goes with the incident that was opened for it
    if event.before:
        return back("The call speaks of what it did before", calls.AttachCall(event.call, event.before))
    return back("The call speaks of no incident", calls.DetachCall(event.call))


def of_detach(then: Then, event: calls.CallDetached) -> Inverse:
    """It speaks of it again."""
    del then
    return back("The call speaks of the incident again", calls.AttachCall(event.call, event.incident))


def of_call_held(then: Then, event: CallHeld) -> Inverse:
    """Spoken with again."""
    return back("The caller is spoken with again", calls.ResumeCall(event.call, then.seat))


def of_waiver(then: Then, event: needs.NeedWaived) -> Inverse:
    """Needed again."""
    return back(f"{event.need} is waited for again",
                needs.ReinstateNeed(event.incident, event.need, then.person, TAKEN_BACK))  # fmt: skip


def of_reinstated(then: Then, event: needs.NeedReinstated) -> Inverse:
    """Waived."""
    return back(f"{event.need} is waived again", needs.WaiveNeed(event.incident, event.need, then.person, TAKEN_BACK))


def of_moveup(then: Then, event: moveups.MoveUpOrdered) -> Inverse:
    """Not moved, while it has not gone."""
    unit = then.state.units.get(event.unit)
    if unit is None or unit.status is Status.MVU:
        return no(f"{event.unit} is moving: tell it by radio")
    return back(f"{event.unit} is not moved up", moveups.DeclineMoveUp(event.unit, then.person, TAKEN_BACK))


def of_benchmark(then: Then, event: command_board.BenchmarkReached) -> Inverse:
    """It was not reached."""
    taken = command_board.TakeBackBenchmark(event.incident, event.benchmark, then.person, TAKEN_BACK)
    return back(f"{event.benchmark} was not reached", taken)


def of_sign_on(then: Then, event: seats.SeatSignedOn) -> Inverse:
    """What the seat watched before, or nothing."""
    seat, was = then.state.seats.get(event.seat), watched_before(then.history.facts, event.seat, then.act.position)
    if seat is None or seat.groups != event.groups or seat.person != then.person:
        return _gone_on("the seat watches something else by now")
    if was is None:
        return back(f"{event.seat} watches nothing", seats.SignOff(event.seat))
    return back(f"{event.seat} watches {', '.join(was.groups)} again",
                seats.SignOn(event.seat, then.person, list(was.groups)))  # fmt: skip


def of_sign_off(then: Then, event: SeatSignedOff) -> Inverse:
    """It watches again what it did."""
    was = watched_before(then.history.facts, event.seat, then.act.position)
    if was is None or event.seat in then.state.seats:
        return no("what it watched lies too far back", "on ")
    return back(f"{event.seat} watches {', '.join(was.groups)} again",
                seats.SignOn(event.seat, then.person, list(was.groups)))  # fmt: skip


def of_call_left(then: Then, event: CallLeft) -> Inverse:
    """The seat that is back speaks on it again, unless another has taken it or it is over."""
    call = then.state.calls.get(event.call)
    if call is None or not call.left or call.seat != event.seat:
        return back("")
    return back(f"{event.seat} speaks on {event.call} again", calls.AnswerCall(event.call, event.seat))


def of_callback_left(then: Then, event: callbacks.CallbackLeft) -> Inverse:
    """The seat that is back tries the number again, unless another does or it is settled."""
    owed = then.state.callbacks.get(event.number)
    if owed is None or owed.seat:
        return back("")
    return back(f"{event.seat} calls {event.number} back again", callbacks.ClaimCallback(event.number, event.seat))


def of_bolo(then: Then, event: bolos.BoloIssued) -> Inverse:
    """It has gone out to everyone on duty."""
    del then
    return no("it has been sent: cancel it with receipts", f"bolo cancel {event.bolo} ")


def of_primary(then: Then, event: exchanges.PrimaryChosen) -> Inverse:
    """The one before."""
    del then
    return back(f"{event.unit} works first on what it did before", exchanges.ChoosePrimary(event.unit, event.was))


def _simple(words: str, ask: Callable[[Then, Any], Command]) -> Callable[[Then, Any], Inverse]:
    return lambda then, event: back(words, ask(then, event))


def _never(why: str) -> Callable[[Then, Any], Inverse]:
    return lambda _then, _event: no(why)


INVERSES: dict[type[Event], Callable[[Then, Any], Inverse]] = {
    incidents.PriorityChanged: of_priority,
    incidents.IncidentRetyped: of_kind,
    incidents.IncidentMoved: of_move,
    incidents.IncidentOpened: of_opening,
    incidents.IncidentClosed: of_closing,
    incidents.IncidentReopened: of_reopening,
    incidents.AlarmRaised: _never("an alarm that was struck stays struck"),
    incidents.NoteAdded: _never("the narrative keeps every line: add what is right"),
    assignments.UnitAssigned: of_assignment,
    assignments.AssignmentEnded: of_release,
    units.StatusReported: of_status,
    units.SecondariesChanged: of_secondaries,
    units.EmergencyRaised: of_emergency,
    units.EmergencyCleared: of_emergency_cleared,
    links.IncidentReplaced: of_merge,
    links.IncidentSplit: of_split,
    links.IncidentsLinked: of_link,
    links.IncidentsUnlinked: of_unlink,
    stacking.IncidentHeld: of_hold,
    stacking.HoldEnded: of_hold_ended,
    stacking.IncidentStacked: _simple(
        "It waits for the unit no more", lambda _, one: stacking.UnstackIncident(one.incident, one.unit, TAKEN_BACK)
    ),
    stacking.IncidentUnstacked: _simple(
        "It waits for the unit again", lambda _, one: stacking.StackIncident(one.incident, one.unit)
    ),
    stacking.UnitPreassigned: _simple(
        "The unit is kept for nothing", lambda _, one: stacking.EndPreassignment(one.unit, TAKEN_BACK)
    ),
    stacking.PreassignmentEnded: _simple(
        "The unit is kept for it again", lambda _, one: stacking.PreassignUnit(one.incident, one.unit)
    ),
    calls.CallAttached: of_attach,
    calls.CallDetached: of_detach,
    CallHeld: of_call_held,
    CallResumed: _simple("The caller waits on the line", lambda _, one: calls.HoldCall(one.call)),
    CallAnswered: _never("a caller was heard: hold the call, or hand it on"),
    calls.CallEnded: _never("the line is closed: call back"),
    needs.NeedWaived: of_waiver,
    needs.NeedReinstated: of_reinstated,
    exchanges.PrimaryChosen: of_primary,
    seats.SeatSignedOn: of_sign_on,
    SeatSignedOff: of_sign_off,
    CallLeft: of_call_left,
    callbacks.CallbackLeft: of_callback_left,
    bolos.BoloIssued: of_bolo,
    moveups.MoveUpOrdered: of_moveup,
    command_board.BenchmarkReached: of_benchmark,
    command_board.BenchmarkTakenBack: _simple(
        "It was reached", lambda then, one: command_board.MarkBenchmark(one.incident, one.benchmark, then.person)
    ),
    groups.GroupsCombined: _simple(
        "The groups are apart again", lambda then, one: groups.SplitGroup(one.group, then.person)
    ),
    groups.GroupSplit: _simple(
        "The groups are one again", lambda then, one: groups.CombineGroups(one.group, one.out_of, then.person)
    ),
    talkgroups.TalkgroupAssigned: _simple(
        "The talkgroup is free", lambda _, one: talkgroups.ReleaseTalkgroup(one.talkgroup)
    ),
    talkgroups.TalkgroupReleased: _simple(
        "It has its talkgroup again", lambda _, one: talkgroups.AssignTalkgroup(one.incident, one.talkgroup)
    ),
    accountability.AccountabilityStarted: _simple(
        "Nobody is accounted for any more",
        lambda then, one: accountability.EndAccountability(one.incident, then.person),
    ),
    stops.StopMade: _simple(
        "The stop ends as entered by mistake", lambda _, one: stops.EndStop(one.unit, "by mistake")
    ),
    crews.CrewFormed: _simple("They have crews of their own", lambda _, one: crews.DisbandCrew(one.crew)),
    crews.CrewDisbanded: _simple("One crew again", lambda _, one: crews.FormCrew(one.crew, list(one.units))),
}

# What goes with another event of the same act and needs nothing of its own when that is taken back, or is a record.
GOES_ALONG = frozenset(
    {"dispatch.needs_set", "dispatch.recommendation_recorded", "dispatch.roll_opened", "dispatch.incident_unstacked"}
    | {"dispatch.preassignment_ended", "dispatch.assignment_moved", "dispatch.talkgroup_released"}
    | {"dispatch.coverage_lost", "dispatch.coverage_restored", "dispatch.bolo_sent"}
)
