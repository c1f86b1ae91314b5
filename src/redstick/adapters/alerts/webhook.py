"""A webhook: one POST of JSON, with the key in `Idempotency-Key`, to whatever tells people further on.

Stations, pagers and phones are reached through a provider's HTTP interface; receipts come back as commands, through our
own. The answer 2xx proves that the provider has it, nothing more: `sent`. 408, 425, 429 and 5xx are asked again, any
other answer is the provider's no.
"""

import asyncio
import http.client
import json
from urllib.parse import urlsplit

from redstick.dispatch.alerting.paths import Step
from redstick.dispatch.ports import Handed, Outgoing
from redstick.kernel.errors import Unavailable

TIMEOUT_S = 10.0
AGAIN = frozenset({408, 425, 429})
HEARD_AT_MOST = 2_000  # bytes of an answer that are looked at


class Webhook:
    """Posts to `url`; with `token`, as a bearer. An address that is a URL of its own is posted to instead."""

    def __init__(self, url: str = "", token: str = "", timeout_s: float = TIMEOUT_S) -> None:
        self._url, self._token, self._timeout_s = url, token, timeout_s

    async def hand_over(self, message: Outgoing) -> Handed:
        """See the port."""
        return await asyncio.to_thread(self._post, message)

    def _post(self, message: Outgoing) -> Handed:
        own = message.address.startswith(("http://", "https://"))
        parts = urlsplit(message.address if own else self._url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return Handed(Step.FAILED, "not an http address")
        if own and self._token:
            return Handed(Step.FAILED, "a token is for its own provider only")
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = kind(parts.hostname, parts.port, timeout=self._timeout_s)
        try:
            target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
            connection.request("POST", target, _body(message), self._headers(message))
            answer = connection.getresponse()
            said = answer.read(HEARD_AT_MOST).decode("utf-8", "replace").strip()
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"webhook: {error}") from error
        finally:
            connection.close()
        return _judged(answer.status, said)

    def _headers(self, message: Outgoing) -> dict[str, str]:
        headers = {"content-type": "application/json", "idempotency-key": message.key}
        return headers | ({"authorization": f"Bearer {self._token}"} if self._token else {})


def _body(message: Outgoing) -> bytes:
    """What a provider needs to tell people, and to send receipts back under."""
    told = {
        "key": message.key,
        "incident": message.incident,
        "alert": message.alert,
        "path": message.kind,
        "to": message.address,
        "text": message.text,
    }
    return json.dumps(told, ensure_ascii=False).encode()


def _judged(status: int, said: str) -> Handed:
    if status in AGAIN or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unavailable(f"webhook: answer {status}")
    evidence = f"HTTP {status} {said}".strip()
    accepted = http.HTTPStatus.OK <= status < http.HTTPStatus.MULTIPLE_CHOICES
    return Handed(Step.SENT if accepted else Step.FAILED, evidence)
