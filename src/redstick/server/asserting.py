"""Who is asserted to call (RFC 3325): said to the carriers of our trunks, believed of them, and of nobody else.

On a 911 line whatever the network says counts: nobody who calls for help is lost for want of a contract.
"""

from urllib.parse import quote

import msgspec

from redstick.phones.state import Phones
from redstick.protocols.faults import Malformed
from redstick.protocols.sip.callbacks import PRIORITY, RESOURCE, callback_headers
from redstick.protocols.sip.headers import Address, read_address
from redstick.protocols.sip.uris import Uri, read_uri
from redstick.published.comms import Arrival, LineKind


def is_trusted(phones: Phones, host: str) -> bool:
    """Whether a host is that of a trunk of ours; an engine trusts no name, so neither is one trusted here."""
    return any(one.address.partition(";")[0].partition(":")[0] == host for one in phones.trunks.values() if host)


def believed(phones: Phones, arrival: Arrival) -> Arrival:
    """An arrival with the number that counts: who says to be asserted, without anybody whom we trust, is who he says.

    What was asserted stands in the message, which is kept as it came.
    """
    if arrival.claimed is None or arrival.line is LineKind.EMERGENCY or arrival.device or arrival.trunk:
        return arrival
    if is_trusted(phones, arrival.source.rpartition(":")[0]):
        return arrival
    return msgspec.structs.replace(arrival, number=arrival.claimed, name="")


def callback_told(phones: Phones, target: str, caller: str, seat: str, element: str) -> tuple[tuple[str, str], ...]:
    """The headers of a callback: what it is, and to a trunk of ours also which number calls, and which seat.

    `caller` is the address that is shown, `element` our domain.
    """
    try:
        trusted = is_trusted(phones, read_uri(target).host)
        number = read_address(caller, "From")
    except Malformed:
        return PRIORITY, RESOURCE
    if not trusted:
        return PRIORITY, RESOURCE
    agent = Address(Uri(scheme="sip", user=quote(seat, safe=""), host=element)) if seat else None
    return callback_headers(number, agent)
