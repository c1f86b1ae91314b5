"""Routes for machines at the edge: alarms of central stations, EIDOs of neighbours, positions of vehicles.

Only who acts as a gateway is heard. Each is safe to send again: ids of what is asked follow from what was sent, so a
message that comes twice does nothing twice. What cannot be read is refused with every place that is wrong.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler

from redstick.dispatch.computing.answers import NOT_AVAILABLE, PlacesFound
from redstick.dispatch.computing.questions import WhereIs
from redstick.dispatch.exchange.alarms import take_alarm, take_update
from redstick.dispatch.exchange.ids import foreign_id
from redstick.dispatch.exchange.incoming import commands_of
from redstick.dispatch.place import Place
from redstick.kernel.executor import Lane
from redstick.kernel.values import Command, Rejection
from redstick.kernel.values import Request as Asked
from redstick.protocols.asap.messages import Alarm, Message, Reason, Reject, Update, read_message, write_message
from redstick.protocols.eido.codec import decode
from redstick.protocols.faults import Fault, Malformed
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response, status_of
from redstick.server.city_desk import NO_CITY
from redstick.server.tracks import Report

GATEWAY = "gateway"  # the role
BATCH = 2_000  # positions at once
FAULTS_TOLD = 100
AGAIN = 503

_REPORTS = msgspec.json.Decoder(list[Report])
Raw = Response[bytes]


class Taken(msgspec.Struct, frozen=True):
    """What became of an EIDO: its incident here, how much was asked, and what was refused with its code."""

    incident: str
    asked: int
    refused: list[str] = []


class Positions(msgspec.Struct, frozen=True):
    """How many reports were taken, and what was refused, each with its place in the batch."""

    taken: int
    refused: list[Fault] = []


def gateway_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """`/api/gateways/asap` (XML both ways), `/api/gateways/eido` and `/api/gateways/positions` (JSON)."""

    @post("/api/gateways/asap", status_code=200, operation_id="take_alarm", tags=["gateways"])
    async def asap(request: Request[Any, Any, Any]) -> Raw:
        """An alarm or an update of a central station; the answer is its Accept or its Reject with the reason."""
        person = _gateway(operations, request)
        if isinstance(person, Rejection):
            return problem_response(person)
        try:
            message = read_message(await request.body())
        except Malformed as malformed:
            return _malformed(malformed.faults)
        if not isinstance(message, Alarm | Update):
            return _malformed([Fault("/alarmMessage", "an alarm or an update of a station")])
        return await _alarm(operations, person, message)

    @post("/api/gateways/eido", status_code=200, operation_id="take_eido", tags=["gateways"])
    async def eido(request: Request[Any, Any, Any]) -> Raw:
        """A neighbour's incident as it is there: opened here once, what is new told as notes with their source."""
        person = _gateway(operations, request)
        if isinstance(person, Rejection):
            return problem_response(person)
        try:
            told = decode(await request.body())
        except Malformed as malformed:
            return _malformed(malformed.faults)
        commands = commands_of(operations.states()["dispatch"], told)
        refused = await _asked(operations, person, "eido", commands)
        if (later := _later(refused)) is not None:
            return problem_response(later)
        return _json(Taken(foreign_id("inc", told.id), len(commands), [one.code for one in refused]))

    @post("/api/gateways/positions", status_code=200, operation_id="take_positions", tags=["gateways"])
    async def positions(request: Request[Any, Any, Any]) -> Raw:
        """Reports of devices, in the order in which they came; none of them is kept on disk."""
        person = _gateway(operations, request)
        if isinstance(person, Rejection):
            return problem_response(person)
        try:
            reports = _REPORTS.decode(await request.body())
        except msgspec.MsgspecError as error:
            return _malformed([_place_of(error)])
        if len(reports) > BATCH:
            return _malformed([Fault("$", f"at most {BATCH} reports, not {len(reports)}")])
        refused = await operations.tracks.take(reports)
        return _json(Positions(len(reports) - len(refused), refused[:FAULTS_TOLD]))

    return [asap, eido, positions]


def _gateway(operations: Operations, request: Request[Any, Any, Any]) -> str | Rejection:
    """Who sends, if they act as a gateway."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    known = operations.states()["access"].people.get(person)
    if known is None or GATEWAY not in known.roles:
        return Rejection("not_permitted", {"action": request.url.path, "because": "gateways only"})
    return person


async def _alarm(operations: Operations, person: str, message: Alarm | Update) -> Raw:
    state, now = operations.states()["dispatch"], operations.now()
    if isinstance(message, Update):
        taken = take_update(state, message)
    else:
        place = await _verified(operations, message)
        if isinstance(place, Rejection):
            return problem_response(place)
        taken = take_alarm(operations.states()["dispatch"], message, now, lambda *_: place)
    if isinstance(taken, Reject):
        return _xml(taken)
    refused = await _asked(operations, person, f"asap:{message.station}:{message.id}", taken.commands)
    if (later := _later(refused)) is not None:
        return problem_response(later)
    if refused:
        code = refused[0].code
        return _xml(Reject(station=message.station, id=message.id, reason=Reason.OTHER, text=f"refused here: {code}"))
    return _xml(taken.answer)


async def _verified(operations: Operations, alarm: Alarm) -> Place | Rejection | None:
    """The place of an address that the geofile holds, and only one such; None where there is none.

    Rejections: `computing_unavailable`: the geofile does not answer now, and the station shall ask again.
    """
    if operations.desk is None:
        return None
    told = await operations.desk.where_is(WhereIs(text=alarm.address[:500], area=alarm.municipality[:100]))
    if isinstance(told, Rejection):
        return told
    found = msgspec.json.decode(told, type=PlacesFound)
    if found.kind == NOT_AVAILABLE and found.fallback != NO_CITY:
        return Rejection("computing_unavailable", {"why": found.fallback})
    return found.place if found.place.in_geofile and found.place.located else None


async def _asked(operations: Operations, person: str, about: str, commands: Iterable[Command]) -> list[Rejection]:
    """Ask in order under ids that follow from the commands; what was refused."""
    refused = []
    for command in commands:
        told = hashlib.sha256(f"{about}|{command.command_kind}|".encode() + msgspec.json.encode(command)).hexdigest()
        lane = Lane.EMERGENCY if type(command) in operations.house.urgent else Lane.ORDINARY
        outcome = await operations.ask(Asked(f"gateway:{told[:40]}", command, person), lane)
        if outcome.rejection is not None:
            refused.append(outcome.rejection)
    return refused


def _later(refused: Iterable[Rejection]) -> Rejection | None:
    """What only time will mend, or authority: no answer to the message itself."""
    return next((one for one in refused if status_of(one.code) in {AGAIN, 403}), None)


def _malformed(faults: Iterable[Fault]) -> Raw:
    return problem_response(Rejection("malformed", {"faults": msgspec.to_builtins(list(faults)[:FAULTS_TOLD])}))


def _place_of(error: msgspec.MsgspecError) -> Fault:
    """`Expected int, got str - at $[0].x` as a fault."""
    what, _, place = str(error).partition(" - at ")
    return Fault(place.strip("`") or "$", what)


def _json(value: msgspec.Struct) -> Raw:
    return Response(msgspec.json.encode(value), media_type="application/json", status_code=200)


def _xml(message: Message) -> Raw:
    return Response(write_message(message), media_type="application/xml", status_code=200)
