"""A small city made for tests: square blocks, two municipalities with the same streets, known to the metre."""

import numpy as np
import pytest

from redstick.geo.city.model import Addresses, Place
from redstick.geo.geocoder import Geocoder, Milepost, build
from redstick.geo.roads import Roads

STEP = 10_000  # 1e-7 degrees between streets, 111 m to the north
WEST, SOUTH = -900_000_000, 380_000_000
ACROSS = ("N MAIN ST", "S MAIN ST", "ELM ST", "ELM AVE", "2ND ST", "OAK ST")
UP = ("1ST AVE", "PARK BLVD", "LAKE DR", "GROVE CT", "CEDAR LN", "MAPLE RD")
AREAS = ("ALDER", "BIRCH")


def grid(areas=AREAS, gap=20):
    """Roads and the truth: {(municipality, number, street): position}; even numbers on the right, odd on the left."""
    nodes, rows, truth = [], [], {}
    names = [*ACROSS, *UP]
    side = len(UP)
    for town, area in enumerate(areas):
        first, x0 = len(nodes), WEST + town * (side + gap) * STEP
        nodes += [(x0 + i * STEP, SOUTH + j * STEP) for j in range(side) for i in range(side)]
        for line in range(side):
            for block in range(side - 1):
                low = 100 * (block + 1)
                rows.append((first + line * side + block, first + line * side + block + 1, line, low, town))
                rows.append((first + block * side + line, first + (block + 1) * side + line, side + line, low, town))
        for a, b, name, low, own in rows:
            if own == town:
                for number in range(low, low + 60):
                    start = low + number % 2
                    share = (number - start) / 58
                    truth[area, number, names[name]] = tuple(
                        round(p + share * (q - p)) for p, q in zip(nodes[a], nodes[b], strict=True)
                    )
    return _roads(nodes, rows, names, areas), truth


def _roads(nodes, rows, names, areas):
    tail, head, name, low, town = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    x, y = (np.array(column, np.int32) for column in zip(*nodes, strict=True))
    m = len(rows)
    xy = np.stack([np.stack([x[tail], y[tail]], 1), np.stack([x[head], y[head]], 1)], 1).reshape(-1, 2)
    none = np.full(m, -1, np.int32)
    return Roads(
        node_x=x, node_y=y, tail=tail, head=head, segment_id=[f"s{i}" for i in range(m)], name=name, names=names,
        aliases=[], road_class=np.full(m, 6, np.int8), direction=np.zeros(m, np.int8), speed_kmh=np.zeros(m, np.int32),
        length_m=np.full(m, 100.0), level=np.zeros(m, np.int8), left_from=low + 1, left_to=low + 59, right_from=low,
        right_to=low + 58, left_area=town, right_area=town, areas=list(areas), left_postcode=none,
        right_postcode=none, postcodes=[], start=np.arange(0, 2 * m + 1, 2, dtype=np.int32), xy=xy.astype(np.int32),
        attribution="made up",
    )  # fmt: skip


def places():
    """A common place with an alias, and two places of one name."""
    return [
        Place(id="p1", name="Riverside Clinic", x=WEST + 5_000, y=SOUTH + 5_000, aliases=("The Old Mill",)),
        Place(id="p2", name="Twin School", x=WEST, y=SOUTH),
        Place(id="p3", name="Twin School", x=WEST + 50_000, y=SOUTH + 50_000),
    ]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Give a geocoder over some municipalities, ranges alone, and the truth about every number."""

    def make(areas):
        roads, truth = grid(areas)
        path = tmp_path_factory.mktemp("geocoder") / "index.sqlite"
        posts = [Milepost("I 10", way, mile, WEST + mile * STEP, SOUTH) for way in "EW" for mile in (1, 2, 3)]
        build(roads, Addresses.none(), places(), path, mileposts=posts)
        return Geocoder.open(path), truth

    return make


@pytest.fixture(scope="session")
def one_town(made):
    """One municipality."""
    return made(AREAS[:1])


@pytest.fixture(scope="session")
def two_towns(made):
    """Two municipalities with the same streets and numbers."""
    return made(AREAS)
