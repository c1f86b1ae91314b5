"""Alerts: a recipient is told, on one path after another, until there is proof or a person has voiced it.

*Sent* is never *alerted*. Silence past a path's time goes on to the next path and then to a person, who takes the alert
by name. Off duty is never alerted, on duty always; where nothing is known of how to reach a unit, a person is asked at
once. A cancel is chased like a dispatch, and so is what becomes known after it: another address, another kind. Receipts
may be lost, doubled or come in any order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.alerting.chase import Alert, Purpose, Standing
from redstick.dispatch.alerting.paths import REPORTED, Attempt, Path, PathKind, Receipt, Step
from redstick.dispatch.rules.recipients import Recipient
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.rules.units import Unit
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

MAX_EVIDENCE = 500  # characters that are kept of a provider's words
NO_PATH, OFF_DUTY, DECLINED, SILENT, FAILED = "no_path", "off_duty", "declined", "silent", "failed"


@event("dispatch.alert_raised", subjects=("incident", "unit"))
class AlertRaised(Event, frozen=True):
    """A recipient is to be told this; `sequence` is that of the unit's assignment."""

    incident: str
    unit: str
    alert: str
    recipient: str
    purpose: Purpose
    sequence: int
    text: str
    paths: list[Path] = []


@event("dispatch.alert_queued", subjects=("incident", "unit"))
class AlertQueued(Event, frozen=True):
    """It waits to be handed over on this path; `key` is the provider's idempotency key."""

    incident: str
    unit: str
    alert: str
    key: str
    path: Path


@event("dispatch.alert_receipt", subjects=("incident", "unit"))
class AlertReceipt(Event, frozen=True):
    """What was heard of an attempt, in the provider's words."""

    incident: str
    unit: str
    alert: str
    key: str
    step: Step
    evidence: str


@event("dispatch.voice_needed", subjects=("incident", "unit"))
class VoiceNeeded(Event, frozen=True):
    """A person must voice it: because every path was silent or failed, none is known, or the recipient declined.

    `times` counts how often this was said.
    """

    incident: str
    unit: str
    alert: str
    why: str
    times: int = 1


@event("dispatch.voice_taken", subjects=("incident", "unit"))
class VoiceTaken(Event, frozen=True):
    """A person voices it, by name; `was` names who had taken it before."""

    incident: str
    unit: str
    alert: str
    by: str
    was: str = ""


@event("dispatch.alert_settled", subjects=("incident", "unit"))
class AlertSettled(Event, frozen=True):
    """The chase is over: alerted, voiced, withheld from someone off duty, or without an object."""

    incident: str
    unit: str
    alert: str
    standing: Standing
    evidence: str


@command("dispatch.raise_alerts")
class RaiseAlerts(Command, frozen=True):
    """Tell everyone of a unit that it is sent, or called back, by an assignment's sequence. Asked by a reaction.

    Of new facts, `fact` tells one from another and `news` is what has changed, in words.
    """

    incident: str
    unit: str
    purpose: Purpose
    sequence: int
    fact: str = ""
    news: str = ""


@command("dispatch.end_alerts")
class EndAlerts(Command, frozen=True):
    """Chase a unit no more for a purpose: it has shown that it knows, or is done. Asked by a reaction."""

    incident: str
    unit: str
    purpose: Purpose
    evidence: str
    proven: bool = False


@command("dispatch.escalate_alert")
class EscalateAlert(Command, frozen=True):
    """An attempt was silent for too long. Asked by a timer."""

    incident: str
    alert: str
    key: str


@command("dispatch.remind_to_voice")
class RemindToVoice(Command, frozen=True):
    """Nobody has voiced it yet. Asked by a timer."""

    incident: str
    alert: str


@command("dispatch.report_receipt")
class ReportReceipt(Command, frozen=True):
    """Say what a provider or a device said of an attempt."""

    incident: str
    alert: str
    key: str
    step: Step
    evidence: str = ""


@command("dispatch.take_voice")
class TakeVoice(Command, frozen=True):
    """Take it upon oneself, by name, to voice an alert."""

    incident: str
    alert: str
    by: str


@command("dispatch.report_voiced")
class ReportVoiced(Command, frozen=True):
    """Say, by name, that the recipient was told, and how that is known."""

    incident: str
    alert: str
    by: str
    how: str


def decide_raise_alerts(state: Dispatch, asked: RaiseAlerts, now: Instant) -> Decision:
    """One alert to each recipient of the unit, once for each assignment; what it contradicts is chased no more.

    A unit that is off duty gets a record that it was withheld, for the dispatcher to see, and no alert; once it signs
    on, it is alerted after all. Nothing is raised for an assignment that another has overtaken, or a dispatch that is
    over; and no new facts for a unit that was not told to come yet. Rejections: `assignment_unknown`.
    """
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or asked.unit not in incident.assignments:
        return Rejection("assignment_unknown", {"unit": asked.unit, "incident": asked.incident})
    assignment = incident.assignments[asked.unit]
    over = asked.purpose is not Purpose.CANCEL and assignment.ended_at is not None
    untold = asked.purpose is Purpose.FACTS and "dispatched" not in assignment.stamps
    if assignment.sequence != asked.sequence or over or untold:
        return []
    decided = [
        ended
        for other in asked.purpose.contradicts
        for ended in alerts_ended(incident, asked.unit, other, Standing.ENDED, f"overtaken by {asked.purpose}")
    ]
    known = [one for _, one in sorted(state.recipients.items()) if one.unit == asked.unit]
    for recipient in known or [Recipient(asked.unit, asked.unit, [])]:
        decided += _raised(state, incident, recipient, asked)
    return decided


def _raised(state: Dispatch, incident: Incident, recipient: Recipient, asked: RaiseAlerts) -> list[Event]:
    """The alert to one recipient and its first path; nothing where there is one, or where nobody was told to come."""
    unit, begun = state.units[asked.unit], f"{incident.id}/{asked.unit}/{asked.sequence}"
    dispatched = incident.alerts.get(f"{begun}/{Purpose.DISPATCH}/{recipient.id}")
    if asked.purpose is Purpose.CANCEL and dispatched is not None and _never_told(dispatched):
        return []
    name = "/".join([begun, asked.purpose, *filter(None, [asked.fact]), recipient.id])
    held = incident.alerts.get(name)
    if held is not None:
        withheld = held.standing is Standing.WITHHELD and unit.on_duty
        came_back = held.standing is Standing.ENDED and asked.purpose is Purpose.DISPATCH  # by a split: it still goes
        return _onward(incident, unit, held, NO_PATH) if withheld or came_back else []
    text = wording(incident, unit.id, asked.purpose, asked.news)
    raised = AlertRaised(
        incident.id, unit.id, name, recipient.id, asked.purpose, asked.sequence, text, list(recipient.paths)
    )
    alert = Alert(name, unit.id, recipient.id, asked.purpose, asked.sequence, text, 0, list(recipient.paths))
    return [raised, *_onward(incident, unit, alert, NO_PATH)]


def _never_told(alert: Alert) -> bool:
    return alert.standing is Standing.WITHHELD and not alert.attempts


def wording(incident: Incident, unit: str, purpose: Purpose, news: str = "") -> str:
    """What a recipient reads. The address is the one that was entered, never one made from a position.

    Of new facts the whole is said, with what has changed before it: who missed the dispatch misses nothing.
    """
    place = f"{incident.place.text}, {incident.place.municipality}".strip(", ")
    named = [incident.number, incident.kind, place, f"priority {incident.priority}"]
    told = " | ".join([unit, *(part for part in named if part)])
    if purpose is Purpose.FACTS:
        return f"NEW {news} | {told}"
    return f"CANCEL {told}" if purpose is Purpose.CANCEL else told


def _onward(incident: Incident, unit: Unit, alert: Alert, why: str) -> list[Event]:
    """The next path; behind the last one, a person."""
    if not unit.on_duty:
        return [AlertSettled(incident.id, unit.id, alert.id, Standing.WITHHELD, OFF_DUTY)]
    tried = len(alert.attempts)
    if tried < len(alert.paths) and alert.paths[tried].kind is not PathKind.RADIO:
        return [AlertQueued(incident.id, unit.id, alert.id, f"{alert.id}/{tried}", alert.paths[tried])]
    return [VoiceNeeded(incident.id, unit.id, alert.id, why)]


def alerts_ended(incident: Incident, unit: str, purpose: Purpose, standing: Standing, evidence: str) -> list[Event]:
    """What is chased of a purpose for a unit is chased no more."""
    return [
        AlertSettled(incident.id, unit, alert.id, standing, evidence)
        for alert in incident.alerts.values()
        if alert.chased and alert.unit == unit and alert.purpose is purpose
    ]


def apply_alert_raised(state: Dispatch, happened: AlertRaised, at: Instant) -> None:
    """Nobody was told yet."""
    state.incidents[happened.incident].alerts[happened.alert] = Alert(
        happened.alert,
        happened.unit,
        happened.recipient,
        happened.purpose,
        happened.sequence,
        happened.text,
        at,
        list(happened.paths),
    )


def apply_alert_queued(state: Dispatch, happened: AlertQueued, at: Instant) -> None:
    """It waits to be handed over."""
    alert = state.incidents[happened.incident].alerts[happened.alert]
    alert.attempts.append(Attempt(happened.key, happened.path, at))
    alert.standing = Standing.TRYING


def decide_end_alerts(state: Dispatch, asked: EndAlerts, now: Instant) -> Decision:
    """Whatever is chased is chased no more; nothing where nothing is. Rejections: `incident_unknown`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    standing = Standing.ALERTED if asked.proven else Standing.ENDED
    return alerts_ended(incident, asked.unit, asked.purpose, standing, asked.evidence)


def decide_escalate_alert(state: Dispatch, asked: EscalateAlert, now: Instant) -> Decision:
    """The next path, or a person; nothing when the attempt was overtaken. Rejections: `alert_unknown`."""
    del now
    incident, alert = _find(state, asked.incident, asked.alert)
    if incident is None or alert is None:
        return Rejection("alert_unknown", {"alert": asked.alert})
    if alert.standing is not Standing.TRYING or alert.attempts[-1].key != asked.key:
        return []
    return _onward(incident, state.units[alert.unit], alert, SILENT)


def decide_report_receipt(state: Dispatch, asked: ReportReceipt, now: Instant) -> Decision:
    """Keep what was heard; end the chase when it is proof. The same step of the same attempt again changes nothing.

    A decline of a dispatch goes to a person, since another unit may be needed, unless this one is done; a cancel that
    is declined was received. Rejections: `alert_unknown`, `attempt_unknown`, `step_unknown`.
    """
    del now
    incident, alert = _find(state, asked.incident, asked.alert)
    if incident is None or alert is None:
        return Rejection("alert_unknown", {"alert": asked.alert})
    attempt = alert.attempt(asked.key)
    if attempt is None:
        return Rejection("attempt_unknown", {"alert": alert.id, "key": asked.key})
    if asked.step not in REPORTED:
        return Rejection("step_unknown", {"said": asked.step, "known": list(REPORTED)})
    if any(receipt.step is asked.step for receipt in attempt.receipts):
        return []
    evidence = asked.evidence[:MAX_EVIDENCE]
    heard = AlertReceipt(incident.id, alert.unit, alert.id, attempt.key, asked.step, evidence)
    return [heard, *_follows(state, incident, alert, attempt, heard)]


def _follows(state: Dispatch, incident: Incident, alert: Alert, attempt: Attempt, heard: AlertReceipt) -> list[Event]:
    """What a new receipt makes of the chase."""
    part = incident.assignments.get(alert.unit)
    done = part is None or part.sequence != alert.sequence or part.ended_at is not None  # who is done is needed no more
    over = done or alert.standing in {Standing.VOICED, Standing.WITHHELD, Standing.ENDED}
    if heard.step is Step.DECLINED and alert.purpose is Purpose.DISPATCH:
        return [] if over else [VoiceNeeded(incident.id, alert.unit, alert.id, DECLINED)]
    if not alert.chased or alert.declined:
        return []
    known = [*attempt.receipts, Receipt(heard.step, 0, heard.evidence)]
    if Attempt(attempt.key, attempt.path, 0, known).proven:
        evidence = f"{attempt.path.kind} {heard.step}: {heard.evidence}"[:MAX_EVIDENCE]
        return [AlertSettled(incident.id, alert.unit, alert.id, Standing.ALERTED, evidence)]
    waited_for = alert.standing is Standing.TRYING and alert.attempts[-1].key == attempt.key
    failed = max((one.step for one in known), key=REPORTED.index) is Step.FAILED
    return _onward(incident, state.units[alert.unit], alert, FAILED) if failed and waited_for else []


def apply_alert_receipt(state: Dispatch, happened: AlertReceipt, at: Instant) -> None:
    """One more line of evidence."""
    attempt = state.incidents[happened.incident].alerts[happened.alert].attempt(happened.key)
    if attempt is not None:
        attempt.receipts.append(Receipt(happened.step, at, happened.evidence))


def apply_alert_settled(state: Dispatch, happened: AlertSettled, at: Instant) -> None:
    """Nobody is chased any more."""
    alert = state.incidents[happened.incident].alerts[happened.alert]
    alert.standing, alert.evidence, alert.settled_at = happened.standing, happened.evidence, at


def decide_remind_to_voice(state: Dispatch, asked: RemindToVoice, now: Instant) -> Decision:
    """Say it again, until it was voiced; never to someone who went off duty. Rejections: `alert_unknown`."""
    del now
    incident, alert = _find(state, asked.incident, asked.alert)
    if incident is None or alert is None:
        return Rejection("alert_unknown", {"alert": asked.alert})
    if alert.standing is not Standing.TO_VOICE:
        return []
    if not state.units[alert.unit].on_duty:
        return [AlertSettled(incident.id, alert.unit, alert.id, Standing.WITHHELD, OFF_DUTY)]
    return [VoiceNeeded(incident.id, alert.unit, alert.id, alert.evidence, alert.reminders + 1)]


def apply_voice_needed(state: Dispatch, happened: VoiceNeeded, at: Instant) -> None:
    """It stands on the board as a task; `evidence` says why."""
    del at
    alert = state.incidents[happened.incident].alerts[happened.alert]
    alert.standing, alert.evidence, alert.settled_at = Standing.TO_VOICE, happened.why, None
    alert.reminders = happened.times


def decide_take_voice(state: Dispatch, asked: TakeVoice, now: Instant) -> Decision:
    """Another may take it over, by name. Rejections: `alert_unknown`, `nothing_to_voice`, `name_needed`."""
    del now
    incident, alert = _find(state, asked.incident, asked.alert)
    if incident is None or alert is None:
        return Rejection("alert_unknown", {"alert": asked.alert})
    if not asked.by.strip():
        return Rejection("name_needed")
    if alert.standing is not Standing.TO_VOICE:
        return Rejection("nothing_to_voice", {"alert": alert.id, "standing": alert.standing})
    if alert.taken_by == asked.by:
        return []
    return [VoiceTaken(incident.id, alert.unit, alert.id, asked.by, alert.taken_by)]


def apply_voice_taken(state: Dispatch, happened: VoiceTaken, at: Instant) -> None:
    """The task has a name."""
    del at
    state.incidents[happened.incident].alerts[happened.alert].taken_by = happened.by


def decide_report_voiced(state: Dispatch, asked: ReportVoiced, now: Instant) -> Decision:
    """Only who has taken it. Rejections: `alert_unknown`, `nothing_to_voice`, `not_taken`, `evidence_needed`."""
    del now
    incident, alert = _find(state, asked.incident, asked.alert)
    if incident is None or alert is None:
        return Rejection("alert_unknown", {"alert": asked.alert})
    if alert.standing is not Standing.TO_VOICE:
        return Rejection("nothing_to_voice", {"alert": alert.id, "standing": alert.standing})
    if not asked.by.strip() or alert.taken_by != asked.by:
        return Rejection("not_taken", {"alert": alert.id, "taken_by": alert.taken_by})
    if not asked.how.strip():
        return Rejection("evidence_needed", {"alert": alert.id})
    evidence = f"{asked.by}: {asked.how}"[:MAX_EVIDENCE]
    return [AlertSettled(incident.id, alert.unit, alert.id, Standing.VOICED, evidence)]


def _find(state: Dispatch, incident: str, alert: str) -> tuple[Incident | None, Alert | None]:
    found = state.incidents.get(incident)
    return found, found.alerts.get(alert) if found is not None else None


DECIDERS: Deciders = {
    RaiseAlerts: decide_raise_alerts,
    EndAlerts: decide_end_alerts,
    EscalateAlert: decide_escalate_alert,
    RemindToVoice: decide_remind_to_voice,
    ReportReceipt: decide_report_receipt,
    TakeVoice: decide_take_voice,
    ReportVoiced: decide_report_voiced,
}
APPLIERS: Appliers = {
    AlertRaised: apply_alert_raised,
    AlertQueued: apply_alert_queued,
    AlertReceipt: apply_alert_receipt,
    VoiceNeeded: apply_voice_needed,
    VoiceTaken: apply_voice_taken,
    AlertSettled: apply_alert_settled,
}
KERNEL_ONLY = (RaiseAlerts, EndAlerts, EscalateAlert, RemindToVoice)
