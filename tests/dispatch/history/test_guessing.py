"""Drafting a map: by names and by what stands in the columns; what the file cannot tell is asked."""

import json
from datetime import datetime, timedelta

import pytest

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.errors import HistoryError
from redstick.dispatch.history.guessing import guess
from redstick.dispatch.history.reading import read
from redstick.dispatch.history.synonyms import category_score, stamp_score, words
from redstick.dispatch.history.zone_candidates import zone_candidates

START = datetime(2024, 5, 1, 8, 0)  # noqa: DTZ001  a wall clock has no zone


def stamp(call, minutes, form="%m/%d/%Y %H:%M:%S"):
    return (START + timedelta(hours=7 * call, minutes=minutes)).strftime(form)


def draft(tmp_path, header, rows, name="calls.csv"):
    path = tmp_path / name
    path.write_text(",".join(header) + "\n" + "".join(",".join(f'"{c}"' for c in row) + "\n" for row in rows))
    return path, guess(path)


def questions(found):
    return {doubt.where: doubt for doubt in found.unsure}


def test_a_vendor_s_report_is_drafted_and_read(tmp_path):
    """Names as one vendor has them; one row a call with its units in one cell; the draft reads its own file."""
    header = ["CFS #", "Nature", "Time Call Received", "Dispatch Date/Time", "Enroute", "Arrived", "Closed", "Units",
              "Location", "City", "Latitude", "Longitude", "Disp"]  # fmt: skip
    rows = [
        [f"24-{i:05d}", "ALARM", *(stamp(i, m) for m in (0, 2, 3, 9, 50)), "E12, M7" if i % 2 else "E3", f"{i} MAIN ST",
         "TOWN", f"30.{4000 + i}", f"-91.{1000 + i}", "RPT"]
        for i in range(60)
    ]  # fmt: skip
    path, found = draft(tmp_path, header, rows)
    drafted = found.column_map
    assert drafted.one_row_per == "call"
    assert drafted.split == {"unit": ","}
    assert {name: columns[0] for name, columns in drafted.categories.items()} == {
        "call": "CFS #", "unit": "Units", "call_type": "Nature", "address": "Location", "municipality": "City",
    }  # fmt: skip
    assert {name: source.columns[0] for name, source in drafted.stamps.items()} == {
        "received": "Time Call Received", "dispatched": "Dispatch Date/Time", "en_route": "Enroute",
        "on_scene": "Arrived", "closed": "Closed",
    }  # fmt: skip
    history = read(path, found.in_zone("America/Chicago").column_map)
    assert len(history) == 90
    assert history.listed == []


def test_the_zone_is_asked_never_made_up(tmp_path):
    """The map has no zone and does not load until a person says it; the evidence is the longitude."""
    rows = [[str(i), stamp(i, 0), "30.45", "-91.15"] for i in range(20)]
    _, found = draft(tmp_path, ["Incident Number", "Received", "Lat", "Lon"], rows)
    assert found.column_map.time_zone == ""
    assert "America/Chicago" in questions(found)["time_zone"].evidence
    assert "? In which time zone" in found.text().replace("# ", "")
    with pytest.raises(HistoryError, match="IANA"):
        ColumnMap.parse(found.text())
    answered = found.in_zone("America/Chicago")
    assert ColumnMap.parse(answered.text()) == answered.column_map
    assert "time_zone" not in questions(answered)


def test_dates_that_read_both_ways_are_asked(tmp_path):
    """No form is written; reading refuses until one is."""
    rows = [[str(i), f"03/04/2024 0{i}:00"] for i in range(5)]
    path, found = draft(tmp_path, ["Incident", "Received"], rows)
    assert found.column_map.dates == ()
    assert "both fit" in questions(found)["dates"].evidence
    with pytest.raises(HistoryError, match="both fit"):
        read(path, found.in_zone("UTC").column_map)


def test_a_name_alone_decides_nothing(tmp_path):
    """A `Dispatch` that holds a name, a `Lat` off the globe and a `Unit` of sentences are not taken."""
    header = ["Incident", "Received", "Dispatch", "Lat", "Lon", "Unit"]
    rows = [[str(i), stamp(i, 0), "J. ROE", "500123.5", "700000.1", f"see the remarks of call {i}"] for i in range(20)]
    _, found = draft(tmp_path, header, rows)
    assert set(found.column_map.stamps) == {"received"}
    assert found.column_map.place.columns == ()
    assert "unit" not in found.column_map.categories
    assert found.unused == ["Dispatch", "Lat", "Lon", "Unit"]
    assert "degrees" in questions(found)["place"].question


def test_stamps_taken_for_each_other_are_asked(tmp_path):
    """An `Arrived` that always comes before the dispatch is drafted, and doubted with its share."""
    rows = [[str(i), stamp(i, 0), stamp(i, 5), stamp(i, 2)] for i in range(20)]
    _, found = draft(tmp_path, ["Incident", "Received", "Dispatched", "Arrived"], rows)
    assert "100%" in questions(found)["stamps.on_scene"].evidence


def test_a_moment_without_a_known_name_is_asked(tmp_path):
    """With how it lies to the receipt, so that a person can tell what it is."""
    rows = [[str(i), stamp(i, 0), stamp(i, 4)] for i in range(20)]
    _, found = draft(tmp_path, ["Incident", "Received", "Zulu Mark"], rows)
    doubt = questions(found)["stamps"]
    assert doubt.column == "Zulu Mark"
    assert "240 s" in doubt.evidence


def test_a_day_and_times_of_day(tmp_path):
    """A `Call Date` serves the times that have no date of their own, and past midnight is asked about."""
    rows = [[str(i), stamp(i, 0, "%m/%d/%Y"), stamp(i, 0, "%H:%M:%S"), stamp(i, 3, "%H:%M:%S")] for i in range(60)]
    path, found = draft(tmp_path, ["Incident", "Call Date", "Received Time", "Arrival Time"], rows)
    assert found.column_map.stamps["on_scene"].columns == ("Call Date", "Arrival Time")
    assert "midnight" in questions(found)["stamps.on_scene"].evidence
    assert read(path, found.in_zone("UTC").column_map).listed == []


def test_repeated_calls_are_asked_about(tmp_path):
    """With how many, and in what their rows differ."""
    rows = [[str(i // 2 if i < 4 else i), stamp(i, 0), f"K{i}"] for i in range(20)]
    _, found = draft(tmp_path, ["Incident", "Received", "Remark"], rows)
    assert found.column_map.key == ("incident",)
    assert "2 come more than once; their rows differ in Received, Remark." in questions(found)["rows.key"].evidence


def test_a_feed_whose_number_stays_is_told_apart_by_it(tmp_path):
    """The snapshot identity needs no more columns than it needs."""
    lines = [{"fetched": f"2025-03-03T06:{m:02d}:00Z",
              "open": [{"EventID": f"X{i}", "CALL_TIME": 1740981720000 + i, "Address": f"{i} A ST", "Units": "E1,M12"}
                       for i in range(30)]} for m in range(5)]  # fmt: skip
    path = tmp_path / "feed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = guess(path).column_map
    assert found.categories["incident"] == ("EventID",)
    assert found.snapshot_time == "fetched"
    assert found.file.records == "open"


def test_headers_are_taken_apart():
    """Run-together, underscored and abbreviated names are alike."""
    assert words("OnSceneDtTm") == words("on_scene_dttm") == words("On Scene DtTm") == ("on", "scene", "time")
    assert words("CFS #") == ("cfs", "number")
    assert words("UnitID") == ("unit", "id")


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("Received DtTm", "received"), ("Time Call Received", "received"), ("Dispatch Date/Time", "dispatched"),
        ("Arrived", "on_scene"), ("First Unit Arrived", "on_scene"), ("Time_First_Unit_Enroute", "en_route"),
        ("Response DtTm", "en_route"), ("Phone Pickup", "answered"), ("Call Created", "entered"),
        ("At Hospital", "at_hospital"), ("In Service Time", "available"), ("Call Closed", "closed"),
        ("PatientContactDateTime", "patient_contact"), ("Unit Acknowledge Time", "acknowledged"),
    ],
)  # fmt: skip
def test_the_names_of_stamps(header, name):
    """Each vendor's name scores highest for its own stamp."""
    from redstick.dispatch.history.model import STAMPS

    assert max(STAMPS, key=lambda stamp: stamp_score(stamp, header)) == name


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("CFS #", "call"), ("Incident_Number", "incident"), ("Problem", "call_type"), ("Nature", "call_type"),
        ("Unit ID", "unit"), ("Apparatus", "unit"), ("UnitType", "unit_kind"), ("Beat", "area"), ("ZIP", "postcode"),
        ("Final Disposition", "disposition"), ("KeyMap", "area"), ("Dept", "agency"), ("location_txt", "address"),
    ],
)  # fmt: skip
def test_the_names_of_categories(header, name):
    """Each vendor's name scores highest for its own category."""
    from redstick.dispatch.history.model import CATEGORIES

    assert max(CATEGORIES, key=lambda category: category_score(category, header)) == name


@pytest.mark.parametrize(
    ("place", "zone"),
    [((-91.15, 30.45), "America/Chicago"), ((-122.4, 37.7), "America/Los_Angeles"), ((13.4, 52.5), "1 hours east")],
)
def test_zone_candidates_are_offered(place, zone):
    """The zones of the place, or how far it lies from Greenwich."""
    assert any(zone in candidate for candidate in zone_candidates(*place))
