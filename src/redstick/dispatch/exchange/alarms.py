"""Alarms of central stations: taken as a call with its incident, or refused with the reason.

The same alarm again gives the same answer and asks nothing twice: its id makes the ids of its call and its incident.
Addresses are verified beforehand; an alarm from one that is not is refused, as the standard has it, and the station
calls by voice. The report of `verify_addresses` says which those will be.
"""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from redstick.dispatch.exchange.ids import foreign_id
from redstick.dispatch.place import Place
from redstick.dispatch.rules.calls import ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, OpenIncident, status_of
from redstick.dispatch.state import Dispatch
from redstick.kernel.values import Command, Instant
from redstick.protocols.asap.messages import Accept, Alarm, Message, Reason, Reject, Side, Update
from redstick.protocols.times import write_time

TOO_OLD_MS = 30 * 60_000  # ours: the standard's figure we have not read
AHEAD_MS = 2 * 60_000  # a station's clock may run ahead so far

Verified = Callable[[str, str], Place | None]  # address, municipality -> the place that was verified for it


class AlarmKind(msgspec.Struct, frozen=True):
    """What an alarm of a kind is here: the local incident type, its group and its urgency."""

    kind: str
    group: str
    priority: int


KINDS = {
    "burglary": AlarmKind("Burglar alarm", "police", 4),
    "holdup": AlarmKind("Hold-up alarm", "police", 2),
    "fire": AlarmKind("Commercial alarm", "fire", 3),
    "carbon_monoxide": AlarmKind("Carbon monoxide alarm", "fire", 2),
    "medical": AlarmKind("Medical alarm", "ems", 2),
}


class Taken(msgspec.Struct, frozen=True):
    """What to ask of dispatch, and what to answer the station once that is durable."""

    commands: tuple[Command, ...]
    answer: Message


def take_alarm(
    state: Dispatch, alarm: Alarm, now: Instant, verified: Verified, kinds: Mapping[str, AlarmKind] = KINDS
) -> Taken:
    """A new alarm as commands and its acceptance; or no command and the refusal."""
    call, incident = _ids(alarm.station, alarm.id)
    known = state.incidents.get(incident)
    if known is not None:  # what was written of it before a failure is not written again, and the rest is
        heard = any(note.text == _narrative(alarm) for note in known.notes)
        said = () if heard or known.closed_at is not None else (AddNote(incident, _narrative(alarm)),)
        return Taken(said, Accept(station=alarm.station, id=alarm.id, incident=incident))
    meant, place = kinds.get(alarm.kind), verified(alarm.address, alarm.municipality)
    if alarm.happened_at < now - TOO_OLD_MS:
        return _refused(alarm, Reason.TOO_OLD, f"it is {(now - alarm.happened_at) // 60_000} minutes old")
    if alarm.happened_at > now + AHEAD_MS:
        return _refused(alarm, Reason.OTHER, "its time lies in the future")
    if meant is None:
        return _refused(alarm, Reason.BAD_TYPE, f"known types: {', '.join(sorted(kinds))}")
    if place is None:
        return _refused(alarm, Reason.BAD_ADDRESS, "the address was not verified beforehand")
    commands = (
        ReceiveCall(call, "alarm", alarm.callback, place),
        OpenIncident(incident, kind=meant.kind, group=meant.group, priority=meant.priority, place=place, call=call),
        AddNote(incident, _narrative(alarm)),
    )
    return Taken(commands, Accept(station=alarm.station, id=alarm.id, incident=incident))


def take_update(state: Dispatch, update: Update) -> Taken | Reject:
    """A station's update as a note, once; a refusal when there is no such alarm here."""
    _, name = _ids(update.station, update.id)
    incident = state.incidents.get(name)
    if incident is None or update.side is not Side.STATION:
        return Reject(station=update.station, id=update.id, reason=Reason.OTHER, text="no such alarm is open here")
    accepted = Accept(station=update.station, id=update.id, incident=name)
    note = f"Alarm update {update.update} of {update.station}, {write_time(update.sent_at)}: {update.text}"
    heard = any(former.text == note for former in incident.notes)
    return Taken(() if heard else (AddNote(name, note),), accepted)


def progress_of(state: Dispatch, alarm: Alarm, now: Instant) -> Update | None:
    """What a station is told of its alarm; None when it has none here. The same standing is the same update."""
    _, name = _ids(alarm.station, alarm.id)
    incident = state.incidents.get(name)
    if incident is None:
        return None
    standing = status_of(incident)
    words = f"{standing}: {incident.disposition}" if incident.closed_at is not None else standing
    return Update(station=alarm.station, id=alarm.id, update=standing, side=Side.CENTER, sent_at=now, text=words)


class AddressReport(msgspec.Struct, frozen=True):
    """How a station's addresses fared: all of them, and those from which alarms would be refused."""

    asked: int
    verified: int
    refused: tuple[str, ...]


def verify_addresses(addresses: Iterable[tuple[str, str]], verified: Verified) -> AddressReport:
    """The report that is sent to a station before its first alarm, and after each change of the geofile."""
    asked = list(addresses)
    refused = [", ".join(filter(None, one)) for one in asked if verified(*one) is None]
    return AddressReport(len(asked), len(asked) - len(refused), tuple(refused))


def _ids(station: str, alarm: str) -> tuple[str, str]:
    name = f"alarm:{len(station)}:{station}:{alarm}"
    return foreign_id("call", name), foreign_id("inc", name)


def _refused(alarm: Alarm, reason: Reason, words: str) -> Taken:
    return Taken((), Reject(station=alarm.station, id=alarm.id, reason=reason, text=words))


def _narrative(alarm: Alarm) -> str:
    parts = (f"Alarm {alarm.id} of {alarm.station}: {alarm.kind}", alarm.premises, alarm.zone, alarm.text)
    return "; ".join(part for part in parts if part)
