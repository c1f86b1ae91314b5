"""The city's phones over HTTP: what a call would become, one's own box, credentials of a phone, records of calls.

Commands of the phones have their routes like all others; here are questions, and the one act that makes a secret.
"""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import Parameter

from redstick.kernel.errors import Unavailable
from redstick.kernel.executor import Lane
from redstick.kernel.ids import made_at
from redstick.kernel.values import Rejection
from redstick.kernel.values import Request as Asked
from redstick.phones.credentials import CredentialBook, PhoneCredentials, new_credentials
from redstick.phones.plan.linter import PlanFault, lint
from redstick.phones.plan.rules import DialPlan
from redstick.phones.reads.gaps import gaps
from redstick.phones.reads.mine import Mine, numbers_of
from redstick.phones.reads.records import records_csv
from redstick.phones.routing.deciding import route
from redstick.phones.routing.trace import Route
from redstick.phones.rules.calls import CallEnded
from redstick.phones.rules.places import AddDevice
from redstick.phones.state import Device, Phones
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.phones import new_password

ROUTE, RECORDS, MINE = "phones.view.route", "phones.view.records", "phones.view.mine"
LONGEST_SPAN_MS = 400 * 24 * 3600 * 1000
AS_FILE = {"content-disposition": 'attachment; filename="call-records.csv"'}

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Key = Annotated[str | None, Parameter(header="Idempotency-Key", description="the command's id, made by who asks")]
Digits = Annotated[str, Parameter(max_length=80)]
Moment = Annotated[int, Parameter(ge=0, le=4_102_444_800_000, description="ms since the epoch")]
At = Annotated[
    int | None, Parameter(ge=0, le=4_102_444_800_000, description="ms since the epoch; now where it is not said")
]


class PlanLooked(msgspec.Struct, frozen=True):
    """What the linter says of a plan, and which devices could call 911 from where nobody would look."""

    findings: tuple[PlanFault, ...]
    unlocated: dict[str, str]


def phone_routes(operations: Operations, book: CredentialBook | None) -> list[HTTPRouteHandler]:
    """`GET /api/phones/route`, `/mine`, `/records.csv`; `POST /api/phones/check-plan`, `/add-phone`."""

    def phones() -> Phones:
        state: Phones = operations.states()["phones"]
        return state

    @get("/api/phones/route", operation_id="phone_route", tags=["phones"], responses=_answers(Route))
    async def would_happen(
        request: Request[Any, Any, Any], caller: Digits, dialled: Digits, at: At = None, device: Digits = ""
    ) -> Response[bytes]:
        """What would happen if a number dialled this now, or then: nothing does."""
        person = await _reader(operations, request, ROUTE)
        if isinstance(person, Response):
            return person
        return _json(route(phones(), caller, dialled, operations.now() if at is None else at, device))

    @get("/api/phones/mine", operation_id="my_phones", tags=["phones"], responses=_answers(Mine))
    async def mine(request: Request[Any, Any, Any]) -> Response[bytes]:
        """One's own numbers with their voicemail and texts."""
        person = await _reader(operations, request, MINE)
        return person if isinstance(person, Response) else _json(numbers_of(phones(), person, operations.now()))

    @get("/api/phones/records.csv", operation_id="call_records", tags=["phones"])
    async def records(
        request: Request[Any, Any, Any], begins: Moment, ends: Moment, purpose: Purpose = None
    ) -> Response[bytes]:
        """Records of the calls that began in a span of 400 days at most, as CSV."""
        person = await _reader(operations, request, RECORDS, purpose)
        if isinstance(person, Response):
            return person
        if not 0 < ends - begins <= LONGEST_SPAN_MS:
            return problem_response(Rejection("span_unreadable", {"at_most_ms": LONGEST_SPAN_MS}))
        text = await operations.past.over(0, (CallEnded,), lambda facts: records_csv(facts, begins, ends))
        return Response(text.encode(), media_type="text/csv; charset=utf-8", headers=AS_FILE)

    @post(
        "/api/phones/check-plan", status_code=HTTPStatus.OK, operation_id="check_dial_plan", tags=["phones"],
        responses=_answers(PlanLooked),
    )  # fmt: skip
    async def check(request: Request[Any, Any, Any], data: DialPlan) -> Response[bytes]:
        """What is wrong with a dial plan; nothing is kept."""
        person = await _reader(operations, request, ROUTE)
        if isinstance(person, Response):
            return person
        state = phones()
        numbers, trunks = tuple(state.numbers), tuple(state.trunks)
        return _json(PlanLooked(await asyncio.to_thread(lint, data, numbers, trunks), gaps(state)))

    @post(
        "/api/phones/add-phone", status_code=HTTPStatus.OK, operation_id="add_phone", tags=["phones"],
        responses=_answers(PhoneCredentials),
    )  # fmt: skip
    async def add(request: Request[Any, Any, Any], data: Device, key: Key = None) -> Response[bytes]:
        """Let a phone register: the answer holds its password, which is shown this once and kept nowhere."""
        person = operations.person_of(token_of(request) or "")
        refusal = _refusal(request, person, key, book)
        if refusal is not None or person is None or key is None or book is None:
            return problem_response(refusal or Rejection("not_signed_in"))
        outcome = await operations.ask(Asked(key, AddDevice(data), person), Lane.ORDINARY)
        if outcome.rejection is not None:
            return problem_response(outcome.rejection)
        made, digests = new_credentials(data.id, book.realm, new_password)
        try:
            await asyncio.to_thread(book.keep, data.id, digests)
        except Unavailable:
            return problem_response(Rejection("credentials_unavailable", {"device": data.id}))
        return Response(msgspec.json.encode(made), media_type="application/json", headers={"cache-control": "no-store"})

    return [would_happen, mine, records, check, add]


def _refusal(
    request: Request[Any, Any, Any], person: str | None, key: str | None, book: CredentialBook | None
) -> Rejection | None:
    if person is None:
        return Rejection("not_signed_in")
    if from_elsewhere(request):
        return Rejection("from_another_site")
    if book is None:
        return Rejection("credentials_unavailable")
    if not key or made_at(key) is None:
        return Rejection("id_needed", {"header": "Idempotency-Key"})
    return None


async def _reader(
    operations: Operations, request: Request[Any, Any, Any], read: str, purpose: str | None = None
) -> str | Response[bytes]:
    """The person who may be shown it, as whichever audience they are; a refusal is recorded like any other."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return problem_response(Rejection("not_signed_in"))
    if from_elsewhere(request):
        return problem_response(Rejection("from_another_site"))
    reading = await operations.admit(person, read, None, purpose)
    return person if reading.rejection is None else problem_response(reading.rejection)


def _answers(body: type) -> dict[int, ResponseSpec]:
    return {HTTPStatus.OK: ResponseSpec(data_container=body, description="the answer")}


def _json(body: object) -> Response[bytes]:
    return Response(msgspec.json.encode(body), media_type="application/json")
