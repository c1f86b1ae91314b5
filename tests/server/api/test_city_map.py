"""The city's own map from a real server: tiles for whoever is signed in; positions on the seat stream."""

import asyncio
import json
import shutil
import time

import pytest
import websockets
from tests import small_town
from tests.vector_tile import read_tile

from .conftest import PASSWORD, Person, Server, redstick

pytestmark = pytest.mark.sockets
AT = (14, 4041, 6738)  # of the small town


@pytest.fixture(scope="module")
def mapped(enrolled, tmp_path_factory):
    """A server with the small town as its city, and one engine on the roster."""
    folder = small_town.write(tmp_path_factory.mktemp("town"))
    sources = ("--roads", "roads.geojson", "--stations", "stations.csv", "--units", "units.toml")
    named = [word if word.startswith("--") else str(folder / word) for word in sources]
    redstick("city", "import", *named, "--time-zone", "America/Chicago", "--out", str(folder / "city"))
    data = shutil.copytree(enrolled, folder / "data")
    enrol_gate = ("people", "add", "gate", "--data", str(data), "--as", "ada", "--role", "gateway", "--password-stdin")
    redstick(*enrol_gate, words=f"{PASSWORD}\n{PASSWORD}\n")
    running = Server(data, "--city", str(folder / "city"))
    sue = Person(running, "sue")
    assert sue.ask("enroll-unit", unit="E01", kind="ENGINE", station="01").status_code == 200
    while get(sue, "style-sources").status_code == 503:  # it comes up in its own time, and says so
        time.sleep(0.1)
    yield running
    running.end()


def get(person, path, **headers):
    """One request to the map."""
    return person.http.get(f"/api/map/{path}", headers={**person.headers, **headers})


def sources(person):
    """What a map is told first."""
    answer = get(person, "style-sources")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_map_is_told_where_the_city_is_and_whose_data_it_is(mapped):
    """Bounds in degrees around the town, zooms, layers, stations and the credits that must be shown."""
    told = sources(Person(mapped, "dan"))
    west, south, east, north = told["sources"]["city"]["bounds"]
    assert (round(west, 3), round(south, 3)) == (small_town.WEST, small_town.SOUTH)
    assert west < east and south < north  # noqa: PT018 (one fact: it is a rectangle)
    assert {"roads", "water", "addresses", "stations"} <= set(told["layers"])
    assert {station["id"] for station in told["stations"]} == set(small_town.STATIONS)


def test_a_tile_shows_the_streets_by_name(mapped):
    """As a reader made from the specification reads it."""
    answer = get(Person(mapped, "ray"), "tiles/{}/{}/{}".format(*AT))
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert answer.headers["content-encoding"] == "gzip"
    names = {feature.properties["name"] for feature in read_tile(answer.content)["roads"].features}
    assert "11TH ST" in names


def test_who_takes_no_gzip_gets_none(mapped):
    """The same tile, unpacked here."""
    dan = Person(mapped, "dan")
    path = "tiles/{}/{}/{}".format(*AT)
    plain = get(dan, path, **{"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == get(dan, path).content


def test_a_tile_is_kept_for_good_under_its_stamp(mapped):
    """The template carries the stamp of city and drawing; without it a seat asks again."""
    dan = Person(mapped, "dan")
    template = sources(dan)["sources"]["city"]["tiles"][0].removeprefix("/api/map/")
    whole = get(dan, template.format(**dict(zip("zxy", AT, strict=True))))
    assert "immutable" in whole.headers["cache-control"]
    path = "tiles/{}/{}/{}".format(*AT)
    again = get(dan, path, **{"if-none-match": whole.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "no-cache" in get(dan, path).headers["cache-control"]


@pytest.mark.parametrize("path", ["tiles/17/0/0", "tiles/3/0/0", "tiles/14/99999/0", "tiles/14/-1/0"])
def test_a_tile_that_there_is_not_is_said_to_be_unknown(mapped, path):
    """With the zooms that there are."""
    answer = get(Person(mapped, "dan"), path)
    assert (answer.status_code, answer.json()["code"]) == (404, "tile_unknown")
    assert answer.json()["data"] == {"zooms": [6, 16]}


def test_a_word_in_place_of_a_number_is_no_tile(mapped):
    """Not found, and nothing breaks."""
    assert get(Person(mapped, "dan"), "tiles/14/x/1").status_code == 404


def test_whoever_is_not_signed_in_sees_no_map(mapped):
    """Neither a tile nor where the city is."""
    for path in ("style-sources", "tiles/{}/{}/{}".format(*AT)):
        assert get(Person(mapped), path).json()["code"] == "not_signed_in"


def test_a_server_without_a_city_has_no_map(server):
    """It says so, as of any page that there is not."""
    assert get(Person(server, "dan"), "style-sources").status_code == 404


def test_where_a_unit_is_comes_to_the_seats_that_may_see_it(mapped):
    """A gateway's report is a row of the stream; the frame that brings it stands at the journal's position."""
    dan, sue = Person(mapped, "dan"), Person(mapped, "sue")
    url = mapped.url.replace("http", "ws") + "/api/seat?view=city.view.positions&view=dispatch.view.units"
    gate = Person(mapped, "gate")

    async def story():
        async with websockets.connect(url, additional_headers=dan.headers) as seat:
            first = json.loads(await seat.recv())
            at, rows = first["at"], first["rows"]
            report = {"unit": "E01", "x": -912_000_000, "y": 304_000_000, "at": time.time_ns() // 1_000_000}
            answer = await asyncio.to_thread(
                gate.http.post, "/api/gateways/positions", json=[report], headers=gate.headers
            )
            assert answer.json()["taken"] == 1, answer.text
            while "track/E01" not in rows:
                frame = json.loads(await asyncio.wait_for(seat.recv(), 30))
                assert frame["from"] == at
                at, rows = frame["to"], rows | frame["rows"]
            return rows["track/E01"]

    row = asyncio.run(story())
    assert (row["x"], row["y"], row["quality"]) == (-912_000_000, 304_000_000, "fresh")
    assert "track/E01" in sue.see("city.view.positions").json()["rows"]
