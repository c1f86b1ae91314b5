"""Sounds of the phones over HTTP: one's own voicemail, heard with a record of it, and what boxes and menus say."""

import asyncio
import secrets
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.executor import Lane
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.values import Rejection
from redstick.kernel.values import Request as Asked
from redstick.phones.ports import Sounds
from redstick.phones.rules.messages import HearVoicemail
from redstick.phones.rules.settings import not_theirs
from redstick.phones.state import Phones
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.phones import MINE
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response

WAV = "audio/wav"
PRIVATE = {"cache-control": "no-store", "content-disposition": 'inline; filename="voicemail.wav"'}


class SoundKept(msgspec.Struct, frozen=True):
    """A sound is here, under this hash."""

    sha256: str


def box_routes(operations: Operations, sounds: Sounds | None) -> list[HTTPRouteHandler]:
    """`GET /api/phones/voicemail/{message}`, `POST /api/phones/sounds`."""

    @get("/api/phones/voicemail/{message:str}", operation_id="hear_voicemail", tags=["phones"])
    async def hear(request: Request[Any, Any, Any], message: str) -> Response[bytes]:
        """A message of one's own box, as WAV. That it was asked for is recorded, and that it was heard."""
        person = await _reader(operations, request)
        if isinstance(person, Response):
            return person
        state: Phones = operations.states()["phones"]
        found = state.voicemails.get(message)
        if found is None:
            return problem_response(Rejection("message_unknown", {"message": message}))
        refused = not_theirs(state, found.number, person)
        if refused is not None:
            return problem_response(refused)
        wav = await _read(sounds, found.sha256)
        if isinstance(wav, Rejection):
            return problem_response(wav)
        key = make_id("cmd", operations.now(), secrets.randbits(ENTROPY_BITS))
        outcome = await operations.ask(Asked(key, HearVoicemail(message, person), person), Lane.ORDINARY)
        if outcome.rejection is not None:
            return problem_response(outcome.rejection)
        return Response(wav, media_type=WAV, headers=PRIVATE)

    @post("/api/phones/sounds", status_code=HTTPStatus.OK, operation_id="keep_sound", tags=["phones"])
    async def keep(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Keep WAV (one channel, 16 bits, 8,000 a second) as a greeting or the words of a menu: its hash."""
        person = await _reader(operations, request)
        if isinstance(person, Response):
            return person
        if sounds is None:
            return problem_response(Rejection("sounds_unavailable"))
        try:
            digest = await asyncio.to_thread(sounds.keep, await request.body())
        except ValueError as error:
            return problem_response(Rejection("malformed", {"why": str(error)}))
        except Unavailable:
            return problem_response(Rejection("sounds_unavailable"))
        return Response(msgspec.json.encode(SoundKept(digest)), media_type="application/json")

    return [hear, keep]


async def _read(sounds: Sounds | None, sha256: str) -> bytes | Rejection:
    try:
        wav = None if sounds is None else await asyncio.to_thread(sounds.read, sha256)
    except (Unavailable, Corruption):
        return Rejection("sounds_unavailable")
    return Rejection("sound_unknown", {"sha256": sha256}) if wav is None else wav


async def _reader(operations: Operations, request: Request[Any, Any, Any]) -> str | Response[bytes]:
    person = operations.person_of(token_of(request) or "")
    if person is None:
        return problem_response(Rejection("not_signed_in"))
    if from_elsewhere(request):
        return problem_response(Rejection("from_another_site"))
    reading = await operations.admit(person, MINE, None, None)
    return person if reading.rejection is None else problem_response(reading.rejection)
