"""Stations, places and units in."""

import pytest

from redstick.geo.importers.fault import InputFault
from redstick.geo.importers.sites import import_mileposts, import_places, import_stations, import_units


def test_the_stations_of_san_francisco_are_read(third_party):
    """41 stations by their numbers as text, with leading zeros, sorted."""
    stations, intake = import_stations(third_party("cad/san_francisco_stations.csv"))
    assert (len(stations), intake.taken) == (41, 41)
    assert (stations[0].id, stations[0].address) == ("01", "935 FOLSOM ST")
    assert (stations[0].x, stations[0].y) == (-1_224_041_940, 377_796_280)


def test_a_station_twice_is_refused(tmp_path):
    """Each station once, by row; one without a position is counted."""
    path = tmp_path / "stations.csv"
    path.write_text("station,latitude,longitude\n1,30.4,-91.1\n2,,\n")
    stations, intake = import_stations(path)
    assert [station.id for station in stations] == ["1"]
    assert intake.skipped == {"no position": 1}
    path.write_text("station,latitude,longitude\n1,30.4,-91.1\n1,30.5,-91.1\n")
    with pytest.raises(InputFault, match="row 3, column station: station '1' stands twice"):
        import_stations(path)
    path.write_text("post,latitude,longitude\n1,30.4,-91.1\n")
    with pytest.raises(InputFault, match="no column 'station' among post"):
        import_stations(path)


def test_places_keep_their_aliases(tmp_path):
    """Aliases are separated by semicolons; a place without a name is counted."""
    path = tmp_path / "places.csv"
    path.write_text(
        "name,kind,aliases,lat,lon\nTiger Stadium,stadium,Death Valley; The Stadium,30.4,-91.1\n,x,,30,-91\n"
    )
    places, intake = import_places(path)
    assert [(place.name, place.kind, place.aliases) for place in places] == [
        ("Tiger Stadium", "stadium", ("Death Valley", "The Stadium"))
    ]
    assert intake.skipped == {"no name": 1}


def test_units_in_toml_and_csv_are_the_same(tmp_path):
    """Both forms give the same units, sorted by id, capabilities sorted and once."""
    toml, csv = tmp_path / "units.toml", tmp_path / "units.csv"
    toml.write_text(
        '[[units]]\nid = "M2"\nkind = "medic"\nstation = "1"\ncapabilities = ["bls", "als", "als"]\nagency = "ems"\n'
        '[[units]]\nid = "E1"\nkind = "engine"\n'
    )
    csv.write_text("unit,kind,station,capabilities,agency\nM2,medic,1,bls;als,ems\nE1,engine,,,\n")
    assert import_units(toml)[0] == import_units(csv)[0]
    assert [(unit.id, unit.capabilities) for unit in import_units(csv)[0]] == [("E1", ()), ("M2", ("als", "bls"))]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("units.toml", '[[units]]\nid = "E1"', "missing required field `kind`"),
        ("units.toml", '[[units]]\nid = "E1"\nkind = ""', "unit 1: a unit without an id or a kind"),
        ("units.toml", '[[units]]\nid = "E1"\nkind = "e"\ncrew = 4', "unknown field `crew`"),
        ("units.toml", "[[units]", r"units\.toml"),
        ("units.toml", "units = []", "it lists no units"),
        ("units.csv", "unit,kind\nE1,engine\nE1,engine", "row 3: unit 'E1' stands twice"),
        ("units.csv", "unit\nE1", "no column 'kind'"),
        ("absent.csv", None, "there is no such file"),
        ("absent.toml", None, "No such file"),
    ],
)
def test_units_that_cannot_be_right_are_refused(tmp_path, name, content, reason):
    """Missing kinds, repeats, keys that mean nothing, torn files: each names file and place."""
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    with pytest.raises(InputFault, match=reason):
        import_units(path)


def test_mileposts_keep_thousandths(tmp_path):
    """Measures are whole thousandths, directions one letter, exits told from posts; order and repeats do not matter."""
    path = tmp_path / "posts.csv"
    rows = ["I 10,EB,155.2,,", "I 10,,155,yes,A", "I 10,EB,155.2,,"]
    path.write_text("route,dir,mile,exit,letter,lat,lon\n" + "".join(f"{row},30.4,-91.1\n" for row in rows))
    posts, intake = import_mileposts(path)
    assert [(post.direction, post.measure_milli, post.label, post.exit) for post in posts] == [
        ("", 155_000, "A", True), ("E", 155_200, "", False),
    ]  # fmt: skip
    assert intake.taken == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [("I 10,up,1", "direction 'UP'"), ("I 10,,one", "column mile: 'one' is no measure"), ("I 10,,nan", "no measure")],
)
def test_mileposts_that_cannot_be_right_are_refused(tmp_path, row, reason):
    """A direction that is none, a measure that is no number: named by row."""
    path = tmp_path / "posts.csv"
    path.write_text(f"route,dir,mile,lat,lon\n{row},30.4,-91.1\n")
    with pytest.raises(InputFault, match=f"row 2.*{reason}"):
        import_mileposts(path)
