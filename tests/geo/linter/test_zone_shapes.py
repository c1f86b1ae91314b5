"""Planted faults of zones."""

from dataclasses import replace

from redstick.geo.linter import Severity


def test_zones_that_share_borders_are_sound(found, sound, area):
    """Two beats side by side that cover every street: nothing to find."""
    assert found(sound, zones=(area("a", -1, -1, 1, 3), area("b", 1, -1, 3, 3))) == {}


def test_a_border_that_crosses_itself_is_an_error(found, sound, area):
    """A bow tie has no inside; the finding says near where."""
    bow = area("a", -1, -1, 3, 3)
    ring = bow.polygons[0][0][[0, 2, 1, 3, 0]]
    findings = found(sound, zones=(replace(bow, polygons=((ring,),)), area("b", -1, -1, 3, 3)))
    assert findings["ZONE_SELF_CROSSING"][0].severity is Severity.ERROR
    assert "self-intersection" in findings["ZONE_SELF_CROSSING"][0].found


def test_overlaps_are_weighed(found, sound, area):
    """Wide is a warning, ranked is a notice, a sliver is a notice."""
    rest = area("b", 1, -1, 3, 3)
    assert set(found(sound, zones=(area("a", -1, -1, 2, 3), rest))) == {"ZONE_OVERLAP"}
    assert set(found(sound, zones=(area("a", -1, -1, 2, 3, rank=1), rest))) == {"ZONE_OVERLAP_RANKED"}
    assert set(found(sound, zones=(area("a", -1, -1, 1.02, 3), rest))) == {"ZONE_OVERLAP_SLIVER"}


def test_holes_in_a_layer_are_weighed(found, sound, area):
    """A hole that a block fits in is an error, a sliver between two borders is a notice."""
    frame = (area("s", -1, -1, 3, 0.5), area("n", -1, 1.5, 3, 3), area("w", -1, 0.5, 0.5, 1.5))
    wide = found(sound, zones=(*frame, area("e", 1.5, 0.5, 3, 1.5)))
    assert wide["ZONE_GAP"][0].severity is Severity.ERROR
    assert set(found(sound, zones=(*frame, area("e", 0.52, 0.5, 3, 1.5)))) == {"ZONE_GAP_SLIVER"}


def test_streets_outside_a_layer_are_counted(found, sound, area):
    """A layer that leaves out half of the city names how many segments."""
    findings = found(sound, zones=(area("a", -1, -1, 1.2, 3),))
    assert findings["ZONE_UNCOVERED_STREETS"][0].found == "segments in no zone: 4 of 8"


def test_versions_in_time_are_not_overlaps(found, sound, area):
    """Beats of two years, and of day and night, never hold together; shifts that meet for an hour do."""
    old = area("a", -1, -1, 3, 3, effective_until_ms=1_767_225_600_000)
    new = area("b", -1, -1, 3, 3, effective_from_ms=1_767_225_600_000)
    assert found(sound, zones=(old, new)) == {}
    day, night = area("d", -1, -1, 3, 3, shift=(420, 1140)), area("n", -1, -1, 3, 3, shift=(1140, 420))
    assert found(sound, zones=(day, night)) == {}
    assert set(found(sound, zones=(day, replace(night, shift=(1080, 420))))) == {"ZONE_OVERLAP"}


def test_an_emergency_service_zone_names_its_agencies(found, sound, area):
    """An ESN without an EMS agency is named by what it lacks."""
    esn = area("401", -1, -1, 3, 3, kind="esn", attributes={"Police_Agency": "BRPD", "FIRE": "BRFD", "EMS": ""})
    findings = found(sound, zones=(esn,))
    assert findings["ESN_WITHOUT_AGENCY"][0].found == "no column names its ems agency"
    assert found(sound, zones=(replace(esn, attributes={"law": "a", "fire": "b", "ems": "c"}),)) == {}
