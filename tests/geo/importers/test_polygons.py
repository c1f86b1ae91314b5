"""Zones in: shapes, dates, shifts, and shapes that are no zones."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.polygons import import_zones, rings_of


def square(x=-91.1, y=30.4, size=0.01):
    """The ring of a square, clockwise."""
    return [[x, y], [x, y + size], [x + size, y + size], [x + size, y], [x, y]]


def test_a_zone_keeps_what_its_file_says(geojson):
    """Id, name, rank, local dates as UTC milliseconds, shift as minutes of the day, all columns as attributes."""
    own = {
        "beat": "1A1", "name": "Downtown", "rank": 2, "effective_from": "2026-01-01T06:00", "expire": "2026/07/01",
        "shift": "19:00-07:00", "sergeant": "3",
    }  # fmt: skip
    zones, intake = import_zones(geojson(("Polygon", [square()], own)), "beat", time_zone="America/Chicago")
    zone = zones[0]
    assert (zone.id, zone.name, zone.layer, zone.kind, zone.rank) == ("1A1", "Downtown", "beat", "beat", 2)
    assert zone.effective_from_ms == 1_767_268_800_000  # 2026-01-01T12:00Z
    assert zone.effective_until_ms == 1_782_882_000_000  # 2026-07-01T05:00Z
    assert zone.shift == (1140, 420)
    assert zone.attributes["sergeant"] == "3"
    assert intake.taken == 1


def test_features_of_one_id_are_one_zone(geojson):
    """A beat in two pieces is one zone; the same beat with other dates is another version."""
    pieces = [("Polygon", [square(x)], {"id": "7"}) for x in (-91.1, -91.0)]
    later = ("Polygon", [square()], {"id": "7", "effective": "2027-01-01"})
    zones, intake = import_zones(geojson(*pieces, later), "beat")
    assert [(zone.id, len(zone.polygons), zone.effective_from_ms is None) for zone in zones] == [
        ("7", 2, True), ("7", 1, False),
    ]  # fmt: skip
    assert any("joined" in note for note in intake.notes)


@given(st.booleans(), st.booleans())
def test_ring_order_is_always_the_same(outer_turned, hole_turned):
    """However a file turns its rings, the outer one runs counter-clockwise and a hole clockwise."""
    outer, hole = square(), square(-91.098, 30.402, 0.002)
    shape = shapely.Polygon(outer[::-1] if outer_turned else outer, [hole[::-1] if hole_turned else hole])
    ((shell, inside),) = rings_of(shape)
    assert shapely.LinearRing(shell.astype(float)).is_ccw
    assert not shapely.LinearRing(inside.astype(float)).is_ccw
    assert shell.dtype == np.int32


@pytest.mark.parametrize(
    ("coordinates", "own", "reason"),
    [
        (
            [[[0, 0], [0.01, 0.01], [0.01, 0], [0, 0.01], [0, 0]]],
            {"id": "X"},
            "zone 'X' is no proper polygon .Self-inter",
        ),
        ([square(0, 0), square(1, 1)], {"id": "X"}, "zone 'X' is no proper polygon .Hole lies outside"),
        ([square()], {"id": "X", "shift": "night"}, "column shift: 'night'; expected local hours"),
        ([square()], {"id": "X", "effective": "soon"}, "column effective: 'soon'; expected a date"),
        ([square()], {"id": "X", "rank": "first"}, "column rank: 'first'; expected a whole number"),
    ],
)
def test_zones_that_cannot_be_right_are_refused(geojson, coordinates, own, reason):
    """Self-crossing borders, holes outside, words for hours and dates: each names the feature."""
    path = geojson(("Polygon", [square(5, 5)], {"id": "good"}), ("Polygon", coordinates, own))
    with pytest.raises(InputFault, match=f"feature 2.*{reason}"):
        import_zones(path, "beat")


def test_lines_are_no_zones(geojson):
    """A wrong geometry type is named."""
    with pytest.raises(InputFault, match="feature 1: its geometry is a LineString; expected a polygon"):
        import_zones(geojson(("LineString", [[0, 0], [1, 1]], {"id": "1"})), "beat")
