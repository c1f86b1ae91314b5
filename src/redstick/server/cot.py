"""Cursor on Target out: units and incidents for the maps of people in the field, one datagram an event.

What changed is told within a second, everything again before it goes stale, so that a map that was switched on late, or
missed a datagram, is right soon after. Each receiver is of an audience: crews in the field get what a map needs, the
public what the policy of disclosure lets be told, and no unit. UDP promises nothing; a receiver out of reach holds up
nobody.
"""

import asyncio
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal

import msgspec

from redstick.dispatch.exchange.cot import incident_event, public_event, unit_event
from redstick.dispatch.exchange.profile import Agency, Profile
from redstick.dispatch.exchange.public import Disclosure
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact
from redstick.kernel.values import Instant
from redstick.protocols.cot.event import CotEvent, write_event

LOOK_S, AGAIN_MS = 1.0, 30_000
Send = Callable[[bytes, tuple[str, int]], None]


class Receiver(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told, and as what audience. `host` is an IPv4 address: no name is looked up on the way."""

    host: str
    port: int
    audience: Literal["field", "public"] = "field"


class CotOut:
    """Tells receivers, as long as it runs. `send` puts a datagram on the network; by default a socket of its own."""

    def __init__(
        self,
        receivers: tuple[Receiver, ...],
        element: str,
        disclosure: Disclosure,
        states: Callable[[], Mapping[str, Any]],
        clock: Callable[[], Instant],
        send: Send | None = None,
    ) -> None:
        self._receivers, self._disclosure = receivers, disclosure
        self._profile = Profile(element, Agency(element, (), ()))  # of a profile, events need the domain name alone
        self._states, self._clock, self._send = states, clock, send
        self._told: dict[tuple[Receiver, str], tuple[CotEvent, Instant]] = {}
        self._transport: asyncio.DatagramTransport | None = None
        self._works: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to tell what is so now."""
        self._works = asyncio.create_task(self._work())

    def note(self, facts: list[Fact]) -> None:
        """What changed is found by looking: a map has no use for every step between."""

    async def close(self) -> None:
        """Stop."""
        if self._works is not None:
            self._works.cancel()
            await asyncio.gather(self._works, return_exceptions=True)
        if self._transport is not None:
            self._transport.close()

    def tell(self) -> None:
        """One round: what is new, and what was told long ago; what is gone is forgotten."""
        now = self._clock()
        told: dict[tuple[Receiver, str], tuple[CotEvent, Instant]] = {}
        for receiver in self._receivers:
            for event in self._events(receiver.audience, now):
                key = (receiver, event.uid)
                before, at = self._told.get(key, (None, now))
                same = before is not None and _timeless(before) == _timeless(event)
                if same and now - at < AGAIN_MS:
                    told[key] = (event, at)
                    continue
                told[key] = (event, now)
                if self._send is not None:
                    with suppress(OSError):
                        self._send(write_event(event), (receiver.host, receiver.port))
        self._told = told

    def _events(self, audience: str, now: Instant) -> Iterator[CotEvent]:
        state: Dispatch = self._states()["dispatch"]
        for incident in state.incidents.values():
            if audience == "public":
                found = public_event(incident, now, self._profile, self._disclosure)
            else:
                found = incident_event(incident, now, self._profile)
            if found is not None:
                yield found
        for unit in state.units.values() if audience == "field" else ():
            seen = unit_event(unit, now, self._profile)
            if seen is not None:
                yield seen

    async def _work(self) -> None:
        if self._send is None:
            loop = asyncio.get_running_loop()
            self._transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, family=socket.AF_INET)
            self._send = self._transport.sendto
        while True:
            self.tell()
            await asyncio.sleep(LOOK_S)


def _timeless(event: CotEvent) -> CotEvent:
    """The event but for when it was made: `stale` moves with that."""
    return msgspec.structs.replace(event, time=0, stale=0)
