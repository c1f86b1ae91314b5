"""Paper: what a seat prints before it is alone, and cards that are typed in afterwards, at their true times.

The clerk is who is signed in. A card that contradicts what is known waits for a named person, with its conflicts; once
it is settled it is sent again under the same key, and then becomes its commands.
"""

from http import HTTPStatus
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.dispatch.cards import printing
from redstick.dispatch.cards.card import Conflict, PaperCard
from redstick.dispatch.cards.entering import requests_of
from redstick.dispatch.cards.form import read
from redstick.dispatch.exchange.ids import foreign_id
from redstick.dispatch.rules.cards import EnterCard
from redstick.kernel.executor import Lane
from redstick.kernel.ids import made_at
from redstick.kernel.values import Rejection
from redstick.kernel.values import Request as Asked
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.api.reading import reader_of
from redstick.server.hosts import ALONE

CARDS = "dispatch.view.cards"
CARD_BYTES = 64 << 10
SHOWN = 80
WAITS, ENTERED, DROPPED = "waits_to_be_settled", "entered", "dropped"

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Key = Annotated[str | None, Parameter(header="Idempotency-Key", description="the id of the entry, made by who asks")]
Zone = Annotated[str, Parameter(max_length=SHOWN, description="time zone of the wall clock, as America/Chicago")]


class Refused(msgspec.Struct, frozen=True):
    """A command of a card that was not taken: for the clerk to see to."""

    command: str
    code: str
    data: dict[str, Any]


class CardTaken(msgspec.Struct, frozen=True):
    """What became of a card. `standing`: entered, waits_to_be_settled (with its conflicts), dropped when settled so."""

    entry: str
    incident: str
    standing: str
    clerk: str
    conflicts: list[Conflict] = []
    refused: list[Refused] = []


def card_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """`GET /api/dispatch/cards` prints for a seat; `POST /api/dispatch/cards` takes the text of one card."""

    @get("/api/dispatch/cards", operation_id="print_cards", tags=["cards"])
    async def printed(
        request: Request[Any, Any, Any], seat: str, zone: Zone, form: str = "html", purpose: Purpose = None
    ) -> Response[bytes]:
        """Open incidents, units and blank cards with the seat's numbers; `form` is html or text."""
        person = await reader_of(operations, request, CARDS, purpose)
        if isinstance(person, Response):
            return person
        clock = _zone(zone)
        if clock is None or form not in {"html", "text"}:
            return problem_response(_unreadable("zone" if clock is None else "form"))
        state, now = operations.states()["dispatch"], operations.now()
        if form == "text":
            return Response(printing.text(state, seat, now, clock).encode(), media_type="text/plain; charset=utf-8")
        page = printing.page(state, seat, now, clock).render()
        alone = {"content-security-policy": ALONE}
        return Response(page.encode(), media_type="text/html; charset=utf-8", headers=alone)

    @post("/api/dispatch/cards", status_code=HTTPStatus.OK, operation_id="take_card", tags=["cards"])
    async def taken(request: Request[Any, Any, Any], zone: Zone, key: Key = None) -> Response[bytes]:
        """A card as it was typed (`redstick.dispatch.cards.form`); its times are those of the wall clock in `zone`."""
        person = operations.person_of(token_of(request) or "")
        clock = _zone(zone)
        refusal = _refusal(request, person, key)
        if refusal is not None or clock is None:
            return problem_response(refusal or _unreadable("zone"))
        body = await request.body()
        card, faults = read(body[:CARD_BYTES].decode(errors="replace"), clock)
        if len(body) > CARD_BYTES:
            card, faults = None, [f"card: expected at most {CARD_BYTES} bytes"]
        if card is None:
            wrong = [{"place": fault.partition(":")[0], "expected": fault} for fault in faults]
            return problem_response(Rejection("malformed", {"faults": wrong}))
        told = await _enter(operations, person or "", key or "", card)
        if isinstance(told, Rejection):
            return problem_response(told)
        return Response(msgspec.json.encode(told), media_type="application/json", status_code=HTTPStatus.OK)

    return [printed, taken]


async def _enter(operations: Operations, person: str, key: str, card: PaperCard) -> CardTaken | Rejection:
    """Write the card down; where nothing contradicts it, or a person has settled it, ask what it says."""
    incident = foreign_id("inc", f"card:{key}")
    outcome = await operations.ask(Asked(key, EnterCard(key, incident, card, person), person), Lane.ORDINARY)
    if outcome.rejection is not None:
        return outcome.rejection
    entry = operations.states()["dispatch"].paper.entries[key]
    if entry.conflicts and not entry.settled:
        return CardTaken(key, incident, WAITS, entry.clerk, entry.conflicts)
    if not entry.kept:
        return CardTaken(key, incident, DROPPED, entry.clerk, entry.conflicts)
    refused = []
    for request in requests_of(key, incident, card, person):
        done = await operations.ask(request, Lane.ORDINARY)
        if done.rejection is not None:
            refused.append(Refused(request.command.command_kind, done.rejection.code, done.rejection.data))
    return CardTaken(key, incident, ENTERED, entry.clerk, entry.conflicts, refused)


def _refusal(request: Request[Any, Any, Any], person: str | None, key: str | None) -> Rejection | None:
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    if not key:
        return Rejection("id_needed", {"header": "Idempotency-Key"})
    if made_at(key) is None or len(key) > SHOWN:
        return Rejection("id_unreadable", {"header": "Idempotency-Key", "said": key[:SHOWN]})
    return None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _unreadable(name: str) -> Rejection:
    expected = {"zone": "the name of a time zone, as America/Chicago", "form": "html or text"}[name]
    return Rejection("malformed", {"faults": [{"place": name, "expected": expected}]})
