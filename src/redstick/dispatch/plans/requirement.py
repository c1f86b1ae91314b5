"""One requirement of a response: what is needed, how many, and what will do instead."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Mode(StrEnum):
    """How a unit answers (NERIS response mode)."""

    EMERGENT = "EMERGENT"
    NON_EMERGENT = "NON_EMERGENT"


class Order(StrEnum):
    """What ranks the units that meet a requirement."""

    ROAD_TIME = "road_time"
    STATION_ORDER = "station_order"


class Substitute(msgspec.Struct, frozen=True, omit_defaults=True):
    """What will do instead, at a price: seconds that are added to its travel time when it is compared."""

    kinds: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    penalty_s: int = 0


class Requirement(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is needed: `count` units of any of `kinds` (all when empty) with every one of `capabilities`.

    `id` names it within its incident and stays the same when the plan is changed or a further alarm adds others.
    `agency` is who owes it, "" for whichever. `min_staffing` and `ceiling_s` (travel time) are hard. With `divert`,
    units that are conditionally available may be taken.
    """

    id: str
    kinds: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    count: int = 1
    agency: str = ""
    role: str = ""
    min_staffing: int | None = None
    ceiling_s: int | None = None
    mode: Mode = Mode.EMERGENT
    order: Order = Order.ROAD_TIME
    substitutes: tuple[Substitute, ...] = ()
    divert: bool = False
