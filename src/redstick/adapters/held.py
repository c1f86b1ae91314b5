"""Locations by reference over HTTP: a HELD question to the servers that a city trusts, and to no other.

The reference came from whoever called: without a list of hosts any caller could have this machine ask anywhere. Nothing
is followed elsewhere, an answer is bounded, and asking holds up nobody.
"""

import asyncio
import ssl
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from redstick.adapters.voice.arrivals import fixes_in
from redstick.kernel.errors import Unavailable
from redstick.protocols.faults import Malformed
from redstick.protocols.held import (
    MEDIA_TYPE,
    MOST_BYTES,
    LocationRequest,
    LocationResponse,
    read_response,
    write_request,
)
from redstick.published.comms import Fix

TIMEOUT_S = 5.0
AT_ONCE = 32  # questions, on threads of their own: a server that says nothing holds nobody else's
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class HeldClient:
    """Asks the location servers `hosts` (names, without ports). In plain HTTP it asks this machine alone."""

    def __init__(self, hosts: Iterable[str], context: ssl.SSLContext | None = None) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._context = context or ssl.create_default_context()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="held")

    def takes(self, uri: str) -> bool:
        """`https`, at a host of the list; `http` where that is this machine."""
        try:
            asked = urlsplit(uri)
            host = (asked.hostname or "").lower()
            asked.port  # noqa: B018  (reading it raises where it is no number)
        except ValueError:
            return False
        secure = asked.scheme == "https" or (asked.scheme == "http" and host in LOOPBACK)
        return secure and host in self._hosts and asked.username is None

    async def ask(self, uri: str) -> tuple[Fix, ...]:
        """One POST; raises Unavailable for every other answer than a location."""
        if not self.takes(uri):
            raise Unavailable(f"{uri}: not a location server of this city")
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._asked, uri)

    def _asked(self, uri: str) -> tuple[Fix, ...]:
        asked = urlsplit(uri)
        connection = (
            HTTPSConnection(asked.hostname or "", asked.port, timeout=TIMEOUT_S, context=self._context)
            if asked.scheme == "https"
            else HTTPConnection(asked.hostname or "", asked.port, timeout=TIMEOUT_S)
        )
        target = (asked.path or "/") + (f"?{asked.query}" if asked.query else "")
        question = write_request(LocationRequest(kinds=("any",), wait="emergencyDispatch"))
        try:
            connection.request("POST", target, question, {"Content-Type": MEDIA_TYPE, "Accept": MEDIA_TYPE})
            answer = connection.getresponse()
            body = answer.read(MOST_BYTES + 1)
            found = read_response(body) if answer.status == 200 and len(body) <= MOST_BYTES else None
        except (OSError, HTTPException, Malformed) as error:
            raise Unavailable(f"{uri}: {error}") from error
        finally:
            connection.close()
        if not isinstance(found, LocationResponse) or found.presence is None:
            raise Unavailable(f"{uri}: no location ({answer.status} {getattr(found, 'code', '')})")
        return fixes_in(found.presence, uri)
