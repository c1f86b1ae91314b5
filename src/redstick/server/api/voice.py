"""A seat's voice: its browser offers (WebRTC) and is answered; the leg then stands as long as the browser is here."""

from http import HTTPStatus
from typing import Annotated, Any, Protocol

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from redstick.kernel.values import Rejection
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response

OFFER_AT_MOST, NAME_AT_MOST = 64 << 10, 200


class SeatVoice(Protocol):
    """Whatever takes the voice of seats."""

    async def attach(self, seat: str, offer: str) -> str | None:
        """The answer to a browser's offer, None where it cannot be taken."""


class VoiceHere(msgspec.Struct, frozen=True):
    """Whether this server has voice at all: no microphone is asked for where it has none."""

    here: bool


class VoiceOffer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a browser offers (SDP), with all its candidates, for the console at which its person is signed on."""

    seat: Annotated[str, msgspec.Meta(max_length=NAME_AT_MOST)]
    offer: Annotated[str, msgspec.Meta(max_length=OFFER_AT_MOST)]


class VoiceAnswer(msgspec.Struct, frozen=True):
    """Our description."""

    answer: str


def voice_routes(operations: Operations, voice: SeatVoice | None) -> list[HTTPRouteHandler]:
    """`GET /api/voice` and `POST /api/voice/seat`."""

    @get("/api/voice", operation_id="voice_here", tags=["voice"])
    async def here(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Whether there is voice."""
        if operations.person_of(token_of(request) or "") is None:
            return problem_response(Rejection("not_signed_in"))
        return _json(VoiceHere(voice is not None))

    @post("/api/voice/seat", status_code=HTTPStatus.OK, operation_id="attach_voice", tags=["voice"])
    async def attach(request: Request[Any, Any, Any], data: VoiceOffer) -> Response[bytes]:
        """Stand as the leg of a seat. Rejections: `seat_not_yours`, `no_voice`, `offer_refused`."""
        person = operations.person_of(token_of(request) or "")
        if person is None:
            return problem_response(Rejection("not_signed_in"))
        if from_elsewhere(request):
            return problem_response(Rejection("from_another_site"))
        seat = operations.states()["dispatch"].seats.get(data.seat)
        if seat is None or seat.person != person:
            return problem_response(Rejection("seat_not_yours", {"seat": data.seat}))
        if voice is None:
            return problem_response(Rejection("no_voice"))
        answer = await voice.attach(data.seat, data.offer)
        return problem_response(Rejection("offer_refused")) if answer is None else _json(VoiceAnswer(answer))

    return [here, attach]


def _json(value: msgspec.Struct) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json", status_code=HTTPStatus.OK)
