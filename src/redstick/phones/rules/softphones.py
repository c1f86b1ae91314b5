"""The softphone of an extension: a phone that rings in a browser of whoever has the extension, and has no password.

It is a device like any other, so that routes, presence, records and 911 know it; nobody can register as it over SIP.
A browser goes where its person goes, so they say where that is before it can be on (47 CFR 9.16(b)(3)).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.kernel.values import Command, Decision, Instant, Rejection, command
from redstick.phones.lookups import extension_of
from redstick.phones.rules.places import DeviceAdded, DeviceMoved
from redstick.phones.rules.settings import not_theirs
from redstick.phones.state import Device, DeviceKind, Phones

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders

PREFIX = "web-"


def softphone_of(number: str) -> str:
    """The id of the softphone of an extension."""
    return f"{PREFIX}{number}"


@command("phones.place_my_softphone")
class PlaceMySoftphone(Command, frozen=True):
    """Say where one's own softphone is, "" for where the extension usually is; the first time makes it."""

    person: str
    number: str
    site: str = ""


def decide_place_my_softphone(state: Phones, asked: PlaceMySoftphone, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `not_your_number`, `site_unknown`, `place_needed`, `device_known`."""
    del now
    refused = not_theirs(state, asked.number, asked.person)
    if refused is not None:
        return refused
    if asked.site and asked.site not in state.sites:
        return Rejection("site_unknown", {"site": asked.site})
    extension = extension_of(state, asked.number)
    if not asked.site and (extension is None or extension.site not in state.sites):
        return Rejection("place_needed", {"number": asked.number})
    wanted = Device(softphone_of(asked.number), asked.number, DeviceKind.SOFT, asked.site)
    known = state.devices.get(wanted.id)
    if known is None:
        return [DeviceAdded(wanted)]
    if (known.number, known.kind) != (wanted.number, wanted.kind):
        return Rejection("device_known", {"device": wanted.id})
    return [] if known.site == wanted.site else [DeviceMoved(known.id, wanted.site)]


DECIDERS: Deciders = {PlaceMySoftphone: decide_place_my_softphone}
APPLIERS: Appliers = {}
