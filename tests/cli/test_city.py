"""`redstick city`: what people and machines read, and the exit codes."""

import json
import tomllib
from pathlib import Path

import pytest

from redstick.geo.city import load_city

ROADS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"id": str(i), "name": name, "left_from": 1, "left_to": 99, "right_from": 2, "right_to": 98},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for i, (name, line) in enumerate(
            [("MAIN ST", [[-91.1, 30.4], [-91.09, 30.4]]), ("OAK AVE", [[-91.09, 30.4], [-91.09, 30.41]])]
        )
    ],
}


@pytest.fixture
def roads(tmp_path):
    """A town of two streets."""
    path = tmp_path / "town.geojson"
    path.write_text(json.dumps(ROADS))
    return path


def zone(path, ring):
    """A file with one polygon."""
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"id": "1"}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def test_a_city_is_imported_from_its_files(run, roads, tmp_path):
    """Roads, addresses, zones, stations, units and places become one folder; the object says what was taken."""
    (tmp_path / "addresses.csv").write_text(
        "lat,lon,number,street\n30.4001,-91.095,5,MAIN ST\n30.4,-91.095,rear,MAIN ST\n"
    )
    (tmp_path / "stations.csv").write_text("station,address,latitude,longitude\n01,1 MAIN ST,30.4,-91.1\n")
    (tmp_path / "units.toml").write_text('[[units]]\nid = "E1"\nkind = "engine"\nstation = "01"\n')
    (tmp_path / "places.csv").write_text("name,lat,lon\nCity Hall,30.4,-91.1\n")
    beats = zone(
        tmp_path / "beats.geojson", [[-91.2, 30.3], [-91.0, 30.3], [-91.0, 30.5], [-91.2, 30.5], [-91.2, 30.3]]
    )
    code, out, _ = run(
        "city", "import", "--roads", roads, "--addresses", tmp_path / "addresses.csv", "--zones", beats, "--zone-kind",
        "beat", "--stations", tmp_path / "stations.csv", "--units", tmp_path / "units.toml", "--places",
        tmp_path / "places.csv", "--name", "Ville", "--time-zone", "America/Chicago", "--out", tmp_path / "ville",
        "--json",
    )  # fmt: skip
    summary = json.loads(out)
    city = load_city(tmp_path / "ville")
    assert code == 0
    assert summary["digest"] == city.digest
    expected = {"name": "Ville", "time_zone": "America/Chicago", "segments": 2, "nodes": 3, "names": 2, "addresses": 1}
    assert {key: summary[key] for key in expected} == expected
    assert (summary["places"], summary["zones"]) == (1, 1)
    assert (summary["stations"], summary["units"]) == (1, 1)
    by_file = {Path(intake["file"]).name: intake for intake in summary["intakes"]}
    assert by_file["addresses.csv"]["skipped"] == {"a house number that cannot be read": 1}
    assert city.units[0].station == "01"


def test_people_read_what_was_taken_and_why_not(run, roads, tmp_path):
    """Without --json the summary is in words: name, counts, doubts."""
    code, out, _ = run("city", "import", "--roads", roads, "--out", tmp_path / "ville")
    assert code == 0
    assert "Town: " in out
    assert "2 taken from" in out
    assert "no one-way column: every street is taken as two-way" in out


def test_importing_twice_gives_the_same_bytes(run, roads, tmp_path):
    """Two imports of the same files agree in every byte."""
    for name in ("one", "two"):
        assert run("city", "import", "--roads", roads, "--out", tmp_path / name)[0] == 0
    for path in (tmp_path / "one").iterdir():
        if path.is_file() and path.suffix in {".json", ".npz"}:
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_column_map_can_be_drafted(run, roads, tmp_path):
    """--draft-columns writes TOML that imports the same city, and imports nothing itself."""
    code, out, _ = run("city", "import", "--roads", roads, "--draft-columns", tmp_path / "roads.toml", "--json")
    assert code == 0
    assert json.loads(out)["unsure"]
    assert tomllib.loads((tmp_path / "roads.toml").read_text())["columns"]["left_from"] == "left_from"
    code, _, _ = run(
        "city", "import", "--roads", roads, "--columns", tmp_path / "roads.toml", "--out", tmp_path / "ville"
    )
    assert code == 0
    assert load_city(tmp_path / "ville").roads.left_to.tolist() == [99, 99]


def bad_zone(tmp_path, roads):
    """A zone whose border crosses itself."""
    ring = [[-91.2, 30.3], [-91.0, 30.5], [-91.0, 30.3], [-91.2, 30.5], [-91.2, 30.3]]
    return ["--roads", roads, "--zones", zone(tmp_path / "beats.geojson", ring), "--zone-kind", "beat"]


def torn(tmp_path, roads):
    """Half a file."""
    path = tmp_path / "half.geojson"
    path.write_bytes(roads.read_bytes()[:200])
    return ["--roads", path]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (lambda tmp_path, roads: ["--roads", tmp_path / "none.geojson"], "none.geojson: there is no such file"),
        (torn, "half.geojson: it is not JSON, or is cut short"),
        (bad_zone, "beats.geojson: feature 1: zone '1' is no proper polygon"),
        (lambda tmp_path, roads: ["--roads", roads, "--zones", roads], "1 --zones but 0 --zone-kind"),
        (lambda tmp_path, roads: ["--roads", roads, "--time-zone", "Mars/Olympus"], "'Mars/Olympus' is unknown"),
        (lambda tmp_path, roads: ["--roads", roads, "--columns", roads], "town.geojson"),
        (
            lambda tmp_path, roads: ["--roads", roads, "--stations", roads],
            "feature 1: its geometry is a LineString; expected a point",
        ),
        (lambda tmp_path, roads: ["--roads", roads, "--addresses", roads], "no house number and street among"),
        (lambda tmp_path, roads: ["--roads", roads, "--places", roads], "feature 1: its geometry is a LineString"),
    ],
)
def test_bad_input_is_one_clear_line_and_leaves_nothing(run, roads, tmp_path, arguments, message):
    """Exit 2, one line that names the file, what is wrong and what was expected; no folder, no half of one."""
    code, out, err = run("city", "import", *arguments(tmp_path, roads), "--out", tmp_path / "ville")
    assert code == 2
    assert out == ""
    assert err.startswith("redstick: ")
    assert err.count("\n") == 1
    assert message in err
    assert not [path for path in tmp_path.iterdir() if path.name.startswith((".ville", "ville"))]


def test_somebody_elses_folder_is_left_alone(run, roads, tmp_path):
    """--out that holds other files is refused with exit 2."""
    code, _, err = run("city", "import", "--roads", roads, "--out", tmp_path)
    assert code == 2
    assert "is not a city folder" in err
    assert roads.exists()
    assert run("city", "import", "--roads", roads)[0] == 2


def test_a_place_that_cannot_be_written_is_a_failure(run, roads, monkeypatch, tmp_path):
    """A full disk is exit 1, not a misuse: one line that says what to do, and no folder."""

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("redstick.geo.city.folder.city_to_files", full)
    code, _, err = run("city", "import", "--roads", roads, "--out", tmp_path / "ville")
    assert code == 1
    assert "No space left on device; free the disk" in err
    assert not (tmp_path / "ville").exists()


def test_a_check_lists_findings_and_still_succeeds(run, roads, tmp_path):
    """Exit 0 with findings listed; --strict turns errors into exit 1; --json has code, severity, place and advice."""
    (tmp_path / "stations.csv").write_text("station,latitude,longitude\n01,30.45,-91.1\n")
    run("city", "import", "--roads", roads, "--stations", tmp_path / "stations.csv", "--out", tmp_path / "ville")
    code, out, _ = run("city", "check", tmp_path / "ville", "--json")
    summary = json.loads(out)
    assert code == 0
    assert summary["counts"] == {"error": 1, "warning": 0, "notice": 0}
    assert summary["findings"][0]["code"] == "STATION_OFF_NETWORK"
    assert set(summary["findings"][0]) == {"code", "severity", "place", "position", "found", "advice"}
    code, out, _ = run("city", "check", tmp_path / "ville", "--strict")
    assert code == 1
    assert "error STATION_OFF_NETWORK (1)" in out


def test_a_sound_city_passes_strictly(run, roads, tmp_path):
    """No errors: exit 0 with --strict too."""
    run("city", "import", "--roads", roads, "--out", tmp_path / "ville")
    assert run("city", "check", tmp_path / "ville", "--strict")[0] == 0


def test_a_damaged_city_is_named(run, roads, tmp_path):
    """A flipped byte and a folder that is no city: exit 2 and the file's name."""
    run("city", "import", "--roads", roads, "--out", tmp_path / "ville")
    (tmp_path / "ville" / "roads.npz").write_bytes(b"rubbish")
    code, _, err = run("city", "check", tmp_path / "ville")
    assert code == 2
    assert "roads.npz: its SHA-256 is" in err
    assert run("city", "check", tmp_path / "nowhere")[0] == 2


def test_san_francisco_is_imported_and_checked(run, third_party, tmp_path):
    """The shipped column map and the real files: 15,602 segments, 41 stations; the check finds the four mixed sides."""
    columns = Path(__file__).parents[2] / "examples/san_francisco/roads.toml"
    code, out, _ = run(
        "city", "import", "--roads", third_party("roads/san_francisco_centerlines.geojson.gz"), "--columns", columns,
        "--stations", third_party("cad/san_francisco_stations.csv"), "--name", "San Francisco", "--time-zone",
        "America/Los_Angeles", "--out", tmp_path / "sf", "--json",
    )  # fmt: skip
    summary = json.loads(out)
    assert code == 0
    assert (summary["segments"], summary["nodes"], summary["names"], summary["stations"]) == (15_602, 9_401, 2_478, 41)
    _, out, _ = run("city", "check", tmp_path / "sf", "--json")
    codes = [finding["code"] for finding in json.loads(out)["findings"]]
    assert codes.count("PARITY_MIXED") == 4
    assert "STATION_OFF_NETWORK" not in codes


def test_the_import_leaves_a_geocoder_ready(run, roads, tmp_path):
    """The index is part of the folder, and finds an address of the city."""
    from redstick.geo.geocoder import FILE_NAME, Geocoder

    run("city", "import", "--roads", roads, "--out", tmp_path / "ville")
    found = Geocoder.open(tmp_path / "ville" / FILE_NAME).geocode("25 MAIN ST")
    assert type(found).__name__ == "Unique"


def test_a_generated_parish_is_the_same_each_time_and_sound(run, tmp_path):
    """One seed gives one digest, another seed another; the linter finds no error in what we make ourselves."""
    digests = []
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        code, out, _ = run("city", "generate", "--seed", seed, "--size", "small", "--out", tmp_path / name, "--json")
        summary = json.loads(out)
        assert code == 0
        assert summary["segments"] > 100
        assert summary["addresses"] > 100
        digests.append(summary["digest"])
    assert digests[0] == digests[1] != digests[2]
    assert load_city(tmp_path / "one").digest == digests[0]
    _, out, _ = run("city", "check", tmp_path / "one", "--json")
    assert json.loads(out)["counts"]["error"] == 0
    assert run("city", "generate", "--seed", 7, "--size", "vast", "--out", tmp_path / "four")[0] == 2
