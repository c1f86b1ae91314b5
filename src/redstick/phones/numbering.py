"""What may stand behind a number: one number, one thing. And which digits are a call for help."""

import re
from enum import StrEnum

import msgspec

NUMBER = re.compile(r"[1-9][0-9]{1,5}")  # what our own numbers look like
KEYS = "0123456789*#"
PIN = re.compile(r"[0-9]{4,10}")
SHA256 = re.compile(r"[0-9a-f]{64}")
DIRECT = re.compile(r"\+[1-9][0-9]{6,14}")  # a number of the public network (E.164)
EMERGENCY = ("911", "9911", "112", "sos")  # 47 CFR 9.16: direct, with no prefix; 9911 is a habit, and works too
_FILLING = re.compile(r"[\s().-]")
_SCHEME = re.compile(r"^(sips?|tel):", re.IGNORECASE)


class Strategy(StrEnum):
    """In which order the members of a hunt group ring."""

    ALL = "all"
    IN_ORDER = "in_order"
    LONGEST_IDLE = "longest_idle"
    ROUND_ROBIN = "round_robin"


class Extension(msgspec.Struct, frozen=True, tag="extension", omit_defaults=True):
    """A person's or a room's telephone number. `user` is who has it, "" for a room; `site` where it usually stands."""

    name: str
    user: str = ""
    site: str = ""
    ring_s: int = 20
    voicemail: bool = True


class HuntGroup(msgspec.Struct, frozen=True, tag="group", omit_defaults=True):
    """Several extensions under one number. `overflow` is called when none of them answers, "" for nobody."""

    name: str
    members: tuple[str, ...]
    strategy: Strategy = Strategy.ALL
    ring_s: int = 20
    overflow: str = ""


class MenuKey(msgspec.Struct, frozen=True):
    """What a key of a menu calls."""

    key: str
    number: str
    says: str = ""


class Menu(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an attendant says, what each key calls, and what is called for whoever presses none.

    `sound` is the SHA-256 of the words as they are heard, "" where a tone must do.
    """

    says: str
    keys: tuple[MenuKey, ...] = ()
    otherwise: str = ""
    sound: str = ""


class Attendant(msgspec.Struct, frozen=True, tag="attendant", omit_defaults=True):
    """A menu by the hours: one while they are open and one while they are not. Without `hours` always the first."""

    name: str
    open: Menu
    closed: Menu | None = None
    hours: str = ""


class PagingGroup(msgspec.Struct, frozen=True, tag="paging", omit_defaults=True):
    """Extensions whose loudspeakers are heard at once, without anybody answering."""

    name: str
    members: tuple[str, ...]


class Room(msgspec.Struct, frozen=True, tag="room", omit_defaults=True):
    """A conference that whoever dials the number is in, with a `pin` only who presses that."""

    name: str
    most: int = 20
    pin: str = ""


class Orbit(msgspec.Struct, frozen=True, tag="orbit", omit_defaults=True):
    """Where one call can be parked, and picked up by dialling the number."""

    name: str = ""


Numbered = Extension | HuntGroup | Attendant | PagingGroup | Room | Orbit


def tidy(dialled: str) -> str:
    """The digits of what was dialled or sent as an address: no scheme, host, spaces or punctuation; lower case."""
    user = _SCHEME.sub("", dialled.strip()).partition("@")[0].partition(";")[0]
    if user.lower().startswith("urn:service:sos"):
        return "sos"
    return _FILLING.sub("", user).lower()


def emergency_forms(prefix: str) -> tuple[str, ...]:
    """Every way to dial 911 in a house whose outside line is behind `prefix` ("" for none)."""
    with_prefix = f"{prefix}911"
    return EMERGENCY if with_prefix in EMERGENCY else (*EMERGENCY, with_prefix)


def is_emergency(digits: str, prefix: str) -> bool:
    """Whether tidy digits are a call for help; `+911` too, which some phones make of it."""
    return digits.removeprefix("+") in emergency_forms(prefix)


def keeps_clear(number: str) -> bool:
    """Whether a number of ours neither is, begins with nor begins a call for help: no phone waits for more digits."""
    return not any(number.startswith(form) or form.startswith(number) for form in EMERGENCY)


def members_of(what: Numbered) -> tuple[str, ...]:
    """Every number that this one leads to by itself."""
    match what:
        case HuntGroup():
            return (*what.members, *([what.overflow] if what.overflow else []))
        case PagingGroup():
            return what.members
        case Attendant():
            menus = [what.open, *([what.closed] if what.closed is not None else [])]
            keyed = [key.number for menu in menus for key in menu.keys]
            return (*keyed, *(menu.otherwise for menu in menus if menu.otherwise))
        case _:
            return ()
