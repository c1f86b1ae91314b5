"""What goes with a call that we place: how somebody who calls for help is called back, and where they are.

The place goes by value (RFC 6442), as a civic address (RFC 5139) of the site where the phone stands.
"""

import re

import msgspec

from redstick.comms.ports import BodyPart
from redstick.phones.lookups import number_without_elin, site_of
from redstick.phones.state import Phones, Site
from redstick.protocols.geopriv.civic import Civic, Field
from redstick.protocols.geopriv.presence import Location, Presence, write_presence
from redstick.published.comms import Fix

MANUAL = "Manual"  # of RFC 4119's registry: somebody said where the phone stands
PIDF = "application/pidf+xml"
AUTO_ANSWER = (  # phones know one of these, not all the same
    ("Call-Info", "<sip:paging@invalid>;answer-after=0"), ("Alert-Info", "<http://paging.invalid>;info=alert-autoanswer"),
)  # fmt: skip
_STREET = re.compile(r"(\d+) +(\S.*)")


class Carried(msgspec.Struct, frozen=True):
    """What goes with a call that we place beside its voice."""

    headers: tuple[tuple[str, str], ...] = ()
    parts: tuple[BodyPart, ...] = ()


def with_help(state: Phones, call: str, caller: str, device: str, realm: str) -> Carried:
    """What goes with a call for help of `caller`, who is at `device`; where nobody knows where that is, no place."""
    number = callback_of(state, call, caller)
    headers = (("P-Asserted-Identity", f"<sip:{number}@{realm};user=phone>"), ("Priority", "emergency"))
    site = site_of(state, caller, device)
    if site is None:
        return Carried(headers)
    cid = f"{call}@{realm}"
    located = (("Geolocation", f"<cid:{cid}>"), ("Geolocation-Routing", "yes"))
    document = write_presence(Presence(f"pres:{caller}@{realm}", (location_of(site),)))
    return Carried((*headers, *located), (BodyPart(PIDF, cid, document),))


def callback_of(state: Phones, call: str, caller: str) -> str:
    """By which number a call for help is called back: the ELIN that it was given, else that of its extension."""
    given = (elin for elin, use in state.elins.items() if use.call == call)
    return next(given, "") or number_without_elin(state, caller)


def location_of(site: Site) -> Location:
    """A site as a civic address. Its street is taken apart where it begins with a number; sites are of this country."""
    street = _STREET.fullmatch(site.address)
    named = {"HNO": street[1], "RD": street[2]} if street else {"LOC": site.address}
    said = {"country": "US", "A3": site.municipality, **named, "FLR": site.floor, "ROOM": site.room}
    civic = Civic(tuple(Field(name, value) for name, value in said.items() if value))
    return Location(civic=civic, method=MANUAL, retransmission=True, id="place")


def fix_of(site: Site) -> Fix:
    """A site as the floor is told of it."""
    return Fix(text=site.words, municipality=site.municipality, method=MANUAL)
