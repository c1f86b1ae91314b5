"""A response plan as plain values: rules that say what is sent to what, where, when and at which alarm level.

A rule's key is type or group of incident, area (a zone of a layer, or one exact address), days and hours, alarm level
and flag (weather, special event). Its value is what is sent, in order, and whom it is told to. A higher alarm level
adds its requirements to those of the lower ones.
"""

from __future__ import annotations

import re
from datetime import datetime

import msgspec

from redstick.dispatch.plans.requirement import Mode, Requirement

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
EVERY_MINUTE = (1 << WEEK_MINUTES) - 1
HOURS = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


class PlanRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """One rule. Empty `types` and `groups` mean every type; no `layer` and no `address`, every place.

    `days` are those on which the hours begin; `hours` as 19:00-07:00 run over midnight into the next day; both by the
    plan's local clock. The lower `rank`, the more a rule counts among equals. `stations` is the order in which those
    requirements are filled that ask for it.
    """

    id: str
    types: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    layer: str = ""
    zone: str = ""
    address: str = ""
    days: tuple[str, ...] = ()
    hours: str = ""
    alarm: int = 1
    flag: str = ""
    rank: int = 0
    send: tuple[Requirement, ...] = ()
    stations: tuple[str, ...] = ()
    mode: Mode = Mode.EMERGENT
    talkgroup: str = ""
    notify: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()

    @property
    def timed(self) -> bool:
        """True when it does not hold always."""
        return bool(self.days or self.hours)

    @property
    def minutes(self) -> int:
        """The minutes of the week in which it holds, as bits from Monday 00:00 on."""
        begin, length = span_of(self.hours) if self.hours else (0, DAY_MINUTES)
        found = 0
        for day in self.days or DAYS:
            bits = ((1 << length) - 1) << (DAYS.index(day) * DAY_MINUTES + begin)
            found |= (bits & EVERY_MINUTE) | (bits >> WEEK_MINUTES)
        return found


class ResponsePlan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version of an agency's plan.

    `layers` names the zone layers that rules may speak of, the finest first; a zone whose size is known goes before by
    size. `special` names those layers whose zones count before all others. `types` maps each incident type to its
    group. `last_resort` is sent when no rule fits.
    """

    version: str
    time_zone: str
    title: str = ""
    dated: str = ""
    layers: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    types: dict[str, str] = {}
    rules: tuple[PlanRule, ...] = ()
    last_resort: tuple[Requirement, ...] = ()


def span_of(hours: str) -> tuple[int, int]:
    """First minute of the day and length in minutes of `HH:MM-HH:MM`; raises ValueError for what is no span."""
    found = HOURS.fullmatch(hours)
    if found is None:
        raise ValueError(f"expected hours as 19:00-07:00, not {hours!r}")
    h, m, end_h, end_m = map(int, found.groups())
    begin, end = h * 60 + m, end_h * 60 + end_m
    if begin >= DAY_MINUTES or end > DAY_MINUTES or begin == end:
        raise ValueError(f"expected hours that begin before 24:00 and end at another time, not {hours!r}")
    return begin, (end - begin) % DAY_MINUTES or DAY_MINUTES


def minute_of_week(clock: datetime) -> int:
    """Which minute of the week a local clock shows, from Monday 00:00 on."""
    return clock.weekday() * DAY_MINUTES + clock.hour * 60 + clock.minute


def address_key(text: str) -> str:
    """How an address is compared: capitals and spaces do not matter, every other sign does."""
    return " ".join(text.casefold().split())
