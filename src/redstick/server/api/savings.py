"""Savings over HTTP: a bill's file understood, then taken; the report as a page, on paper, as tables. Translation only.

Everything else of savings (waves, steps, costs) are commands like any other.
"""

from http import HTTPStatus
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.kernel.executor import Lane
from redstick.kernel.ids import made_at
from redstick.kernel.values import Rejection
from redstick.kernel.values import Request as Asked
from redstick.savings.questions import Understood, WhatIsIn
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.lookback import admitted
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.hosts import ALONE
from redstick.server.savings import SavingsDesk

REPORT, OVERSIGHT = "savings.view.report", "oversight"
MEDIA = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
SHOWN = 200

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Key = Annotated[str | None, Parameter(header="Idempotency-Key", description="the command's id, made by who asks")]
Name = Annotated[str, Parameter(max_length=SHOWN, description="the name of the file")]
Instead = Annotated[str, Parameter(max_length=SHOWN, description="for rows that name none")]
Form = Annotated[str, Parameter(max_length=8, description="html, pdf, csv or json")]
Table = Annotated[str, Parameter(max_length=40, description="which table, of csv")]
Corrects = Annotated[bool, Parameter(description="may replace statements that differ")]


def savings_routes(operations: Operations, desk: SavingsDesk) -> list[HTTPRouteHandler]:
    """`POST /api/savings/preview`, `POST /api/savings/bills`, `GET /api/savings/report`."""

    @post("/api/savings/preview", status_code=HTTPStatus.OK, operation_id="preview_bill", tags=["savings"])
    async def preview(
        request: Request[Any, Any, Any],
        name: Name = "bill.csv",
        provider: Instead = "",
        account: Instead = "",
        month: Instead = "",
        purpose: Purpose = None,
    ) -> Response[bytes]:
        """What would be understood of a bill (its CSV is the body): columns, statements, doubts, faults by line."""
        refused = await admitted(operations, request, REPORT, OVERSIGHT, purpose)
        if refused is not None:
            return problem_response(refused)
        said = await desk.understood(WhatIsIn(await request.body(), name, provider, account, month))
        if isinstance(said, Rejection):
            return problem_response(said)
        return Response(msgspec.json.encode(said.told), media_type="application/json")

    @post("/api/savings/bills", status_code=HTTPStatus.OK, operation_id="take_bill", tags=["savings"])
    async def take(
        request: Request[Any, Any, Any],
        name: Name = "bill.csv",
        provider: Instead = "",
        account: Instead = "",
        month: Instead = "",
        corrects: Corrects = False,
        key: Key = None,
    ) -> Response[bytes]:
        """Take a bill, whole or not at all; one that is known changes nothing."""
        person = operations.person_of(token_of(request) or "")
        if person is None or from_elsewhere(request):
            return problem_response(Rejection("not_signed_in" if person is None else "from_another_site"))
        if not key or made_at(key) is None or len(key) > SHOWN:
            return problem_response(Rejection("id_unreadable" if key else "id_needed", {"header": "Idempotency-Key"}))
        said = await desk.understood(WhatIsIn(await request.body(), name, provider, account, month))
        if isinstance(said, Rejection):
            return problem_response(said)
        return await _taken(operations, said, person, key, corrects=corrects)

    @get("/api/savings/report", operation_id="savings_report", tags=["savings"])
    async def report(
        request: Request[Any, Any, Any], form: Form = "html", table: Table = "inventory", purpose: Purpose = None
    ) -> Response[bytes]:
        """What is saved: proven by bills apart from claimed and planned, month by month; alarms, waves, every line."""
        refused = await admitted(operations, request, REPORT, OVERSIGHT, purpose)
        if refused is not None:
            return problem_response(refused)
        told = await desk.report(lambda: operations.states()["savings"], operations.position, form, table)
        if isinstance(told, Rejection):
            return problem_response(told)
        headers = {"cache-control": "no-store"}
        if form == "html":
            headers["content-security-policy"] = ALONE
        else:
            stem = table if form == "csv" else "savings"
            headers["content-disposition"] = f'inline; filename="{stem}.{form}"'
        return Response(told, media_type=MEDIA[form], headers=headers)

    return [preview, take, report]


async def _taken(operations: Operations, said: Understood, person: str, key: str, *, corrects: bool) -> Response[bytes]:
    """Ask the command; what stands in the file is told with the outcome."""
    if said.command is None:
        faults = [{"place": f"line {one['line']}", "expected": one["expected"]} for one in said.told["faults"]]
        return problem_response(Rejection("malformed", {"faults": faults}))
    command = msgspec.structs.replace(said.command, corrects=corrects)
    outcome = await operations.ask(Asked(key, command, person), Lane.ORDINARY)
    if outcome.rejection is not None:
        return problem_response(outcome.rejection)
    taken = [event.statement for event in outcome.events if hasattr(event, "statement")]
    told = {"command": outcome.request, "position": outcome.position, "taken": taken, "understood": said.told}
    return Response(msgspec.json.encode(told), media_type="application/json")
