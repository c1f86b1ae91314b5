"""Commands as they are asked over HTTP: the one path that is walked thousands of times, so plain ASGI.

What each command takes is described in `commands.py`; here it is answered. A general router, with its injection of
arguments and its second look at the body, costs more than deciding does (docs/decisions/0013).
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar.types import HTTPScope, Receive, Scope, Send

from redstick.kernel.executor import Lane
from redstick.kernel.ids import made_at
from redstick.kernel.secrets.sealed import plaintext_fields, seals
from redstick.kernel.values import Command, Instant, Outcome, Rejection, Request
from redstick.server.api.callers import asked_from_elsewhere, token_in
from redstick.server.api.commands import Told, ToldEvent, commands_asked, path_of
from redstick.server.api.oneself import named
from redstick.server.api.ports import Operations
from redstick.server.api.problems import Answer, invalid, problem_answer, unforeseen

ID_CHARACTERS = 80  # an id is shorter
JSON = "application/json"
_encoder = msgspec.json.Encoder()


class Asking:
    """The ASGI application of every command that may be asked from outside. `failed` is told of unforeseen errors."""

    def __init__(self, operations: Operations, body_bytes: int, failed: Callable[[Exception], None]) -> None:
        self._body_bytes, self._failed = body_bytes, failed
        self._asked = {path_of(cls): _Asked(operations, cls) for cls in commands_asked(operations.house)}

    def takes(self, scope: HTTPScope) -> bool:
        """Whether a request asks a command; any other method at the same path is not for us."""
        return scope["path"] in self._asked and scope["method"] == "POST"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; nothing is decided for whom leaves before the body is whole."""
        body = await _body(receive, self._body_bytes)
        if body is None:
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            answer = await self._asked[scope["path"]].answer(headers, body)
        except Exception as error:  # noqa: BLE001  (whoever asked is told, and the error is kept)
            self._failed(error)
            answer = unforeseen()
        await _say(send, answer)


class _Asked:
    """One kind of command."""

    def __init__(self, operations: Operations, command: type[Command]) -> None:
        self._operations, self._sealing = operations, seals(command)
        self._lane = Lane.EMERGENCY if command in operations.house.urgent else Lane.ORDINARY
        self._decoder = msgspec.json.Decoder(command)

    async def answer(self, headers: Mapping[str, str], body: bytes | Answer) -> Answer:
        """What became of it: its outcome, or why there is none."""
        person = self._operations.person_of(token_in(headers) or "") or ""
        refusal = _refusal(headers, person)
        if refusal is not None:
            return problem_answer(refusal)
        if isinstance(body, Answer):
            return body
        try:
            command = self._decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return invalid(str(error))
        outcome = await self._outcome(headers, person, command)
        if isinstance(outcome, Rejection):
            return problem_answer(outcome)
        if outcome.rejection is not None:
            return problem_answer(outcome.rejection)
        told = [ToldEvent(event.event_kind, msgspec.to_builtins(event)) for event in outcome.events]
        return Answer(HTTPStatus.OK, _encoder.encode(Told(outcome.request, outcome.position, told)), JSON)

    async def _outcome(self, headers: Mapping[str, str], person: str, command: Command) -> Outcome | Rejection:
        if self._sealing and (plain := plaintext_fields(command)):
            return Rejection("not_sealed", {"fields": plain})
        refusal = named(command, person)
        if refusal is not None:
            return refusal
        purpose, at = headers.get("redstick-purpose"), headers.get("redstick-at")
        whole = await self._operations.complete(person, command, purpose)
        if isinstance(whole, Rejection):
            return whole
        happened = int(at) if at else None
        request = Request(headers["idempotency-key"], whole, person, happened, purpose)
        return await self._operations.ask(request, self._lane)


def _refusal(headers: Mapping[str, str], person: str) -> Rejection | None:
    key, at = headers.get("idempotency-key"), headers.get("redstick-at")
    if not person:
        return Rejection("not_signed_in")
    if asked_from_elsewhere(headers):
        return Rejection("from_another_site")
    if not key:
        return Rejection("id_needed", {"header": "Idempotency-Key"})
    if made_at(key) is None or len(key) > ID_CHARACTERS:
        return Rejection("id_unreadable", {"header": "Idempotency-Key", "said": key[:ID_CHARACTERS]})
    if at is not None and _instant(at) is None:
        return Rejection("header_unreadable", {"header": "Redstick-At", "said": at[:ID_CHARACTERS]})
    return None


def _instant(text: str) -> Instant | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


async def _body(receive: Receive, limit: int) -> bytes | Answer | None:
    """The whole body; the refusal of one that is too long; None when whoever asked has gone."""
    parts, length, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        part = message.get("body", b"")
        length, more = length + len(part), message.get("more_body", False)
        if length > limit:
            return problem_answer(Rejection("body_too_large", {"bytes": limit}))
        parts.append(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


async def _say(send: Send, answer: Answer) -> None:
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", str(len(answer.body)).encode()),
        *((name.encode(), value.encode()) for name, value in answer.headers.items()),
    ]
    start: Any = {"type": "http.response.start", "status": int(answer.status), "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body, "more_body": False})
