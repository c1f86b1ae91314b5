"""Sites that a 911 call can come from, and the devices that stand there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.lookups import extension_of
from redstick.phones.numbering import DIRECT
from redstick.phones.state import Device, Phones, Site

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders

DEVICE = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")  # a user of SIP that every phone can be given
LONGEST = 60  # characters of what a stranger tells


@event("phones.site_kept", subjects=("subjects_named",))
class SiteKept(Event, frozen=True):
    """A site is so from now on."""

    site: Site

    @property
    def subjects_named(self) -> list[str]:
        """The site."""
        return [self.site.id]


@event("phones.site_removed", subjects=("site",))
class SiteRemoved(Event, frozen=True):
    """It is no site any more."""

    site: str


@event("phones.device_added", subjects=("subjects_named",))
class DeviceAdded(Event, frozen=True):
    """A phone may register; what it proves itself by is not in the journal."""

    device: Device

    @property
    def subjects_named(self) -> list[str]:
        """The device and its number."""
        return [self.device.id, self.device.number]


@event("phones.device_moved", subjects=("device",))
class DeviceMoved(Event, frozen=True):
    """It stands elsewhere."""

    device: str
    site: str


@event("phones.device_removed", subjects=("device", "number"))
class DeviceRemoved(Event, frozen=True):
    """It may register no more."""

    device: str
    number: str


@event("phones.device_reported", subjects=("device", "number"))
class DeviceReported(Event, frozen=True):
    """It can be reached from now on, or not any more."""

    device: str
    number: str
    reachable: bool


@event("phones.registration_refused", subjects=("device",))
class RegistrationRefused(Event, frozen=True):
    """Somebody gave a wrong password for a phone; `limited` where they must wait from now on, untold until then."""

    device: str
    source: str
    limited: bool = False


@command("phones.keep_site")
class KeepSite(Command, frozen=True):
    """Say where a site is, by which ELINs it calls 911, and who is told there."""

    site: Site


@command("phones.remove_site")
class RemoveSite(Command, frozen=True):
    """Forget a site that nothing stands at."""

    site: str


@command("phones.add_device")
class AddDevice(Command, frozen=True):
    """Let a phone register for an extension. The interface makes its password, and shows it once."""

    device: Device


@command("phones.move_device")
class MoveDevice(Command, frozen=True):
    """Say that a phone stands elsewhere."""

    device: str
    site: str


@command("phones.remove_device")
class RemoveDevice(Command, frozen=True):
    """Let it register no more."""

    device: str


@command("phones.report_device")
class ReportDevice(Command, frozen=True):
    """Say whether a phone is registered; a renewal says nothing new."""

    device: str
    reachable: bool


@command("phones.refuse_registration")
class RefuseRegistration(Command, frozen=True):
    """Say that somebody gave a wrong password for a phone, which may be none of ours."""

    device: str
    source: str
    limited: bool = False


def decide_keep_site(state: Phones, asked: KeepSite, now: Instant) -> Decision:
    """Rejections: `site_unnamed`, `address_needed`, `elin_malformed`, `elin_taken`."""
    del now
    site = asked.site
    if not site.id.strip():
        return Rejection("site_unnamed")
    if not site.address.strip():
        return Rejection("address_needed", {"site": site.id})
    others = {elin for one in state.sites.values() if one.id != site.id for elin in one.elins}
    for elin in site.elins:
        if not DIRECT.fullmatch(elin):
            return Rejection("elin_malformed", {"elin": elin, "expected": DIRECT.pattern})
        if elin in others or elin in state.direct:
            return Rejection("elin_taken", {"elin": elin})
    return [] if state.sites.get(site.id) == site else [SiteKept(site)]


def apply_site_kept(state: Phones, happened: SiteKept, at: Instant) -> None:
    """It is so."""
    del at
    state.sites[happened.site.id] = happened.site


def decide_remove_site(state: Phones, asked: RemoveSite, now: Instant) -> Decision:
    """Rejections: `site_unknown`, `site_needed`."""
    del now
    if asked.site not in state.sites:
        return Rejection("site_unknown", {"site": asked.site})
    devices = [device.id for device in state.devices.values() if device.site == asked.site]
    numbers = [number for number in state.numbers if getattr(state.numbers[number], "site", "") == asked.site]
    if devices or numbers:
        return Rejection("site_needed", {"devices": devices, "numbers": numbers})
    return [SiteRemoved(asked.site)]


def apply_site_removed(state: Phones, happened: SiteRemoved, at: Instant) -> None:
    """It is not there."""
    del at
    del state.sites[happened.site]


def decide_add_device(state: Phones, asked: AddDevice, now: Instant) -> Decision:
    """Rejections: `device_malformed`, `device_known`, `number_unknown` (of an extension), `site_unknown`."""
    del now
    device = asked.device
    if not DEVICE.fullmatch(device.id):
        return Rejection("device_malformed", {"device": device.id, "expected": DEVICE.pattern})
    if device.id in state.devices:
        return Rejection("device_known", {"device": device.id})
    if extension_of(state, device.number) is None:
        return Rejection("number_unknown", {"number": device.number})
    if device.site and device.site not in state.sites:
        return Rejection("site_unknown", {"site": device.site})
    return [DeviceAdded(device)]


def apply_device_added(state: Phones, happened: DeviceAdded, at: Instant) -> None:
    """It may register."""
    del at
    state.devices[happened.device.id] = happened.device


def decide_move_device(state: Phones, asked: MoveDevice, now: Instant) -> Decision:
    """Rejections: `device_unknown`, `site_unknown`."""
    del now
    device = state.devices.get(asked.device)
    if device is None:
        return Rejection("device_unknown", {"device": asked.device})
    if asked.site and asked.site not in state.sites:
        return Rejection("site_unknown", {"site": asked.site})
    return [] if device.site == asked.site else [DeviceMoved(asked.device, asked.site)]


def apply_device_moved(state: Phones, happened: DeviceMoved, at: Instant) -> None:
    """A 911 call from it has that location."""
    del at
    device = state.devices[happened.device]
    state.devices[device.id] = Device(device.id, device.number, device.kind, happened.site)


def decide_remove_device(state: Phones, asked: RemoveDevice, now: Instant) -> Decision:
    """Rejections: `device_unknown`."""
    del now
    device = state.devices.get(asked.device)
    return (
        [DeviceRemoved(device.id, device.number)] if device else Rejection("device_unknown", {"device": asked.device})
    )


def apply_device_removed(state: Phones, happened: DeviceRemoved, at: Instant) -> None:
    """It is not there."""
    del at
    del state.devices[happened.device]
    state.reachable.pop(happened.device, None)


def decide_report_device(state: Phones, asked: ReportDevice, now: Instant) -> Decision:
    """Rejections: `device_unknown`."""
    del now
    device = state.devices.get(asked.device)
    if device is None:
        return Rejection("device_unknown", {"device": asked.device})
    known = asked.device in state.reachable
    return [] if known == asked.reachable else [DeviceReported(device.id, device.number, asked.reachable)]


def apply_device_reported(state: Phones, happened: DeviceReported, at: Instant) -> None:
    """It rings, or is passed over."""
    if happened.reachable:
        state.reachable[happened.device] = at
    else:
        state.reachable.pop(happened.device, None)


def decide_refuse_registration(state: Phones, asked: RefuseRegistration, now: Instant) -> Decision:
    """It is kept as it was told, no longer than a phone's name may be: it comes from whoever is outside."""
    del state, now
    return [RegistrationRefused(asked.device[:LONGEST], asked.source[:LONGEST], asked.limited)]


def apply_registration_refused(state: Phones, happened: RegistrationRefused, at: Instant) -> None:
    """For whoever reads the journal."""
    del state, happened, at


DECIDERS: Deciders = {
    KeepSite: decide_keep_site,
    RemoveSite: decide_remove_site,
    AddDevice: decide_add_device,
    MoveDevice: decide_move_device,
    RemoveDevice: decide_remove_device,
    ReportDevice: decide_report_device,
    RefuseRegistration: decide_refuse_registration,
}
APPLIERS: Appliers = {
    SiteKept: apply_site_kept,
    SiteRemoved: apply_site_removed,
    DeviceAdded: apply_device_added,
    DeviceMoved: apply_device_moved,
    DeviceRemoved: apply_device_removed,
    DeviceReported: apply_device_reported,
    RegistrationRefused: apply_registration_refused,
}
