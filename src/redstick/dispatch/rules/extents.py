"""Extents: where the city's places may lie, adopted by an event; and what is said of a position that cannot be right.

A position in the sea that a person gives is a fact, and flagged; given by a machine it is refused. A call is never
refused for its position: what its device says stays with it, flagged wherever it is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redstick.dispatch.place import Extent, Place, impossible
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


@event("dispatch.extent_adopted")
class ExtentAdopted(Event, frozen=True):
    """From now on places outside of this are doubted."""

    extent: Extent
    by: str = ""


@command("dispatch.adopt_extent")
class AdoptExtent(Command, frozen=True):
    """Say where the city's places may lie: as far as its aid reaches, without its water."""

    extent: Extent
    by: str


def decide_adopt_extent(state: Dispatch, asked: AdoptExtent, now: Instant) -> Decision:
    """Rejections: `name_needed`, `extent_empty`, `ring_open` (a water that is no closed ring; says which)."""
    del now
    west, south, east, north = asked.extent.box
    if not asked.by.strip():
        return Rejection("name_needed")
    if west >= east or south >= north:
        return Rejection("extent_empty", {"box": list(asked.extent.box)})
    for number, ring in enumerate(asked.extent.water):
        if len(ring) < 8 or len(ring) % 2 or ring[:2] != ring[-2:]:
            return Rejection("ring_open", {"water": number})
    return [] if asked.extent == state.extent else [ExtentAdopted(asked.extent, asked.by)]


def apply_extent_adopted(state: Dispatch, happened: ExtentAdopted, at: Instant) -> None:
    """It holds for what is said from now on."""
    del at
    state.extent = happened.extent


def place_flags(state: Dispatch, place: Place) -> list[str]:
    """What is to be said of a position: `place_` and why it cannot be right, or nothing."""
    why = impossible(place, state.extent)
    return [f"place_{why}"] if why else []


DECIDERS: Deciders = {AdoptExtent: decide_adopt_extent}
APPLIERS: Appliers = {ExtentAdopted: apply_extent_adopted}
