"""A rejection over HTTP: RFC 9457 `application/problem+json` with the domain's own code, and a status that fits it."""

from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from redstick.kernel.values import Rejection

MEDIA_TYPE = "application/problem+json"
STATUSES = {
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "ask_again": HTTPStatus.SERVICE_UNAVAILABLE,
    "computing_unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
    "domain_suspended": HTTPStatus.SERVICE_UNAVAILABLE,
    "not_signed_in": HTTPStatus.UNAUTHORIZED,
    "sign_in_refused": HTTPStatus.UNAUTHORIZED,
    "too_many_attempts": HTTPStatus.TOO_MANY_REQUESTS,
    "not_permitted": HTTPStatus.FORBIDDEN,
    "purpose_needed": HTTPStatus.FORBIDDEN,
    "purpose_unknown": HTTPStatus.FORBIDDEN,
    "reference_needed": HTTPStatus.FORBIDDEN,
    "from_another_site": HTTPStatus.FORBIDDEN,
    "not_yourself": HTTPStatus.FORBIDDEN,
    "id_needed": HTTPStatus.BAD_REQUEST,
    "id_unreadable": HTTPStatus.BAD_REQUEST,
    "header_unreadable": HTTPStatus.BAD_REQUEST,
    "not_sealed": HTTPStatus.BAD_REQUEST,
    "malformed": HTTPStatus.BAD_REQUEST,
    "body_too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "filled_by_the_server": HTTPStatus.BAD_REQUEST,
    "position_incomplete": HTTPStatus.BAD_REQUEST,
    "span_unreadable": HTTPStatus.BAD_REQUEST,
    "nothing_there": HTTPStatus.NOT_FOUND,
    "span_out_of_reach": HTTPStatus.NOT_FOUND,
}


class Answer(msgspec.Struct, frozen=True):
    """An answer as it is sent."""

    status: HTTPStatus
    body: bytes
    media_type: str = MEDIA_TYPE
    headers: dict[str, str] = {}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What went wrong: `code` is stable, `data` explains it."""

    title: str
    status: int
    code: str
    type: str = "about:blank"
    detail: str = ""
    data: dict[str, Any] = {}


def status_of(code: str) -> HTTPStatus:
    """The HTTP status of a rejection: what is unknown is not found, everything else conflicts with what is so."""
    if code.endswith("_unknown") and code not in STATUSES:
        return HTTPStatus.NOT_FOUND
    return STATUSES.get(code, HTTPStatus.CONFLICT)


def problem_answer(rejection: Rejection, detail: str = "") -> Answer:
    """A rejection as an answer."""
    status = status_of(rejection.code)
    problem = Problem(status.phrase, status, rejection.code, detail=detail, data=rejection.data)
    headers = {"retry-after": "1"} if status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS} else {}
    return Answer(status, msgspec.json.encode(problem), headers=headers)


def problem_response(rejection: Rejection, detail: str = "") -> Response[bytes]:
    """The same, for Litestar."""
    answer = problem_answer(rejection, detail)
    return Response(answer.body, status_code=answer.status, media_type=answer.media_type, headers=answer.headers)


def invalid(said: str) -> Answer:
    """A body that is not what it should be; `said` names the place and what was expected."""
    status = HTTPStatus.BAD_REQUEST
    problem = Problem(status.phrase, status, "invalid", detail=said, data={"errors": [{"message": said}]})
    return Answer(status, msgspec.json.encode(problem))


def unforeseen() -> Answer:
    """Something failed inside; an unforeseen error keeps its inside to itself."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return Answer(status, msgspec.json.encode(Problem(status.phrase, status, status.name.lower())))


def on_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """What Litestar refuses, in the same form; an unforeseen error keeps its inside to itself."""
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else 500)
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        request.app.state.failures.append(error)
    told = error.detail if isinstance(error, HTTPException) and status < HTTPStatus.INTERNAL_SERVER_ERROR else ""
    data = {"errors": error.extra} if isinstance(error, HTTPException) and isinstance(error.extra, list) else {}
    code = "invalid" if status in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY} else status.name.lower()
    problem = Problem(status.phrase, status, code, detail=told, data=data)
    return Response(msgspec.json.encode(problem), status_code=status, media_type=MEDIA_TYPE)
