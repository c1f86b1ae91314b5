"""A nearer unit is free now: should it go instead of one on its way? Suggested when it pays, and not taken back soon.

A suggestion appears when its gain is more than the margin, and stands until no gain is left. One that stands in the way
of another (the same unit to let go, the same unit or crew to send) gives way only to a gain more than the margin
beyond its own. So while gains move up and down within the margin, every change of what is shown is for the better, and
what was left does not come back: nobody sees it flicker.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from redstick.dispatch.ports import Point
from redstick.dispatch.recommendation.kept import Offer
from redstick.dispatch.recommendation.standing import RoadTimes

MARGIN_S = 90  # what a change on the way costs: two radio calls, a turn-round, a doubt


class OnTheWay(msgspec.Struct, frozen=True):
    """A unit that was sent to fill a requirement and is not there yet, with what is left of its way."""

    requirement: str
    unit: str
    arrival_s: int


class Sent(msgspec.Struct, frozen=True):
    """A unit that was sent and is not there yet: where it is now, and the turnout that still lies before it."""

    requirement: str
    unit: str
    at: Point
    turnout_s: int = 0


class Exchange(msgspec.Struct, frozen=True):
    """Let `out` go and send `instead`: it would be there `gain_s` sooner."""

    requirement: str
    out: str
    instead: str
    gain_s: int


def arrivals(sent: Sequence[Sent], target: Point, roads: RoadTimes) -> list[OnTheWay]:
    """What is left of the way of each unit that was sent; one that no road leads to is left out."""
    times = roads.seconds_to(target, [unit.at for unit in sent]) if sent else []
    return [
        OnTheWay(unit.requirement, unit.unit, round(seconds) + unit.turnout_s)
        for unit, (seconds, _) in zip(sent, times, strict=True)
        if seconds is not None
    ]


def suggest(
    sent: Sequence[OnTheWay], free: Iterable[Offer], standing: Sequence[Exchange] = (), margin_s: int = MARGIN_S
) -> list[Exchange]:
    """The exchanges to show now, given those that are shown, `standing`; the largest gain first.

    `free` are the offers of units that could go now, for the same incident. No unit and no crew is named twice. What is
    compared is `cost_s`, so that a substitute, or a position that nobody is sure of, must gain its price on top.
    """
    gains = _gains(sent, free)
    shown = {_key(found) for found in standing}
    kept = [entry for entry in gains if _key(entry[0]) in shown and entry[0].gain_s > 0]
    fresh = [entry for entry in gains if _key(entry[0]) not in shown and entry[0].gain_s > margin_s]
    accepted: list[tuple[Exchange, Offer]] = []
    for entry in sorted(fresh, key=_order):
        in_its_way = [other for other in kept if _names(other) & _names(entry)]
        needed_s = sum(other[0].gain_s + margin_s for other in in_its_way)
        if entry[0].gain_s > needed_s and not any(_names(other) & _names(entry) for other in accepted):
            accepted.append(entry)
            kept = [other for other in kept if other not in in_its_way]
    return [gain for gain, _ in sorted([*kept, *accepted], key=_order)]


def _gains(sent: Sequence[OnTheWay], free: Iterable[Offer]) -> list[tuple[Exchange, Offer]]:
    """Every exchange that could be thought of, with what it gains."""
    offers = list(free)
    going = {unit.unit for unit in sent}
    return [
        (Exchange(unit.requirement, unit.unit, offer.unit, unit.arrival_s - offer.cost_s), offer)
        for unit in sent
        for offer in offers
        if offer.requirement == unit.requirement and offer.unit not in going
    ]


def _key(gain: Exchange) -> tuple[str, str, str]:
    return gain.requirement, gain.out, gain.instead


def _names(found: tuple[Exchange, Offer]) -> set[str]:
    """What can be part of one exchange only."""
    return {f"out {found[0].out}", f"unit {found[1].unit}", found[1].crew}


def _order(found: tuple[Exchange, Offer]) -> tuple[int, str, str]:
    return -found[0].gain_s, found[0].out, found[0].instead
