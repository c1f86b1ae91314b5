"""Before a read of the floor's is answered: who asks, from where, and whether they may."""

from typing import Any

from litestar import Request, Response

from redstick.kernel.values import Rejection
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response

FLOOR = "floor"


async def reader_of(
    operations: Operations, request: Request[Any, Any, Any], read: str, purpose: str | None
) -> str | Response[bytes]:
    """The person who may be shown it; or why not, and a refusal is recorded like that of any other read."""
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return problem_response(Rejection("not_signed_in"))
    if from_elsewhere(request):
        return problem_response(Rejection("from_another_site"))
    reading = await operations.admit(person, read, FLOOR, purpose)
    return person if reading.rejection is None else problem_response(reading.rejection)
