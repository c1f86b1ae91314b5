"""The floor: who watches what from which seat, what is warned of, and who is told by voice."""

from __future__ import annotations

from redstick.dispatch.alerting.chase import Alert, Standing
from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.bar.form import Form
from redstick.dispatch.bar.line import Words
from redstick.dispatch.bar.reader import Reader, brief
from redstick.dispatch.rules.alerts import ReportReceipt, ReportVoiced, TakeVoice
from redstick.dispatch.rules.coverage import AcknowledgeCoverage
from redstick.dispatch.rules.groups import CombineGroups, SplitGroup
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.rules.overdue import AcknowledgeOverdue
from redstick.dispatch.rules.seats import RelieveSeat, SignOff, SignOn
from redstick.dispatch.rules.warnings import AcknowledgeWarning, OpenWarning


def read_on(r: Reader, rest: Words) -> None:
    """`on fire ems`."""
    rest, despite = _despite(r, rest)
    groups = [r.group(rest.after(count)) for count in range(len(rest.words))]
    if not rest:
        r.group(rest)
    if not groups or None in groups:
        return
    named = list(dict.fromkeys(group for group in groups if group is not None))
    effect = f"{r.asked.person} watches {', '.join(named)} from {r.asked.seat}"
    r.ask(SignOn(r.asked.seat, r.asked.person, named, despite), effect)


def read_off(r: Reader, rest: Words) -> None:
    """`off`, `off despite nobody has come`."""
    rest, despite = _despite(r, rest)
    if rest:
        r.problem("not_understood", "off takes nothing but despite and why", rest.text)
        return
    seat = r.state.seats.get(r.asked.seat)
    watched = ", ".join(seat.groups) if seat is not None else "nothing"
    r.ask(SignOff(r.asked.seat, despite), f"{r.asked.seat} watches {watched} no more")


def read_relieve(r: Reader, rest: Words) -> None:
    """`relieve dispatch:1`: takes over, from here, what that seat watches."""
    said = rest.text
    seat = r.state.seats.get(said)
    if seat is None:
        r.problem("seat_unknown", f"who is on: {', '.join(sorted(r.state.seats)) or 'nobody'}", said)
        return
    r.part("seat", said, f"{seat.person} watches {', '.join(seat.groups)}")
    r.rests.append(["seat", seat.id, seat.person, list(seat.groups)])
    effect = f"{r.asked.person} takes over {', '.join(seat.groups)} from {seat.person}"
    r.ask(RelieveSeat(seat.id, r.asked.seat, r.asked.person, r.asked.position), effect)


def read_combine(r: Reader, rest: Words) -> None:
    """`combine fire ems`: whoever watches ems watches fire."""
    rest, despite = _despite(r, rest)
    group, into = r.group(rest), r.group(rest.after(1))
    if group is not None and into is not None and r.over(rest.after(2)):
        r.ask(CombineGroups(group, into, r.asked.person, despite), f"Whoever watches {into} watches {group} too")


def read_uncombine(r: Reader, rest: Words) -> None:
    """`uncombine fire`."""
    rest, despite = _despite(r, rest)
    group = r.group(rest)
    if group is not None and r.over(rest.after(1)):
        r.ask(SplitGroup(group, r.asked.person, despite), f"{group} is watched by itself again")


def read_acknowledge(r: Reader, rest: Words) -> None:
    """`ack #12`, `ack m4`, `ack fire`, `ack all`, or a warning by its id."""
    said = rest.words[0].text if rest else ""
    if not r.over(rest.after(1)):
        return
    open_now = [one for one in r.state.warnings.values() if not one.acknowledged_by]
    if said.startswith("#") or not said:
        incident, _ = r.incident(rest)
        if incident is not None:
            _of_incident(r, incident, [one for one in open_now if one.incident == incident.id])
    elif said in r.state.warnings:
        _warnings(r, [r.state.warnings[said]], said)
    elif said.casefold() == "all":
        _warnings(r, open_now, said)
    elif said.casefold() in (name.casefold() for name in r.state.groups):
        group = r.group(rest)
        if group is not None:
            r.ask(AcknowledgeCoverage(group, r.asked.person), f"{r.asked.person} has seen that nobody watches {group}")
    else:
        unit, _ = r.unit(rest)
        if unit is not None:
            _warnings(r, [one for one in open_now if one.unit == unit.id], said)


def _of_incident(r: Reader, incident: Incident, found: list[OpenWarning]) -> None:
    late = [about for about, one in incident.overdue.items() if not one.acknowledged_by]
    for about in late:
        seen = AcknowledgeOverdue(incident.id, about, r.asked.person)
        r.ask(seen, f"Has seen that {brief(incident)} is late: {about}")
    if found or not late:
        _warnings(r, found, brief(incident))


def _warnings(r: Reader, found: list[OpenWarning], said: str) -> None:
    if not found:
        r.problem("nothing_to_acknowledge", "nothing warns there that nobody has seen", said)
    for one in found:
        about = " ".join(part for part in (one.what.replace("_", " "), one.unit, one.about) if part)
        r.ask(AcknowledgeWarning(one.id, r.asked.person), f"Has seen: {about}")
    r.rests.append(["warnings", [one.id for one in found]])


def read_voice(r: Reader, rest: Words) -> None:
    """`voice m4`: takes it on to tell them; `voiced m4 acknowledged by radio`."""
    alert, incident, rest = _to_voice(r, rest)
    if alert is not None and incident is not None and r.over(rest):
        taken = TakeVoice(incident.id, alert.id, r.asked.person)
        r.ask(taken, f"{r.asked.person} tells {alert.unit}: {alert.text[:80]}")


def read_voiced(r: Reader, rest: Words) -> None:
    """`voiced m4 acknowledged by radio`."""
    alert, incident, rest = _to_voice(r, rest)
    if alert is None or incident is None:
        return
    how = r.reason(rest, f"voiced {alert.unit} acknowledged by radio")
    if how:
        if alert.taken_by != r.asked.person:
            r.ask(TakeVoice(incident.id, alert.id, r.asked.person))
        r.ask(ReportVoiced(incident.id, alert.id, r.asked.person, how), f"{alert.unit} was told: {how[:60]}")


def _to_voice(r: Reader, rest: Words) -> tuple[Alert | None, Incident | None, Words]:
    unit, rest = r.unit(rest)
    if unit is None:
        return None, None, rest
    for incident in r.state.incidents.values():
        for alert in incident.alerts.values():
            if alert.unit == unit.id and alert.standing is Standing.TO_VOICE:
                r.rests.append(["voice", alert.id, alert.taken_by])
                return alert, incident, rest
    r.problem("nothing_to_voice", f"there is nothing that {unit.id} must be told by voice")
    return None, None, rest


def read_heard(r: Reader, rest: Words) -> None:
    """`heard m4 read`, `alert m4 accepted`: what a unit said of its alert."""
    unit, rest = r.unit(rest)
    if unit is None:
        return
    said = rest.first
    if said not in (Step.DELIVERED, Step.READ, Step.ACCEPTED, Step.DECLINED, Step.FAILED):
        r.problem("step_unknown", "say delivered, read, accepted, declined or failed", rest.text)
        return
    if not r.over(rest.after(1)):
        return
    chased = [
        (incident, alert)
        for incident in r.state.incidents.values()
        for alert in incident.alerts.values()
        if alert.unit == unit.id and alert.chased and alert.attempts
    ]
    if not chased:
        r.problem("alert_unknown", f"{unit.id} is not waited for")
    for incident, alert in chased:
        key = alert.attempts[-1].key
        receipt = ReportReceipt(incident.id, alert.id, key, Step(said), f"{r.asked.person}, by voice")
        r.ask(receipt, f"{unit.id} has {said} what {brief(incident)} sent it")


def _despite(r: Reader, rest: Words) -> tuple[Words, str]:
    """What stands before `despite`, and the reason behind it."""
    for count, word in enumerate(rest.words):
        if word.low == "despite":
            return rest.upto(count), r.reason(rest.after(count + 1), "despite nobody has come")
    return rest, ""


FORMS = (
    Form.of_line("on", ("on",), ("on fire ems",), "Watches these groups from this seat.", (SignOn,), read_on),
    Form.of_line("off", ("off",), ("off", "off despite nobody has come"), "Watches nothing any more.", (SignOff,),
                 read_off),
    Form.of_line("relieve", ("relieve",), ("relieve dispatch:1",), "Takes over what a seat watches.", (RelieveSeat,),
                 read_relieve),
    Form.of_line("combine", ("combine",), ("combine fire ems",), "Whoever watches ems watches fire too.",
                 (CombineGroups,), read_combine),
    Form.of_line("uncombine", ("uncombine",), ("uncombine fire",), "Fire is watched by itself again.", (SplitGroup,),
                 read_uncombine),
    Form.of_line("acknowledge", ("ack",), ("ack #12", "ack m4", "ack fire", "ack all"),
                 "Has seen, by name, the timers and warnings of an incident, a unit or a group.",
                 (AcknowledgeWarning, AcknowledgeOverdue, AcknowledgeCoverage), read_acknowledge),
    Form.of_line("voice", ("voice",), ("voice m4",), "Takes it on to tell a unit by voice.", (TakeVoice,), read_voice),
    Form.of_line("voiced", ("voiced",), ("voiced m4 acknowledged by radio",), "It was told, and how that is known.",
                 (TakeVoice, ReportVoiced), read_voiced),
    Form.of_line("receipt", ("alert",), ("alert m4 accepted",), "What a unit said of its alert.", (ReportReceipt,),
                 read_heard),
)  # fmt: skip
