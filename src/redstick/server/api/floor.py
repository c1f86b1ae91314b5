"""Reads of the floor that look back: what a relief is told, and who lent whom how much."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.dispatch.reads.aid_balance import balances, loans
from redstick.dispatch.reads.handover import TELLING, changed_since
from redstick.dispatch.rules.assignments import AssignmentEnded, UnitAssigned
from redstick.dispatch.rules.links import AssignmentMoved
from redstick.dispatch.rules.needs import NeedsAdded, NeedsSet
from redstick.kernel.values import Rejection
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.api.reading import reader_of

HANDOVER, AID = "dispatch.view.handover", "dispatch.view.aid"
BACK_AT_MOST = 100_000  # lines of the journal: more than a shift of a big city
LENDING = (UnitAssigned, AssignmentEnded, AssignmentMoved, NeedsSet, NeedsAdded)

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Since = Annotated[int, Parameter(ge=0, description="the journal position behind which things are told")]
Groups = Annotated[list[str] | None, Parameter(query="group", description="a dispatch group; every one without")]


def floor_routes(operations: Operations) -> list[HTTPRouteHandler]:
    """`GET /api/dispatch/handover?since=POSITION&group=…` and `GET /api/dispatch/aid-balance`."""

    @get("/api/dispatch/handover", operation_id="handover", tags=["floor"])
    async def handover(
        request: Request[Any, Any, Any], since: Since, groups: Groups = None, purpose: Purpose = None
    ) -> Response[bytes]:
        """What changed behind a position, for the groups of a seat that is relieved; what is pending now."""
        person = await reader_of(operations, request, HANDOVER, purpose)
        if isinstance(person, Response):
            return person
        known = operations.states()["dispatch"].groups
        strange = [name for name in groups or () if name not in known]
        if strange:
            return problem_response(Rejection("group_unknown", {"group": strange[0][:80], "known": sorted(known)}))
        at = operations.position()
        if not at - BACK_AT_MOST <= since <= at:
            return problem_response(Rejection("position_out_of_reach", {"from": max(0, at - BACK_AT_MOST), "to": at}))
        facts = await operations.past.over(since, TELLING, list)
        told = changed_since(since, facts, operations.states()["dispatch"], groups or ())
        return Response(msgspec.json.encode(told), media_type="application/json")

    @get("/api/dispatch/aid-balance", operation_id="aid_balance", tags=["floor"])
    async def aid_balance(request: Request[Any, Any, Any], purpose: Purpose = None) -> Response[bytes]:
        """Units and milliseconds of aid for each pair of agencies, both ways, over the whole journal; out counts on."""
        person = await reader_of(operations, request, AID, purpose)
        if isinstance(person, Response):
            return person
        now = operations.now()
        rows = await operations.past.over(0, LENDING, lambda facts: balances(loans(facts), now))
        body = {"as_of": now, "balances": [{**row._asdict(), "balance_ms": row.balance_ms} for row in rows]}
        return Response(msgspec.json.encode(body), media_type="application/json")

    return [handover, aid_balance]
