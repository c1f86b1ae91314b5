"""Who of ours calls, before a leg is written down: a phone, a trunk, or nobody; and where a phone that calls 911 is."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from redstick.kernel.values import Instant
from redstick.phones.lookups import elin_for, number_without_elin, site_of
from redstick.phones.numbering import tidy
from redstick.phones.routing.deciding import calls_for_help
from redstick.phones.state import Phones
from redstick.published.comms import Arrival, LineKind
from redstick.server.phoning.carrying import fix_of
from redstick.server.phoning.helping import Helping, has_trunks


class Arriving:
    """Knows callers by the committed state; `now` is the city's time, `helping` hears who calls for help elsewhere."""

    def __init__(self, states: Callable[[], Mapping[str, Any]], now: Callable[[], Instant], helping: Helping) -> None:
        self._states, self._now, self._helping = states, now, helping
        self._given: dict[str, str] = {}  # ELINs of legs whose call is not begun yet

    def known(self, leg: str, arrival: Arrival, device: str) -> Arrival:
        """With the phone or the trunk that it comes from, on the line that it is for.

        Whatever the plan calls 911 is a 911 line, from a phone; with the place where that stands before every other,
        and the number by which it is called back instead of its name. Where the plan sends it out by trunks it is a
        call of the phones until it turns out that nobody elsewhere takes it.
        """
        state: Phones = self._states()["phones"]
        if device in state.devices:
            arrival = msgspec.structs.replace(arrival, device=device)
            if arrival.line is LineKind.ADMIN:
                helps = calls_for_help(state.plan, tidy(arrival.target))
                arrival = msgspec.structs.replace(arrival, line=LineKind.EMERGENCY if helps else LineKind.PHONE)
            return self._helped(state, leg, arrival) if arrival.line is LineKind.EMERGENCY else arrival
        trunk = self._trunk(state, arrival.source)
        if trunk and arrival.line is LineKind.ADMIN:
            return msgspec.structs.replace(arrival, line=LineKind.PHONE, trunk=trunk)
        return arrival

    def _helped(self, state: Phones, leg: str, arrival: Arrival) -> Arrival:
        located = self._located(state, leg, arrival)
        if not has_trunks(state):
            return located
        self._helping.goes_out(leg, located)
        return msgspec.structs.replace(located, line=LineKind.PHONE)

    def _located(self, state: Phones, leg: str, arrival: Arrival) -> Arrival:
        number = state.devices[arrival.device].number
        site = site_of(state, number, arrival.device)
        self._given = {one: elin for one, elin in self._given.items() if one not in state.calls}
        elin = elin_for(state, site, self._now(), self._given.values())
        if elin:
            self._given[leg] = elin
        fixes = (*([fix_of(site)] if site is not None else []), *arrival.fixes)
        callback = elin or number_without_elin(state, number)
        return msgspec.structs.replace(arrival, number=callback, fixes=fixes)

    def forget(self, leg: str) -> None:
        """The leg is over, or was not written down."""
        self._given.pop(leg, None)

    def _trunk(self, state: Phones, source: str) -> str:
        """The trunk whose carrier calls from that host, the first by name; "" for none."""
        host = source.rpartition(":")[0]
        known = (one.id for one in state.trunks.values() if one.address and host_of(one.address) == host)
        return min(known, default="")


def host_of(address: str) -> str:
    """The host of a trunk's address."""
    return address.partition(";")[0].partition(":")[0]
