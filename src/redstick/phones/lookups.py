"""Questions of the live state that routing, rules and reads share. Each is a pure look."""

from collections.abc import Collection

from redstick.kernel.values import Instant
from redstick.phones.numbering import Attendant, Extension
from redstick.phones.state import Device, PhoneCall, Phones, Presence, Site

WORDS = {"busy": "speaks", "unreachable": "has no phone that is reachable", "dnd": "does not want to be disturbed"}


def extension_of(state: Phones, number: str) -> Extension | None:
    """The extension with a number; None where there is none, or something else."""
    found = state.numbers.get(number)
    return found if isinstance(found, Extension) else None


def devices_of(state: Phones, number: str) -> list[Device]:
    """The phones of an extension, by id."""
    return sorted((device for device in state.devices.values() if device.number == number), key=lambda one: one.id)


def reachable_devices(state: Phones, number: str) -> tuple[str, ...]:
    """Those that are registered."""
    return tuple(device.id for device in devices_of(state, number) if device.id in state.reachable)


def calls_of(state: Phones, number: str) -> list[PhoneCall]:
    """Calls in which an extension is a party, parked ones apart."""
    return [call for call in state.calls.values() if number in {call.caller, call.answered_by} and not call.orbit]


def presence_of(state: Phones, number: str) -> str:
    """`busy` and `unreachable` as they are seen, else what was said: `available`, `away` or `dnd`."""
    if calls_of(state, number):
        return "busy"
    if not reachable_devices(state, number):
        return "unreachable"
    return state.presence.get(number, Presence.AVAILABLE)


def cannot_take(state: Phones, number: str) -> str:
    """Why an extension can be rung by no call now, in words; "" when it can."""
    said = presence_of(state, number)
    if state.presence.get(number) is Presence.DO_NOT_DISTURB and said != "unreachable":
        said = "dnd"
    return WORDS.get(said, "")


def site_of(state: Phones, number: str, device: str = "") -> Site | None:
    """Where a caller is, as far as is known: where the phone stands, else where the extension usually is."""
    phone = state.devices.get(device)
    found = extension_of(state, number)
    named = phone.site if phone is not None and phone.site else found.site if found is not None else ""
    return state.sites.get(named)


def direct_number_of(state: Phones, number: str) -> str:
    """The number of the public network by which an extension is reached itself, "" where there is none."""
    return min((outside for outside, ours in state.direct.items() if ours == number), default="")


def number_without_elin(state: Phones, number: str) -> str:
    """How somebody who called 911 is called back where no ELIN leads to them; whoever is none of ours, as they are."""
    if extension_of(state, number) is None and number.removeprefix("+").isdecimal():
        return number
    return direct_number_of(state, number) or state.plan.main_number or number


def elin_for(state: Phones, site: Site | None, now: Instant, besides: Collection[str] = ()) -> str:
    """The ELIN that a 911 call from a site shows: one that nobody uses, else the one that is free again first.

    Those in `besides` are given to calls that are not begun yet.
    """
    elins = [elin for elin in site.elins if elin not in besides] or list(site.elins) if site is not None else []
    free_at = {elin: state.elins[elin].until if elin in state.elins else 0 for elin in elins}
    unused = [elin for elin in elins if free_at[elin] <= now]
    return unused[0] if unused else min(elins, key=lambda elin: (free_at[elin], elin), default="")


def sounds_named(state: Phones) -> set[str]:
    """The SHA-256 of every sound that a message, a greeting or a menu is."""
    attendants = [what for what in state.numbers.values() if isinstance(what, Attendant)]
    menus = [menu.sound for one in attendants for menu in (one.open, one.closed) if menu is not None]
    return {one.sha256 for one in state.voicemails.values()} | set(state.greetings.values()) | set(menus)


def trunk_load(state: Phones, trunk: str) -> int:
    """How many calls occupy a trunk."""
    return sum(call.trunk == trunk for call in state.calls.values())


def user_name(state: Phones, number: str) -> str:
    """Who an extension belongs to, in words."""
    found = extension_of(state, number)
    if found is None:
        return ""
    user = state.users.get(found.user)
    return user.name if user is not None else found.name
