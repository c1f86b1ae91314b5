"""Real streets, seeded texts: nothing that was misspelled, left out or met twice is Unique for another place.

A fault that turns a name into another street's own name (`45TH AVE` into `5TH AVE`) is left out: no text can show it.
"""

import os
import random
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from redstick.geo.city import load_city
from redstick.geo.geocoder import Geocoder, Reason, Unique, build
from redstick.geo.geocoder.mileposts import along, distance_m
from redstick.geo.geocoder.words import read_street

ROOT = Path(__file__).parents[2]
CASES = 2000
SUFFIXES = ("ST", "AVE", "BLVD", "CT", "DR", "LN", "PL", "RD", "TER", "WAY")
SAN_FRANCISCO = ("roads/san_francisco_centerlines.geojson.gz", "America/Los_Angeles")
LIECHTENSTEIN = ("roads/liechtenstein.osm.pbf", "Europe/Vaduz")


@pytest.fixture(scope="module", params=[SAN_FRANCISCO, LIECHTENSTEIN], ids=["san_francisco", "liechtenstein"])
def city(request, third_party, tmp_path_factory):
    """The roads of a real place, and its geocoder."""
    file, zone = request.param
    folder = tmp_path_factory.mktemp("city") / "city"
    columns = ["--columns", str(ROOT / "examples/san_francisco/roads.toml")] if file == SAN_FRANCISCO[0] else []
    done = subprocess.run(
        [sys.executable, "-c", "from redstick.cli.main import main; main()", "city", "import", "--roads",
         str(third_party(file)), *columns, "--name", "Somewhere", "--time-zone", zone, "--out", str(folder)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": "random"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    loaded = load_city(folder)
    build(loaded.roads, loaded.addresses, loaded.places, folder / "test.sqlite")
    return loaded.roads, Geocoder.open(folder / "test.sqlite")


def faulty(name, known, dice):
    """A street's name as it is, its suffix left out or swapped, a letter wrong, or its directional added or swapped."""
    stem, _, last = name.rpartition(" ")
    while True:
        i = dice.randrange(len(name))
        text = dice.choice((
            name, stem or name, f"{stem or last} {dice.choice(SUFFIXES)}", name[:i] + name[i + 1 :],
            name[:i] + dice.choice("AEIORST") + name[i + 1 :],
            f"{dice.choice('NSEW')} {name.removeprefix('N ').removeprefix('S ')}",
        ))  # fmt: skip
        if text == name or read_street(text) not in known - {read_street(name)}:
            return text


def test_corners_are_never_unique_elsewhere(city):
    """Texts for 2,000 corners, half of them with a fault in one name: a Unique answer is that corner."""
    roads, geocoder = city
    dice = random.Random(20_161_231)
    at = defaultdict(set)
    for segment, name in enumerate(roads.name.tolist()):
        if name >= 0:
            at[int(roads.tail[segment])].add(roads.names[name])
            at[int(roads.head[segment])].add(roads.names[name])
    corners = sorted((node, tuple(sorted(names))) for node, names in at.items() if len(names) > 1)
    known = {read_street(name) for name in roads.names}
    wrong = []
    for _ in range(CASES):
        node, names = dice.choice(corners)
        a, b = dice.sample(names, 2)
        text = f"{a}/{faulty(b, known, dice)}"
        answer = geocoder.geocode(text)
        true = int(roads.node_x[node]), int(roads.node_y[node])
        if isinstance(answer, Unique) and distance_m((answer.candidate.x, answer.candidate.y), true) > 100:
            wrong.append((text, a, b, answer.candidate.label))
    assert wrong == []


def test_house_numbers_are_never_unique_elsewhere(city):
    """Texts for 2,000 numbers of a range, most with a fault: Unique is that place, and never one of a wrong parity."""
    roads, geocoder = city
    dice = random.Random(20_170_107)
    sides = [
        (s, int(first), int(last))
        for firsts, lasts in ((roads.left_from, roads.left_to), (roads.right_from, roads.right_to))
        for s, (first, last) in enumerate(zip(firsts, lasts, strict=True))
        if first > 0 and last > 0 and (first - last) % 2 == 0 and roads.name[s] >= 0
    ]
    if not sides:
        pytest.skip("the source has no house-number ranges")
    known = {read_street(name) for name in roads.names}
    wrong = []
    for _ in range(CASES):
        segment, first, last = dice.choice(sides)
        number = dice.randrange(min(first, last), max(first, last) + 1, 2)
        line = [tuple(p) for p in roads.xy[roads.start[segment] : roads.start[segment + 1]].tolist()]
        true = along(line, (number - first) / (last - first) if first != last else 0.5)
        name = roads.names[int(roads.name[segment])]
        text = f"{number} {faulty(name, known, dice)}"
        answer = geocoder.geocode(text)
        if isinstance(answer, Unique) and distance_m((answer.candidate.x, answer.candidate.y), true) > 100:
            wrong.append((text, name, answer.candidate.label))
        beyond = geocoder.geocode(f"{number + 50_000} {name}")
        assert not isinstance(beyond, Unique)
        assert beyond.candidates
        assert {Reason.NUMBER_OUTSIDE, Reason.NO_RANGES, Reason.NUMBER_MISSING} & set(beyond.reasons)
    assert wrong == []
