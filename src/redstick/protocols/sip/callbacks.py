"""The INVITE by which a PSAP calls back whoever called 911 (RFC 7090, RFC 4412, NENA-STA-010.3 section 4.6).

Its headers ask the network to bring it to the caller himself: past voicemail, forwarding and a full cell.
"""

from redstick.protocols.sip.headers import Address
from redstick.protocols.sip.uris import Uri

PRIORITY = ("Priority", "psap-callback")
RESOURCE = ("Resource-Priority", "esnet.0")


def phone(number: str, host: str) -> Uri:
    """The address of a number at a host, as a telephone number (RFC 3261 section 19.1.6)."""
    return Uri(scheme="sip", user=number, host=host, parameters=(("user", "phone"),))


def callback_headers(number: Address, agent: Address | None = None) -> tuple[tuple[str, str], ...]:
    """What goes along: the PSAP's own number, and the agent who calls where that is to be known, as who is asserted."""
    asserted = (number,) if agent is None else (number, agent)
    return (PRIORITY, RESOURCE, *(("P-Asserted-Identity", str(one)) for one in asserted))
