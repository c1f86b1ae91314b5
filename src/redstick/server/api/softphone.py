"""A softphone in a window: a stream that says how it is, and what its person does with it.

`/api/phones/softphone/stream?number=2101&window=w1` (plain ASGI): as long as it is open the softphone of that extension
is on in that window. Each word of it is the whole state (`SoftphoneTold`), as the house has it. A window that comes
again within some seconds finds its lines as they are; one whose session has ended is off at once.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import parse_qs

import msgspec
from litestar import Request, Response, get, post
from litestar.connection import WebSocket
from litestar.handlers import HTTPRouteHandler
from litestar.types import Receive, Scope, Send

from redstick.kernel.values import Rejection
from redstick.phones.lookups import extension_of, site_of
from redstick.phones.reads.mine import numbers_of
from redstick.phones.rules.settings import not_theirs
from redstick.phones.rules.softphones import softphone_of
from redstick.phones.state import Phones
from redstick.server.api.callers import from_elsewhere, token_of
from redstick.server.api.ports import Operations
from redstick.server.api.problems import problem_response
from redstick.server.phoning.softphones import Softphones
from redstick.server.phoning.windows import SoftphoneTold, Window

STREAM = "/api/phones/softphone/stream"
MINE = "phones.view.mine"
HEARTBEAT_S, STALLED_S = 1.0, 20.0
OFFER_AT_MOST, NAME_AT_MOST = 64 << 10, 80
POLICY_VIOLATION, NOT_SIGNED_IN, NOT_PERMITTED, ELSEWHERE = 1008, 4401, 4403, 4409

Name = Annotated[str, msgspec.Meta(max_length=NAME_AT_MOST)]
Sdp = Annotated[str, msgspec.Meta(max_length=OFFER_AT_MOST)]


class SoftphoneNumber(msgspec.Struct, frozen=True):
    """An extension of one's own: the site that is said of its softphone ("": the extension's), and the words of it."""

    number: str
    name: str
    site: str
    place: str


class SoftphoneHere(msgspec.Struct, frozen=True):
    """Whether this server has voice; one's own extensions, and the sites at which one may be, by id, in words."""

    here: bool
    numbers: tuple[SoftphoneNumber, ...]
    sites: dict[str, str]


class SoftphoneDial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Call a number, with what the browser offers (SDP)."""

    window: Name
    number: Name
    offer: Sdp


class SoftphoneSpeak(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answer a line, or bring its voice again."""

    window: Name
    leg: Name
    offer: Sdp


class SoftphoneAnswer(msgspec.Struct, frozen=True):
    """The line, and our description."""

    leg: str
    answer: str


class LineDoing(StrEnum):
    """What is done with a line beside speaking."""

    HANG_UP = "hang_up"
    HOLD = "hold"
    RESUME = "resume"
    PRESS = "press"
    HAND_ON = "hand_on"
    JOIN = "join"


class SoftphoneDo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Do something with a line; `with_` are the keys, the number to hand on to, or the other line to join."""

    window: Name
    leg: Name
    what: LineDoing
    with_: Name = msgspec.field(default="", name="with")


class SoftphoneDone(msgspec.Struct, frozen=True):
    """It is done; what became of it the stream says."""

    leg: str


def softphone_routes(operations: Operations, softphones: Softphones | None) -> list[HTTPRouteHandler]:
    """`GET /api/phones/softphone`; where there is voice, `POST /api/phones/softphone/dial`, `/speak`, `/do`."""

    @get("/api/phones/softphone", operation_id="softphone_here", tags=["phones"])
    async def here(request: Request[Any, Any, Any]) -> Response[bytes]:
        """Where one's own softphone may be, and whether there can be one."""
        person = operations.person_of(token_of(request) or "")
        if person is None:
            return problem_response(Rejection("not_signed_in"))
        reading = await operations.admit(person, MINE, None, None)
        if reading.rejection is not None:
            return problem_response(reading.rejection)
        return _json(_here(operations.states(), person, operations.now(), here=softphones is not None))

    return [here] if softphones is None else [here, *_acts(operations, softphones)]


def _acts(operations: Operations, softphones: Softphones) -> list[HTTPRouteHandler]:
    def theirs(request: Request[Any, Any, Any], name: str) -> Window | Rejection:
        person = operations.person_of(token_of(request) or "")
        if person is None:
            return Rejection("not_signed_in")
        if from_elsewhere(request):
            return Rejection("from_another_site")
        return softphones.window_of(name, person) or Rejection("softphone_off")

    @post("/api/phones/softphone/dial", status_code=HTTPStatus.OK, operation_id="softphone_dial", tags=["phones"])
    async def dial(request: Request[Any, Any, Any], data: SoftphoneDial) -> Response[bytes]:
        """Call a number. Rejections: `softphone_off`, `number_needed`, `lines_taken`, `offer_refused`."""
        window = theirs(request, data.window)
        if isinstance(window, Rejection):
            return problem_response(window)
        told = await softphones.dial(window, data.number.strip(), data.offer)
        return problem_response(told) if isinstance(told, Rejection) else _json(SoftphoneAnswer(*told))

    @post("/api/phones/softphone/speak", status_code=HTTPStatus.OK, operation_id="softphone_speak", tags=["phones"])
    async def speak(request: Request[Any, Any, Any], data: SoftphoneSpeak) -> Response[bytes]:
        """Answer a line that rings, or bring its voice again. Rejections: `softphone_off`, those of `Softphones`."""
        window = theirs(request, data.window)
        if isinstance(window, Rejection):
            return problem_response(window)
        told = await softphones.speak(window, data.leg, data.offer)
        return problem_response(told) if isinstance(told, Rejection) else _json(SoftphoneAnswer(data.leg, told))

    @post("/api/phones/softphone/do", status_code=HTTPStatus.OK, operation_id="softphone_do", tags=["phones"])
    async def do(request: Request[Any, Any, Any], data: SoftphoneDo) -> Response[bytes]:
        """Hang up, hold, press keys, hand on. Rejections: `softphone_off`, those of `Softphones`."""
        window = theirs(request, data.window)
        if isinstance(window, Rejection):
            return problem_response(window)
        refused = _done(softphones, window, data)
        return _json(SoftphoneDone(data.leg)) if refused is None else problem_response(refused)

    return [dial, speak, do]


def _done(softphones: Softphones, window: Window, asked: SoftphoneDo) -> Rejection | None:
    match asked.what:
        case LineDoing.HANG_UP:
            return softphones.end(window, asked.leg)
        case LineDoing.HOLD | LineDoing.RESUME:
            return softphones.put_on_hold(window, asked.leg, held=asked.what is LineDoing.HOLD)
        case LineDoing.PRESS:
            return softphones.press(window, asked.leg, asked.with_)
        case LineDoing.HAND_ON:
            return softphones.hand_on(window, asked.leg, to=asked.with_)
        case LineDoing.JOIN:
            return softphones.hand_on(window, asked.leg, attended=asked.with_)


def _here(states: Mapping[str, Any], person: str, now: int, *, here: bool) -> SoftphoneHere:
    state: Phones = states["phones"]
    numbers = []
    for one in numbers_of(state, person, now).numbers:
        device, extension = state.devices.get(softphone_of(one.number)), extension_of(state, one.number)
        site = device.site if device is not None else ""
        found = site_of(state, one.number, softphone_of(one.number))
        usual = extension.site if extension is not None else ""
        known = "" if found is None else found.words
        numbers.append(SoftphoneNumber(one.number, one.name, site or usual, known))
    return SoftphoneHere(here, tuple(numbers), {one.id: one.words for one in state.sites.values()})


class SoftphoneStreams:
    """The ASGI application of the stream."""

    def __init__(self, operations: Operations, softphones: Softphones) -> None:
        self._operations, self._softphones = operations, softphones
        self._encoder = msgspec.json.Encoder()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One window, until it leaves, its session ends, or the softphone is on elsewhere."""
        await receive()
        socket: WebSocket[Any, Any, Any] = WebSocket(scope)
        token, asked = token_of(socket) or "", parse_qs(scope["query_string"].decode("latin-1"))
        person = self._operations.person_of(token)
        number, name = asked.get("number", [""])[0], asked.get("window", [""])[0]
        if person is None or from_elsewhere(socket):
            await _close(send, NOT_SIGNED_IN if person is None else POLICY_VIOLATION, "sign in first")
            return
        refused = await self._refusal(person, number, name)
        if refused is not None:
            await _close(send, NOT_PERMITTED, refused.code)
            return
        changed = asyncio.Event()
        tell = changed.set
        window = self._softphones.switch_on(Window(name, person, softphone_of(number), number, tell))
        if isinstance(window, Rejection):
            await _close(send, ELSEWHERE, window.code)
            return
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        try:
            await self._serve(token, window, changed, receive, send)
        finally:
            self._softphones.lose(window, tell)

    async def _refusal(self, person: str, number: str, name: str) -> Rejection | None:
        """Rejections: `window_unnamed`, `number_unknown`, `not_your_number`, `place_needed`, those of the policy."""
        if not name or len(name) > NAME_AT_MOST:
            return Rejection("window_unnamed")
        state: Phones = self._operations.states()["phones"]
        refused = not_theirs(state, number, person)
        if refused is not None:
            return refused
        device = softphone_of(number)
        if device not in state.devices or site_of(state, number, device) is None:
            return Rejection("place_needed")
        return (await self._operations.admit(person, MINE, None, None)).rejection

    async def _serve(self, token: str, window: Window, changed: asyncio.Event, receive: Receive, send: Send) -> None:
        telling = asyncio.ensure_future(self._tell(token, window, changed, send))
        leaving = asyncio.ensure_future(self._until_left(receive, window))
        try:
            await asyncio.wait({telling, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (telling, leaving):
                task.cancel()
            await asyncio.gather(telling, leaving, return_exceptions=True)

    async def _tell(self, token: str, window: Window, changed: asyncio.Event, send: Send) -> None:
        while True:
            if self._operations.person_of(token) is None:
                self._softphones.switch_off(window)
                await _close(send, NOT_SIGNED_IN, "the session has ended")
                return
            if not self._softphones.is_on(window):
                await _close(send, ELSEWHERE, "it is on in another window")
                return
            site = site_of(self._operations.states()["phones"], window.number, window.device)
            if site is None and not window.lines:  # nobody would know where a 911 call comes from
                self._softphones.switch_off(window)
                await _close(send, NOT_PERMITTED, "place_needed")
                return
            place = "" if site is None else site.words
            told = SoftphoneTold(window.number, place, tuple(window.lines.values()), window.over)
            async with asyncio.timeout(STALLED_S):
                await send({"type": "websocket.send", "bytes": None, "text": self._encoder.encode(told).decode()})
            with suppress(TimeoutError):
                async with asyncio.timeout(HEARTBEAT_S):
                    await changed.wait()
            changed.clear()

    async def _until_left(self, receive: Receive, window: Window) -> None:
        """A word of the window, whatever it is, switches the softphone off."""
        while (said := await receive())["type"] != "websocket.disconnect":
            if said["type"] == "websocket.receive":
                self._softphones.switch_off(window)


async def _close(send: Send, code: int, reason: str) -> None:
    await send({"type": "websocket.close", "code": code, "reason": reason})


def _json(value: msgspec.Struct) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json", status_code=HTTPStatus.OK)
