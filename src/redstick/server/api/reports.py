"""Reports over HTTP: an incident, a shift, a month; as accessible PDF (PDF/UA-1) or as CSV. Translation only."""

from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import Parameter

from redstick.dispatch.lookback.questions import Paperwork
from redstick.kernel.values import Rejection
from redstick.server.api.lookback import FLOOR, HISTORY, LIVE, admitted
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.lookback import Lookback

REPORTS = "dispatch.view.reports"
MEDIA = {"pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
HOUR_MS = 3_600_000

Purpose = Annotated[str | None, Parameter(header="Redstick-Purpose", description="why, where law asks")]
Zone = Annotated[str, Parameter(max_length=80, description="time zone of the clock; the city's own without")]
Callers = Annotated[bool, Parameter(description="with the numbers of who called")]
Moment = Annotated[int | None, Parameter(ge=0, description="ms since the epoch")]
Form = Annotated[str, Parameter(max_length=8, description="pdf or csv")]
Month = Annotated[str, Parameter(pattern=r"^\d{4}-\d{2}$", description="as 2026-11")]


def report_routes(operations: Operations, lookback: Lookback) -> list[HTTPRouteHandler]:
    """`/api/reports/incident/{incident}.{form}`, `/api/reports/shift`, `/api/reports/month`."""

    @get("/api/reports/incident/{name:str}", operation_id="incident_report", tags=["reports"])
    async def of_incident(
        request: Request[Any, Any, Any], name: str, zone: Zone = "", callers: Callers = False, purpose: Purpose = None
    ) -> Response[bytes]:
        """One incident whole: `i1.pdf` or `i1.csv`. A closed one asks for a purpose."""
        incident, _, form = name.rpartition(".")
        open_now = operations.states()["dispatch"].incidents.get(incident)
        if purpose is None and open_now is not None and open_now.closed_at is None:
            purpose = f"{LIVE}:{incident}"
        refused = await admitted(operations, request, HISTORY, FLOOR, purpose)
        if refused is not None:
            return problem_response(refused)
        asked = Paperwork(about="incident", form=form, incident=incident, zone=zone, callers=callers)
        return await _document(lookback, asked, f"incident-{incident}")

    @get("/api/reports/shift", operation_id="shift_report", tags=["reports"])
    async def of_shift(
        request: Request[Any, Any, Any],
        begun: Moment = None,
        ended: Moment = None,
        form: Form = "pdf",
        zone: Zone = "",
        purpose: Purpose = None,
    ) -> Response[bytes]:
        """What came in from `begun` until `ended`, at most 36 hours; without them, the last twelve."""
        refused = await admitted(operations, request, REPORTS, FLOOR, purpose)
        if refused is not None:
            return problem_response(refused)
        until = operations.now() if ended is None else ended
        since = until - 12 * HOUR_MS if begun is None else begun
        asked = Paperwork(about="shift", form=form, begun=since, ended=until, zone=zone)
        return await _document(lookback, asked, "shift")

    @get("/api/reports/month", operation_id="month_report", tags=["reports"])
    async def of_month(
        request: Request[Any, Any, Any],
        month: Month,
        form: Form = "pdf",
        zone: Zone = "",
        purpose: Purpose = None,
    ) -> Response[bytes]:
        """A month of the city's clock, as far as it has come; this one and the last are within reach."""
        refused = await admitted(operations, request, REPORTS, FLOOR, purpose)
        here = zone or await _zone_of(operations)
        if refused is not None:
            return problem_response(refused)
        span = _month(month, here)
        if isinstance(span, Rejection):
            return problem_response(span)
        begun, ended = span
        if begun > operations.now():
            return problem_response(Rejection("nothing_there", {"from": begun, "to": ended}))
        asked = Paperwork(about="month", form=form, begun=begun, ended=ended, zone=here)
        return await _document(lookback, asked, f"month-{month}")

    return [of_incident, of_shift, of_month]


async def _zone_of(operations: Operations) -> str:
    """The city's time zone, UTC where there is no city."""
    facts = Rejection("no_map") if operations.map is None else await operations.map.facts()
    return "UTC" if isinstance(facts, Rejection) else facts.time_zone


def _month(text: str, zone: str) -> tuple[int, int] | Rejection:
    """When a local month begins and ends."""
    try:
        here = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return Rejection("zone_unknown", {"zone": zone[:80]})
    year, number = int(text[:4]), int(text[5:])
    if not 1970 <= year <= 9998 or not 1 <= number <= 12:
        return Rejection("malformed", {"faults": [{"place": "month", "expected": "a month as 2026-11"}]})
    begun = datetime(year, number, 1, tzinfo=here)
    ended = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=here)
    return round(begun.timestamp() * 1000), round(ended.timestamp() * 1000)


async def _document(lookback: Lookback, asked: Paperwork, name: str) -> Response[bytes]:
    told = await lookback.ask(asked)
    if isinstance(told, Rejection):
        return problem_response(told)
    safe = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in name)
    headers = {"content-disposition": f'inline; filename="{safe}.{asked.form}"', "cache-control": "no-store"}
    return Response(told, media_type=MEDIA[asked.form], headers=headers)
