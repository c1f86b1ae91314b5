"""From where a 911 call would come without a usable place: a report with a count, device by device."""

from redstick.phones.state import Phones


def unlocated(state: Phones, device: str) -> str:
    """Why a 911 call from a device would not be found, "" where it would: `no_site`, or `not_validated`."""
    found = state.devices[device]
    extension = state.numbers.get(found.number)
    site = state.sites.get(found.site or getattr(extension, "site", ""))
    if site is None:
        return "no_site"
    return "" if site.validated else "not_validated"


def gaps(state: Phones) -> dict[str, str]:
    """Every device that has one, and which."""
    found = {device: unlocated(state, device) for device in sorted(state.devices)}
    return {device: why for device, why in found.items() if why}
