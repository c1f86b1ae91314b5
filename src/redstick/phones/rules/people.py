"""Who works for the city and which numbers they have: one at a time, or a whole city's list at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.phones.numbering import (
    DIRECT,
    KEYS,
    NUMBER,
    PIN,
    SHA256,
    Attendant,
    Extension,
    Numbered,
    Room,
    keeps_clear,
    members_of,
)
from redstick.phones.state import Phones, User

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders

MOST_ROWS = 5_000  # of one import
LONGEST_RING_S = 300  # nobody waits longer


class PersonRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody with an extension, as one line of a list."""

    user: User
    number: str
    direct: str = ""
    site: str = ""
    voicemail: bool = True


@event("phones.user_enrolled", subjects=("subjects_named",))
class UserEnrolled(Event, frozen=True):
    """Somebody is known, or known otherwise than before."""

    user: User

    @property
    def subjects_named(self) -> list[str]:
        """The user."""
        return [self.user.id]


@event("phones.user_removed", subjects=("user",))
class UserRemoved(Event, frozen=True):
    """Somebody works here no more."""

    user: str


@event("phones.number_assigned", subjects=("number",))
class NumberAssigned(Event, frozen=True):
    """What is behind a number, and which numbers of the public network lead there."""

    number: str
    what: Numbered
    direct: tuple[str, ...] = ()


@event("phones.number_released", subjects=("number",))
class NumberReleased(Event, frozen=True):
    """Nothing is behind it."""

    number: str


@command("phones.enroll_user")
class EnrollUser(Command, frozen=True):
    """Say who somebody is, anew or for the first time."""

    user: User


@command("phones.remove_user")
class RemoveUser(Command, frozen=True):
    """Say that somebody works here no more; their extensions are released or given to others before."""

    user: str


@command("phones.assign_number")
class AssignNumber(Command, frozen=True):
    """Put something behind a number: an extension, a hunt group, an attendant, a paging group, a room, an orbit."""

    number: str
    what: Numbered
    direct: tuple[str, ...] = ()


@command("phones.release_number")
class ReleaseNumber(Command, frozen=True):
    """Put nothing behind a number."""

    number: str


@command("phones.import_people")
class ImportPeople(Command, frozen=True):
    """Enrol everybody in a list with their extensions: all of them, or none where one line cannot be."""

    rows: tuple[PersonRow, ...]


def decide_enroll_user(state: Phones, asked: EnrollUser, now: Instant) -> Decision:
    """Rejections: `user_unnamed`, `person_taken` (by another user)."""
    del now
    refused = _user_refused(state, asked.user)
    if refused is not None:
        return refused
    return [] if state.users.get(asked.user.id) == asked.user else [UserEnrolled(asked.user)]


def apply_user_enrolled(state: Phones, happened: UserEnrolled, at: Instant) -> None:
    """They are known so."""
    del at
    state.users[happened.user.id] = happened.user


def decide_remove_user(state: Phones, asked: RemoveUser, now: Instant) -> Decision:
    """Rejections: `user_unknown`, `user_has_number`."""
    del now
    if asked.user not in state.users:
        return Rejection("user_unknown", {"user": asked.user})
    held = [number for number, what in state.numbers.items() if isinstance(what, Extension) and what.user == asked.user]
    return Rejection("user_has_number", {"numbers": held}) if held else [UserRemoved(asked.user)]


def apply_user_removed(state: Phones, happened: UserRemoved, at: Instant) -> None:
    """They are not known."""
    del at
    del state.users[happened.user]


def decide_assign_number(state: Phones, asked: AssignNumber, now: Instant) -> Decision:
    """Put something behind a number, as if it was there already where it is.

    Rejections: `number_malformed`, `number_near_911`, `name_needed`, `kind_differs`, `user_unknown`, `site_unknown`,
    `member_unknown`, `member_no_extension`, `hours_unknown`, `ring_invalid`, `pin_malformed`, `key_malformed`,
    `hash_malformed`, `direct_malformed`, `direct_taken`.
    """
    del now
    refused = _number_refused(state, asked) or _direct_refused(state, asked.number, asked.direct)
    if refused is not None:
        return refused
    same = state.numbers.get(asked.number) == asked.what and _direct_numbers(state, asked.number) == set(asked.direct)
    return [] if same else [NumberAssigned(asked.number, asked.what, asked.direct)]


def apply_number_assigned(state: Phones, happened: NumberAssigned, at: Instant) -> None:
    """Its direct numbers are these and no others. A PIN is that of who had the extension, and goes with them."""
    del at
    before, state.numbers[happened.number] = state.numbers.get(happened.number), happened.what
    if getattr(before, "user", "") != getattr(happened.what, "user", ""):
        state.pins.pop(happened.number, None)
    for direct in _direct_numbers(state, happened.number):
        del state.direct[direct]
    state.direct.update(dict.fromkeys(happened.direct, happened.number))


def decide_release_number(state: Phones, asked: ReleaseNumber, now: Instant) -> Decision:
    """Rejections: `number_unknown`, `number_needed` (others lead there), `has_devices`, `in_a_call`."""
    del now
    number = asked.number
    if number not in state.numbers:
        return Rejection("number_unknown", {"number": number})
    needing = [other for other, what in state.numbers.items() if number in members_of(what) and other != number]
    needing += [other for other, said in state.forwarding.items() if number in said.targets and other != number]
    if needing:
        return Rejection("number_needed", {"by": sorted(set(needing))})
    devices = [device.id for device in state.devices.values() if device.number == number]
    if devices:
        return Rejection("has_devices", {"devices": devices})
    if any(number in {call.caller, call.answered_by, call.orbit} for call in state.calls.values()):
        return Rejection("in_a_call", {"number": number})
    return [NumberReleased(number)]


def apply_number_released(state: Phones, happened: NumberReleased, at: Instant) -> None:
    """With everything that was kept under it; messages of its box are no more."""
    del at
    number = happened.number
    del state.numbers[number]
    for direct in _direct_numbers(state, number):
        del state.direct[direct]
    held = (state.presence, state.forwarding, state.idle_since, state.turns, state.greetings, state.texts, state.pins)
    for kept in held:
        kept.pop(number, None)
    for message in [one.id for one in state.voicemails.values() if one.number == number]:
        del state.voicemails[message]
        state.notices.pop(message, None)


def decide_import_people(state: Phones, asked: ImportPeople, now: Instant) -> Decision:
    """Every row or none. Rejections: `too_many_rows`, and `row_refused` with the first row that cannot be, and why."""
    if len(asked.rows) > MOST_ROWS:
        return Rejection("too_many_rows", {"at_most": MOST_ROWS})
    tried = Phones(dict(state.users), dict(state.numbers), dict(state.direct), state.sites)
    events: list[Event] = []
    seen: dict[str, int] = {}
    for at, row in enumerate(asked.rows, start=1):
        if row.number in seen:
            return _row_refused(at, Rejection("number_twice", {"number": row.number, "row_before": seen[row.number]}))
        seen[row.number] = at
        made = _enrolled_with_number(tried, row, now)
        if isinstance(made, Rejection):
            return _row_refused(at, made)
        events.extend(made)
    return events


def _enrolled_with_number(tried: Phones, row: PersonRow, now: Instant) -> Decision:
    """What a row makes of the state so far, which is changed by it."""
    enrolled = decide_enroll_user(tried, EnrollUser(row.user), now)
    if isinstance(enrolled, Rejection):
        return enrolled
    tried.users[row.user.id] = row.user
    extension = Extension(row.user.name, row.user.id, row.site, voicemail=row.voicemail)
    asked = AssignNumber(row.number, extension, (row.direct,) if row.direct else ())
    assigned = decide_assign_number(tried, asked, now)
    if isinstance(assigned, Rejection):
        return assigned
    apply_number_assigned(tried, NumberAssigned(asked.number, asked.what, asked.direct), now)
    return [*enrolled, *assigned]


def _row_refused(row: int, why: Rejection) -> Rejection:
    return Rejection("row_refused", {"row": row, "code": why.code, **why.data})


def _user_refused(state: Phones, user: User) -> Rejection | None:
    if not user.id.strip() or not user.name.strip():
        return Rejection("user_unnamed")
    if not user.person:
        return None
    holder = next((one.id for one in state.users.values() if one.person == user.person), user.id)
    return Rejection("person_taken", {"by": holder}) if holder != user.id else None


def _number_refused(state: Phones, asked: AssignNumber) -> Rejection | None:
    number, what = asked.number, asked.what
    if not NUMBER.fullmatch(number):
        return Rejection("number_malformed", {"number": number, "expected": NUMBER.pattern})
    if not keeps_clear(number):
        return Rejection("number_near_911", {"number": number})
    if number in state.numbers and type(state.numbers[number]) is not type(what):
        return Rejection("kind_differs", {"number": number})
    if not what.name.strip():
        return Rejection("name_needed", {"number": number})
    if isinstance(what, Extension):
        if what.user and what.user not in state.users:
            return Rejection("user_unknown", {"user": what.user})
        if what.site and what.site not in state.sites:
            return Rejection("site_unknown", {"site": what.site})
    return _says_nothing(what) or _leads_nowhere(state, asked)


def _says_nothing(what: Numbered) -> Rejection | None:
    """What nobody could press or hear."""
    if isinstance(what, Room) and what.pin and not PIN.fullmatch(what.pin):
        return Rejection("pin_malformed", {"expected": PIN.pattern})
    menus = [what.open, *([what.closed] if what.closed is not None else [])] if isinstance(what, Attendant) else []
    for menu in menus:
        keys = [key.key for key in menu.keys]
        if len(set(keys)) < len(keys) or any(len(key) != 1 or key not in KEYS for key in keys):
            return Rejection("key_malformed", {"keys": keys, "expected": f"each one of {KEYS}, once"})
        if menu.sound and not SHA256.fullmatch(menu.sound):
            return Rejection("hash_malformed", {"expected": SHA256.pattern})
    return None


def _direct_numbers(state: Phones, number: str) -> set[str]:
    """Those that lead to a number now. Nothing is ordered by them."""
    return {outside for outside, ours in state.direct.items() if ours == number}


def _leads_nowhere(state: Phones, asked: AssignNumber) -> Rejection | None:
    what = asked.what
    strange = [one for one in members_of(what) if one not in state.numbers and one != asked.number]
    if strange:
        return Rejection("member_unknown", {"member": strange[0]})
    members = getattr(what, "members", ())
    none = [one for one in members if not isinstance(state.numbers.get(one), Extension)]
    if none:
        return Rejection("member_no_extension", {"member": none[0]})
    hours = getattr(what, "hours", "")
    if hours and hours not in state.hours:
        return Rejection("hours_unknown", {"hours": hours})
    if not 1 <= getattr(what, "ring_s", 1) <= LONGEST_RING_S:
        return Rejection("ring_invalid", {"seconds": getattr(what, "ring_s", 0)})
    return None


def _direct_refused(state: Phones, number: str, direct: tuple[str, ...]) -> Rejection | None:
    for one in direct:
        if not DIRECT.fullmatch(one):
            return Rejection("direct_malformed", {"direct": one, "expected": DIRECT.pattern})
        if state.direct.get(one, number) != number or any(one in site.elins for site in state.sites.values()):
            return Rejection("direct_taken", {"direct": one, "by": state.direct.get(one, "a site's ELIN")})
    return None


DECIDERS: Deciders = {
    EnrollUser: decide_enroll_user,
    RemoveUser: decide_remove_user,
    AssignNumber: decide_assign_number,
    ReleaseNumber: decide_release_number,
    ImportPeople: decide_import_people,
}
APPLIERS: Appliers = {
    UserEnrolled: apply_user_enrolled,
    UserRemoved: apply_user_removed,
    NumberAssigned: apply_number_assigned,
    NumberReleased: apply_number_released,
}
