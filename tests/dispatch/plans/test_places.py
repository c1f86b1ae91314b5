"""The zones of a place, as a plan wants to know them."""

from types import SimpleNamespace

import numpy as np
import pytest

from redstick.dispatch.plans.places import PlaceZones
from redstick.geo.city import Zone

SIDE = 100_000  # 0.01 degrees
NOON = 1_700_000_000_000


def square(name, layer, west, east, **more):
    """A zone from west to east on the equator."""
    ring = np.array([[west, 0], [east, 0], [east, SIDE], [west, SIDE], [west, 0]], np.int32)
    return Zone(name, name, layer, layer, ((ring,),), **more)


@pytest.fixture(scope="module")
def zones():
    """Two boxes within one battalion, and a street fair over the border of the boxes that is over."""
    return PlaceZones(SimpleNamespace(time_zone="UTC", zones=(
        square("1", "box", 0, SIDE), square("2", "box", SIDE, 2 * SIDE), square("B1", "battalion", 0, 2 * SIDE),
        square("fair", "event", 0, 2 * SIDE, effective_until_ms=NOON),
    )))  # fmt: skip


def test_a_place_lies_in_a_zone_of_every_layer_with_its_size(zones):
    """The battalion is as large as its boxes together, within a thousandth."""
    found = {one.layer: one for one in zones.at(SIDE // 2, SIDE // 2, NOON)}
    assert {layer: one.zone for layer, one in found.items()} == {"box": "1", "battalion": "B1"}
    assert found["battalion"].size_m2 == pytest.approx(2 * found["box"].size_m2, rel=1e-3)
    assert found["box"].size_m2 == pytest.approx(1_113 * 1_106, rel=0.01)


def test_a_border_belongs_to_both_and_a_gap_to_nobody(zones):
    """On the border of two boxes both are told; outside of all no nearest zone stands in."""
    assert {one.zone for one in zones.at(SIDE, SIDE // 2, NOON) if one.layer == "box"} == {"1", "2"}
    assert zones.at(-SIDE, SIDE // 2, NOON) == ()


def test_a_zone_holds_in_its_time_only(zones):
    """The fair counts a moment before its end."""
    assert "fair" in {one.zone for one in zones.at(SIDE // 2, SIDE // 2, NOON - 1)}


def test_every_zone_is_named_by_its_layer(zones):
    """What the linter holds rules against."""
    assert zones.names() == {"battalion": ("B1",), "box": ("1", "2"), "event": ("fair",)}
