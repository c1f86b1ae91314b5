"""Zones: every rule of domain/geo.md section 3, and the same for any zones and points."""

import threading

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from redstick.geo.city import Zone
from redstick.geo.zones import CurrentZones, LocalMetres, ZoneIndex, ZoneNote, zone_shape

X, Y = -911_000_000, 304_000_000
STEP = 100_000  # 1e-7 degrees: 0.01 degrees, about a kilometre


def zone(id_, west=0, south=0, east=1, north=1, **fields):
    """A rectangle in steps from a corner."""
    w, s, e, n = X + west * STEP, Y + south * STEP, X + east * STEP, Y + north * STEP
    ring = np.array([[w, s], [e, s], [e, n], [w, n], [w, s]], np.int32)
    return Zone(id_, id_, fields.pop("layer", "beat"), "beat", ((ring,),), **fields)


def at(index, x, y, at_ms=0, layer="beat"):
    """The answer at a point in steps."""
    return index.at(round(X + x * STEP), round(Y + y * STEP), at_ms, layer)


def test_a_point_inside_one_zone_has_that_zone_alone():
    """No note, no distance, no others."""
    answer = at(ZoneIndex([zone("a"), zone("b", 1, 0, 2, 1)], "UTC"), 0.5, 0.5)
    assert (answer.zone.id, answer.others, answer.distance_m, answer.note) == ("a", (), 0.0, None)


def test_a_border_point_belongs_to_all_and_one_wins():
    """On the line between two, and on the corner of four: all are named, and the choice is noted."""
    index = ZoneIndex([zone("d"), zone("c", 1, 0, 2, 1), zone("b", 0, 1, 1, 2), zone("a", 1, 1, 2, 2)], "UTC")
    answer = at(index, 1, 0.5)
    assert {answer.zone.id, *(other.id for other in answer.others)} == {"c", "d"}
    assert answer.note is ZoneNote.SEVERAL
    corner = at(index, 1, 1)
    assert {corner.zone.id, *(other.id for other in corner.others)} == {"a", "b", "c", "d"}


def test_rank_wins_over_area_and_area_over_id():
    """The lower rank first; then the smaller area; then the lower id."""
    wide, narrow = zone("a", 0, 0, 3, 3), zone("z", 0, 0, 1, 1)
    assert at(ZoneIndex([wide, narrow], "UTC"), 0.5, 0.5).zone.id == "z"
    ranked = zone("a", 0, 0, 3, 3, rank=-1)
    answer = at(ZoneIndex([ranked, narrow], "UTC"), 0.5, 0.5)
    assert [answer.zone.id, answer.others[0].id] == ["a", "z"]
    assert at(ZoneIndex([zone("y"), zone("x")], "UTC"), 0.5, 0.5).zone.id == "x"


def test_a_gap_yields_the_nearest_with_its_geodesic_distance():
    """Never nothing: the nearest zone, flagged, and the distance agrees with the geodesic within a part in 10,000."""
    index = ZoneIndex([zone("a"), zone("b", 4, 0, 5, 1)], "UTC")
    answer = at(index, 2, 0.5)
    west, east = (X + STEP) / 1e7, (X + 2 * STEP) / 1e7
    _, _, expected_m = Geod(ellps="WGS84").inv(west, (Y + STEP / 2) / 1e7, east, (Y + STEP / 2) / 1e7)
    assert (answer.zone.id, answer.note) == ("a", ZoneNote.GAP)
    assert answer.distance_m == pytest.approx(expected_m, abs=0.1 + expected_m * 1e-4)


def test_a_gap_between_equals_is_decided_by_precedence():
    """Two zones equally near: rank, area and id decide here too, whatever the order in which they came."""
    for zones in ([zone("b"), zone("a", 3, 0, 4, 1)], [zone("a", 3, 0, 4, 1), zone("b")]):
        assert at(ZoneIndex(zones, "UTC"), 2, 0.5).zone.id == "a"


def test_a_hole_is_not_in_its_zone():
    """A zone with a hole does not cover what lies in the hole; its rim belongs to it."""
    outer, inner = zone("a", 0, 0, 3, 3).polygons[0][0], zone("h", 1, 1, 2, 2).polygons[0][0]
    index = ZoneIndex([Zone("a", "a", "beat", "beat", ((outer, inner[::-1]),))], "UTC")
    assert at(index, 1.5, 1.5).note is ZoneNote.GAP
    assert at(index, 1, 1.5).note is None


def test_zones_are_looked_at_by_the_time_of_the_incident():
    """Yesterday's incident gets yesterday's beat: a date's first moment is in, its last is out."""
    index = ZoneIndex([zone("old", effective_until_ms=1000), zone("new", effective_from_ms=1000)], "UTC")
    assert at(index, 0.5, 0.5, 999).zone.id == "old"
    assert at(index, 0.5, 0.5, 1000).zone.id == "new"
    assert at(index, 0.5, 0.5, 1000).note is None


def test_a_shift_is_read_on_the_local_clock():
    """19:00 to 07:00 in Chicago is 01:00 to 13:00 UTC in winter, an hour earlier in summer; it runs over midnight."""
    index = ZoneIndex([zone("night", shift=(1140, 420)), zone("day", shift=(420, 1140))], "America/Chicago")
    winter, summer, hour = 1_767_225_600_000, 1_782_864_000_000, 3_600_000  # midnights UTC of 2026-01-01, 2026-07-01
    assert at(index, 0.5, 0.5, winter + hour - 1).zone.id == "day"
    assert at(index, 0.5, 0.5, winter + hour).zone.id == "night"
    assert at(index, 0.5, 0.5, winter + 13 * hour).zone.id == "day"
    assert at(index, 0.5, 0.5, summer).zone.id == "night"
    assert at(index, 0.5, 0.5, summer + 12 * hour).zone.id == "day"


def test_when_no_zone_holds_the_answer_says_so():
    """A layer that has no zone at that time gives none, with its own note; an unknown layer is a KeyError."""
    index = ZoneIndex([zone("old", effective_until_ms=1000)], "UTC")
    assert at(index, 0.5, 0.5, 2000).note is ZoneNote.NONE_EFFECTIVE
    assert at(index, 0.5, 0.5, 2000).zone is None
    with pytest.raises(KeyError):
        at(index, 0, 0, layer="esn")


def test_layers_do_not_mix():
    """Every layer answers for itself."""
    index = ZoneIndex([zone("a"), zone("f", 0, 0, 3, 3, layer="fire_district")], "UTC")
    answers = index.at_every_layer(X + 2 * STEP, Y + STEP // 2, 0)
    assert {layer: (answer.zone.id, answer.note) for layer, answer in answers.items()} == {
        "beat": ("a", ZoneNote.GAP),
        "fire_district": ("f", None),
    }
    assert index.layers == ("beat", "fire_district")


def test_an_uncertain_position_yields_shares():
    """A circle around a border lies half in each; around a corner a quarter; far from all, nothing."""
    index = ZoneIndex([zone("a"), zone("b", 1, 0, 2, 1)], "UTC")
    shares = index.shares_of_circle(X + STEP, Y + STEP // 2, 200.0, 0, "beat")
    assert [(share.zone.id, round(share.share, 2)) for share in shares] == [("a", 0.5), ("b", 0.5)]
    corner = index.shares_of_circle(X, Y, 200.0, 0, "beat")
    assert [(share.zone.id, round(share.share, 2)) for share in corner] == [("a", 0.25)]
    assert index.shares_of_circle(X - 5 * STEP, Y, 200.0, 0, "beat") == ()
    with pytest.raises(ValueError, match="radius_m"):
        index.shares_of_circle(X, Y, 0.0, 0, "beat")


def test_shares_follow_the_time_too():
    """A zone that does not hold has no share."""
    index = ZoneIndex([zone("old", effective_until_ms=1000), zone("new", effective_from_ms=1000)], "UTC")
    assert [share.zone.id for share in index.shares_of_circle(X, Y, 50.0, 2000, "beat")] == ["new"]


def test_the_local_projection_measures_as_the_geodesic_does():
    """Within 40 km of the middle, distances agree with the geodesic to a part in 20,000."""
    metres, geod = LocalMetres(X, Y), Geod(ellps="WGS84")
    far = np.array([[X, Y], [X + 4_000_000, Y], [X, Y + 3_500_000], [X - 2_500_000, Y - 2_500_000]])
    projected = metres.project(far)
    for point, flat in zip(far[1:], projected[1:], strict=True):
        _, _, true_m = geod.inv(X / 1e7, Y / 1e7, point[0] / 1e7, point[1] / 1e7)
        assert np.hypot(*(flat - projected[0])) == pytest.approx(true_m, rel=5e-5)


def test_a_new_version_replaces_the_old_whole():
    """Readers that ask while versions change see one or the other, never a mixture."""
    old, new = ZoneIndex([zone("a1"), zone("b1", 1)], "UTC"), ZoneIndex([zone("a2"), zone("b2", 1)], "UTC")
    current = CurrentZones(old)
    wrong = []

    def read():
        for _ in range(300):
            index = current.index
            pair = at(index, 0.5, 0.5).zone.id[1], at(index, 1.5, 0.5).zone.id[1]
            if pair[0] != pair[1]:
                wrong.append(pair)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for _ in range(100):
        current.swap(new)
        current.swap(old)
    for reader in readers:
        reader.join()
    assert wrong == []
    assert current.swap(new) is old


COORDINATE = st.integers(-2, 8)


@st.composite
def rectangles(draw):
    """One to six rectangles on a small grid, some overlapping, some sharing borders, with ranks."""
    found = []
    for i in range(draw(st.integers(1, 6))):
        west, south = draw(COORDINATE), draw(COORDINATE)
        east, north = west + draw(st.integers(1, 4)), south + draw(st.integers(1, 4))
        found.append(zone(f"z{i}", west, south, east, north, rank=draw(st.integers(0, 2))))
    return found


@given(rectangles(), st.integers(-30, 120), st.integers(-30, 120))
def test_any_point_gets_exactly_the_zones_that_cover_it(zones, x, y):
    """For any zones and point: the zones named are those whose closed shape holds it; if none, the nearest is named."""
    index = ZoneIndex(zones, "UTC")
    answer = at(index, x / 10, y / 10)
    point = shapely.Point(X + x * STEP // 10, Y + y * STEP // 10)
    covering = {one.id for one in zones if zone_shape(one.polygons).covers(point)}
    named = {answer.zone.id, *(other.id for other in answer.others)}
    if covering:
        assert named == covering
        assert answer.note == (ZoneNote.SEVERAL if len(covering) > 1 else None)
    else:
        assert answer.note is ZoneNote.GAP
        shape = index.metres.shape(point)
        nearest_m = min(index.metres.shape(zone_shape(one.polygons)).distance(shape) for one in zones)
        assert answer.distance_m == pytest.approx(nearest_m, abs=0.06)


@given(rectangles(), st.randoms(use_true_random=False), st.integers(-30, 120), st.integers(-30, 120))
def test_the_answer_does_not_depend_on_the_order_of_the_zones(zones, random, x, y):
    """Shuffled zones give the same winner, the same others in the same order, the same distance."""
    shuffled = list(zones)
    random.shuffle(shuffled)
    one, two = (at(ZoneIndex(some, "UTC"), x / 10, y / 10) for some in (zones, shuffled))
    assert one.zone.id == two.zone.id
    assert [other.id for other in one.others] == [other.id for other in two.others]
    assert (one.distance_m, one.note) == (two.distance_m, two.note)


@given(rectangles(), st.floats(20, 3000), st.integers(-30, 120), st.integers(-30, 120))
def test_shares_lie_between_nothing_and_all_and_name_what_is_touched(zones, radius_m, x, y):
    """Each share is 0 to 1, largest first; a zone that covers the middle always has one."""
    index = ZoneIndex(zones, "UTC")
    place = X + x * STEP // 10, Y + y * STEP // 10
    shares = index.shares_of_circle(*place, radius_m, 0, "beat")
    assert all(0 <= share.share <= 1 for share in shares)
    assert [share.share for share in shares] == sorted((share.share for share in shares), reverse=True)
    answer = index.at(*place, 0, "beat")
    if answer.note is not ZoneNote.GAP:
        assert answer.zone.id in {share.zone.id for share in shares}
