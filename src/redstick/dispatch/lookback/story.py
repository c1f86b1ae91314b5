"""One incident whole: as it stands, every line about it, what speaks of it, what is known of the place from before."""

import math
from collections.abc import Iterable

import msgspec

from redstick.dispatch.avl.ground import distance_m
from redstick.dispatch.cautions.matching import concerning, wording
from redstick.dispatch.lookback.answers import Before, Line, LinkedCall, LinkedIncident, Story, Warned
from redstick.dispatch.lookback.kept import Kept
from redstick.dispatch.lookback.words import sentence
from redstick.dispatch.place import Place, plain
from redstick.dispatch.rules.calls import Call
from redstick.dispatch.rules.incidents import Incident, status_of
from redstick.dispatch.state import Dispatch
from redstick.kernel.envelope import Envelope

SAME_PLACE_M = 30.0  # two validated points of one address: rooftop and driveway
AT_PLACE = 20  # the newest that are told
LINES = 2_000


def story(state: Dispatch, kept: Kept, incident: Incident, lines: Iterable[Envelope], position: int) -> Story:
    """The incident behind line `position`; `lines` are those that concern it."""
    told = [line_of(one) for one in lines]
    span = kept.spans[incident.id]
    return Story(
        incident=incident.id,
        number=incident.number,
        status=status_of(incident),
        position=position,
        first=span.first,
        last=span.last,
        record=msgspec.to_builtins(incident),
        lines=told[-LINES:],
        more=len(told) > LINES,
        calls=[_call(call) for call in kept.calls_of(incident)],
        linked=list(_linked(kept, incident)),
        before=at_place(kept, incident),
        warnings=warned(state, incident.place),
    )


def line_of(envelope: Envelope) -> Line:
    """A line of the journal in words."""
    payload = msgspec.json.decode(envelope.payload)
    return Line(
        envelope.position, envelope.at, max(0, envelope.recorded_at - envelope.at), envelope.kind,
        sentence(envelope.kind, payload), envelope.actor, list(envelope.subjects),
    )  # fmt: skip


def at_place(kept: Kept, incident: Incident) -> list[Before]:
    """What was at the place before, the newest first: the same address, or a point as near as two points of one lie."""
    others = (one for one in kept.incidents.values() if one.id != incident.id and not one.replaced_by)
    near = [(one, distance) for one in others if (distance := _apart(incident.place, one.place)) is not None]
    near.sort(key=lambda pair: (-pair[0].opened_at, pair[0].id))
    return [
        Before(
            one.id, one.number, one.kind, one.priority, one.opened_at, one.closed_at, one.disposition, one.place.text,
            None if math.isnan(distance) else round(distance),
        )
        for one, distance in near[:AT_PLACE]
    ]  # fmt: skip


def warned(state: Dispatch, place: Place) -> list[Warned]:
    """Cautions that concern a place."""
    return [
        Warned(one.caution.id, str(one.nearness), wording(one), one.overdue, one.distance_m)
        for one in concerning(state.cautions.values(), place)
    ]


def _apart(here: Place, there: Place) -> float | None:
    """Metres between two places that are one, NaN where only their words say so, None where they are two."""
    if here.x is not None and here.y is not None and there.x is not None and there.y is not None:
        distance = distance_m(here.x, here.y, there.x, there.y)
        return distance if distance <= SAME_PLACE_M else None
    same = bool(here.text) and plain(here.text) == plain(there.text) and here.municipality == there.municipality
    return math.nan if same else None


def _call(call: Call) -> LinkedCall:
    return LinkedCall(
        call.id, str(call.state), call.source, call.callback, call.place.text, call.received_at, call.answered_at,
        call.ended_at, call.seat,
    )  # fmt: skip


def _linked(kept: Kept, incident: Incident) -> Iterable[LinkedIncident]:
    relations = {name: str(relation) for name, relation in incident.links.items()}
    relations |= dict.fromkeys(incident.replaces, "took up")
    if incident.replaced_by:
        relations[incident.replaced_by] = "taken up by"
    for name, relation in relations.items():
        other = kept.incidents.get(name)
        if other is not None:
            yield LinkedIncident(name, other.number, relation, other.kind, status_of(other))
