"""What seats see of the phones: the directory for whoever works here, the system for whoever runs it.

A row's key says what it is (`phone/2100`, `trunk/t1`); a fact touches every key that one of its subjects may be in.
What is in a box, and texts between people, are in no view: they are asked for one's own number (`mine`).
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from redstick.kernel.fold import Fact
from redstick.phones.lookups import devices_of, direct_number_of, presence_of, trunk_load, user_name
from redstick.phones.numbering import Extension
from redstick.phones.reads.gaps import unlocated
from redstick.phones.state import Device, Forwarding, NoticeKind, Phones

Row = dict[str, Any]
DIALLED = "911 was dialled"
STAFF, WATCHERS = ("floor", "field", "oversight"), ("floor", "oversight")


class DirectoryView:
    """One row a number: what it is, whose, and how they are. No audience of the public is drawn."""

    name = "phones.view.directory"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """Numbers that a fact names; every one of a user whose name changed."""
        if not fact.envelope.kind.startswith("phones."):
            return []
        state: Phones = states["phones"]
        named = set(fact.envelope.subjects)
        theirs = [at for at, what in state.numbers.items() if isinstance(what, Extension) and what.user in named]
        return [
            f"phone/{number}" for number in dict.fromkeys([*fact.envelope.subjects, *theirs, *_parties(state, fact)])
        ]

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A line of the directory."""
        state: Phones = states["phones"]
        number = key.partition("/")[2]
        what = state.numbers.get(number)
        if what is None or audience not in STAFF:
            return None
        row: Row = {"number": number, "direct": direct_number_of(state, number), **msgspec.to_builtins(what)}
        row["kind"] = row.pop("type")
        if isinstance(what, Extension):
            user = state.users.get(what.user)
            row |= {
                "name": user_name(state, number),
                "user": what.user,
                "department": user.department if user is not None else "",
                "presence": presence_of(state, number),
                "said": state.presence.get(number, "available"),
                "forwarding": msgspec.to_builtins(state.forwarding.get(number, Forwarding())),
                "devices": [device.id for device in devices_of(state, number)],
                "waiting": sum(one.number == number and one.heard_at is None for one in state.voicemails.values()),
                "voicemail": what.voicemail,
                "site": what.site,
            }
        return row

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every number."""
        return [f"phone/{number}" for number in states["phones"].numbers]


class SystemView:
    """Trunks, devices, sites, hours, plans, calls that go on and notices that are owed."""

    name = "phones.view.system"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """Whatever may have that id; the plan, and trunks, by any call."""
        if not fact.envelope.kind.startswith("phones."):
            return []
        trunks = [f"trunk/{trunk}" for trunk in states["phones"].trunks]
        ids = [f"{kind}/{one}" for kind in ROWS for one in fact.envelope.subjects]
        return [*ids, *trunks, *_handsets(states["phones"], fact), "dialplan/now"]

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """One thing of the system; who calls whom is not for oversight, nor who dialled 911, from where."""
        kind, _, name = key.partition("/")
        rows = ROWS_OF_OVERSIGHT if audience == "oversight" else ROWS
        if audience not in WATCHERS or kind not in rows:
            return None
        return rows[kind](states["phones"], name)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every row there is."""
        state: Phones = states["phones"]
        held: Mapping[str, Iterable[str]] = {
            "trunk": state.trunks, "handset": state.devices, "site": state.sites, "hours": state.hours,
            "notice": state.notices, "phonecall": state.calls, "dialplan": ["now", *state.proposed],
        }  # fmt: skip
        return [f"{kind}/{name}" for kind, names in held.items() for name in names]


def _parties(state: Phones, fact: Fact) -> list[str]:
    """Who speaks in the calls that a fact names: of them the fact itself may be silent."""
    calls = [state.calls[one] for one in fact.envelope.subjects if one in state.calls]
    return [number for call in calls for number in (call.caller, call.answered_by) if number]


def _handsets(state: Phones, fact: Fact) -> list[str]:
    """Phones whose place a fact may have changed: those of a number, and those at a site."""
    named = set(fact.envelope.subjects)
    moved = [
        one for one in state.devices.values() if {one.number, one.site} & named or _usual_site(state, one) in named
    ]
    return [f"handset/{device.id}" for device in moved]


def _usual_site(state: Phones, device: Device) -> str:
    return getattr(state.numbers.get(device.number), "site", "")


def _trunk(state: Phones, name: str) -> Row | None:
    trunk, standing = state.trunks.get(name), state.standing.get(name)
    if trunk is None or standing is None:
        return None
    said = {"up": standing.up, "since": standing.since, "why": standing.why}
    return {
        "trunk": name,
        "carrier": trunk.carrier,
        "capacity": trunk.capacity,
        "load": trunk_load(state, name),
        **said,
    }


def _handset(state: Phones, name: str) -> Row | None:
    device = state.devices.get(name)
    if device is None:
        return None
    return {
        "device": name,
        "number": device.number,
        "kind": device.kind,
        "site": device.site,
        "reachable_since": state.reachable.get(name),
        "unlocated": unlocated(state, name),
    }


def _site(state: Phones, name: str) -> Row | None:
    site = state.sites.get(name)
    return None if site is None else {**_all_of(site), "site": name, "words": site.words}


def _hours(state: Phones, name: str) -> Row | None:
    hours = state.hours.get(name)
    return None if hours is None else {**_all_of(hours), "hours": name}


def _notice(state: Phones, name: str) -> Row | None:
    notice = state.notices.get(name)
    return None if notice is None else {**_all_of(notice), "notice": name}


def _notice_of_oversight(state: Phones, name: str) -> Row | None:
    """That 911 was dialled, and whether somebody was told; of a voicemail nothing, since it says who called whom."""
    row = _notice(state, name)
    return None if row is None or row["kind"] != NoticeKind.EMERGENCY else {**row, "text": DIALLED}


def _call(state: Phones, name: str) -> Row | None:
    call = state.calls.get(name)
    return None if call is None else {**_all_of(call), "call": name}


def _plan(state: Phones, name: str) -> Row | None:
    plan = state.plan if name == "now" else state.proposed.get(name)
    if plan is None:
        return None
    return {**_all_of(plan), "version": str(state.version) if name == "now" else name, "in_force": name == "now"}


def _all_of(what: msgspec.Struct) -> Row:
    """Every field, those that have their default too."""
    return {name: msgspec.to_builtins(getattr(what, name)) for name in what.__struct_fields__}


ROWS: Mapping[str, Callable[[Phones, str], Row | None]] = {
    "trunk": _trunk,
    "handset": _handset,
    "site": _site,
    "hours": _hours,
    "notice": _notice,
    "phonecall": _call,
    "dialplan": _plan,
}
ROWS_OF_OVERSIGHT = {kind: row for kind, row in ROWS.items() if kind != "phonecall"} | {"notice": _notice_of_oversight}
VIEWS = (DirectoryView(), SystemView())
