"""Boxes over HTTP: one's own voicemail, heard with a record of it, their PINs, and what boxes and menus say.

A player asks for a message in parts. The first one within ten minutes is the record; those behind it are of the same
hearing, and each is proven by the hash of the whole file.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler

from redstick.kernel.errors import Corruption, Unavailable
from redstick.kernel.executor import Lane
from redstick.kernel.ids import ENTROPY_BITS, make_id
from redstick.kernel.values import Command, Instant, Rejection
from redstick.kernel.values import Request as Asked
from redstick.phones.ports import Sounds
from redstick.phones.rules.boxes import SetMyPin
from redstick.phones.rules.messages import HearVoicemail
from redstick.phones.rules.settings import not_theirs
from redstick.phones.state import Phones
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.phones import MINE
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.api.ranges import asks_part, file_answer
from redstick.server.phoning.pins import BoxPins

WAV, HEARING_MS = "audio/wav", 10 * 60_000
PRIVATE = {"cache-control": "no-store", "content-disposition": 'inline; filename="voicemail.wav"'}


class NewPin(msgspec.Struct, frozen=True):
    """What opens the box of a number elsewhere from now on: 4 to 10 digits."""

    number: str
    pin: str


class Hearing:
    """Who hears which message now, so that the parts of one hearing are one record."""

    def __init__(self) -> None:
        self._until: dict[tuple[str, str], Instant] = {}

    def goes_on(self, person: str, message: str, now: Instant) -> bool:
        """Whether a record of it was begun a short while ago."""
        return self._until.get((person, message), 0) > now

    def begin(self, person: str, message: str, now: Instant) -> None:
        """It is recorded."""
        self._until = {key: until for key, until in self._until.items() if until > now}
        self._until[person, message] = now + HEARING_MS


class SoundKept(msgspec.Struct, frozen=True):
    """A sound is here, under this hash."""

    sha256: str


def box_routes(operations: Operations, sounds: Sounds | None, pins: BoxPins | None) -> list[HTTPRouteHandler]:
    """`GET /api/phones/voicemail/{message}`, `POST /api/phones/sounds`, `POST /api/phones/set-pin`."""
    hearing = Hearing()

    async def ask(command: Command, person: str) -> Rejection | None:
        key = make_id("cmd", operations.now(), secrets.randbits(ENTROPY_BITS))
        return (await operations.ask(Asked(key, command, person), Lane.ORDINARY)).rejection

    @get("/api/phones/voicemail/{message:str}", operation_id="hear_voicemail", tags=["phones"])
    async def hear(request: Request[Any, Any, Any], message: str) -> Response[bytes]:
        """A message of one's own box, as WAV, or a part of it. That it was asked for is recorded: it is heard."""
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
        part, now = request.headers.get("range", ""), operations.now()
        if not asks_part(part) or not hearing.goes_on(person, message, now):
            refused = await ask(HearVoicemail(message, person), person)
            if refused is not None:
                return problem_response(refused)
            hearing.begin(person, message, now)
        return file_answer(wav, found.sha256, WAV, PRIVATE, part)

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

    @post("/api/phones/set-pin", status_code=HTTPStatus.OK, operation_id="set_box_pin", tags=["phones"])
    async def set_pin(request: Request[Any, Any, Any], data: NewPin) -> Response[bytes]:
        """Set the PIN of one's own box. Rejections say why: `pin_malformed`, `pin_refused` with because."""
        person = await _reader(operations, request)
        if isinstance(person, Response):
            return person
        refused = not_theirs(operations.states()["phones"], data.number, person)
        if refused is None:
            refused = await _put(pins, data, lambda made: ask(SetMyPin(person, data.number, made), person))
        return Response(b"{}", media_type="application/json") if refused is None else problem_response(refused)

    return [hear, keep, set_pin]


async def _put(
    pins: BoxPins | None, new: NewPin, ask: Callable[[str], Awaitable[Rejection | None]]
) -> Rejection | None:
    if pins is None:
        return Rejection("credentials_unavailable", {"number": new.number})
    return await pins.put(new.number, new.pin, ask)


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
