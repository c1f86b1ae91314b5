"""The geocoder at 300,000 addresses: exact numbers, typos, corners and places, in one mix; CPU and wall time."""

import gc
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.figure import Figure
from redstick.geo.city.model import Addresses, Place
from redstick.geo.geocoder import Geocoder, build
from redstick.geo.roads import Roads

ADDRESSES, QUERIES, LIMIT_MS = 300_000, 4_000, 5.0
_AREAS = ("ALDERTON", "BRACKEN", "CORWICK", "DUNMERE")
_SUFFIXES = ("ST", "ST", "ST", "AVE", "AVE", "RD", "DR", "LN", "CT", "BLVD", "WAY", "PL")
_SPACING = 10_000  # 1e-7 degrees between parallel streets
_BLOCKS = 8  # blocks of a street; it crosses that many others


def synthetic_names(count: int, dice: random.Random) -> list[str]:
    """Made-up street names, each once: two or three syllables, some with a directional."""
    heads = [
        "BAL", "COR", "DAN", "EL", "FEN", "GAR", "HOL", "IN", "JAS", "KEN", "LOR", "MAR",
        "NOR", "OAK", "PEN", "QUIN", "ROS", "SAL", "TOR", "UL", "VER", "WIN", "YAR", "ZEL",
    ]  # fmt: skip
    middles = ["A", "BER", "DE", "FI", "GO", "LA", "MIN", "NE", "RO", "SI", "TA", "VO"]
    tails = [
        "BURY", "COTT", "DALE", "FORD", "GATE", "HAM", "LEY", "MERE", "NESS", "RICK", "STON", "TON",
        "VALE", "WICK", "WORTH",
    ]  # fmt: skip
    names: dict[str, None] = {}
    while len(names) < count:
        base = dice.choice(heads) + (dice.choice(middles) if dice.random() < 0.7 else "") + dice.choice(tails)
        base = base if dice.random() < 0.6 else f"{base} {dice.choice(heads)}{dice.choice(tails)}"
        pre = dice.choice(("N ", "S ", "E ", "W ")) if dice.random() < 0.15 else ""
        names[f"{pre}{base} {dice.choice(_SUFFIXES)}"] = None
    return list(names)


def synthetic_city(addresses: int, dice: random.Random) -> tuple[Roads, Addresses, list[Place]]:
    """A city of square districts: in each, eight streets cross eight others; the numbers rise by hundreds a block."""
    per_street = 56
    districts = max(1, round(addresses / per_street / (2 * _BLOCKS)))
    names = synthetic_names(districts * 2 * _BLOCKS, dice)
    node_x, node_y, tail, head, name, ranges, area = [], [], [], [], [], [], []
    side = _BLOCKS + 1
    wide = int(districts**0.5) + 1
    for district in range(districts):
        x0 = -900_000_000 + district % wide * (side + 1) * _SPACING
        y0 = 380_000_000 + district // wide * (side + 1) * _SPACING
        first = len(node_x)
        for i in range(side):
            for j in range(side):
                node_x.append(x0 + i * _SPACING)
                node_y.append(y0 + j * _SPACING)
        for line in range(_BLOCKS):
            for block in range(_BLOCKS):
                for across in (0, 1):
                    a = first + (line * side + block if across else block * side + line)
                    tail.append(a)
                    head.append(a + (1 if across else side))
                    name.append(district * 2 * _BLOCKS + 2 * line + across)
                    low = 100 * (block + 1)
                    ranges.append((low + 1, low + 99, low, low + 98))
                    area.append(district % len(_AREAS))
    roads = _roads(node_x, node_y, tail, head, name, names, ranges, area)
    points = _addresses(roads, addresses, dice)
    places = [
        Place(id=f"p{i}", name=f"{head_} {kind}", x=int(points.x[i * 37]), y=int(points.y[i * 37]))
        for i, (head_, kind) in enumerate(
            (n.split()[-2], k) for n in names[:600] for k in ("SCHOOL", "PARK", "CLINIC", "LIBRARY", "PLAZA")
        )
    ]
    return roads, points, places


def _roads(node_x, node_y, tail, head, name, names, ranges, area) -> Roads:  # type: ignore[no-untyped-def]  # noqa: ANN001  (lists of whole numbers, straight from the loop above)
    m = len(tail)
    x, y = np.array(node_x, np.int32), np.array(node_y, np.int32)
    t, h = np.array(tail, np.int32), np.array(head, np.int32)
    xy = np.stack([np.stack([x[t], y[t]], 1), np.stack([x[h], y[h]], 1)], 1).reshape(-1, 2)
    span = np.array(ranges, np.int32)
    none = np.full(m, -1, np.int32)
    own = np.array(area, np.int32)
    return Roads(
        node_x=x, node_y=y, tail=t, head=h, segment_id=[str(i) for i in range(m)], name=np.array(name, np.int32),
        names=names, aliases=[], road_class=np.full(m, 6, np.int8), direction=np.zeros(m, np.int8),
        speed_kmh=np.zeros(m, np.int32), length_m=np.full(m, 100.0), level=np.zeros(m, np.int8), left_from=span[:, 0],
        left_to=span[:, 1], right_from=span[:, 2], right_to=span[:, 3], left_area=own, right_area=own,
        areas=list(_AREAS), left_postcode=none, right_postcode=none, postcodes=[],
        start=np.arange(0, 2 * m + 1, 2, dtype=np.int32), xy=xy.astype(np.int32), attribution="made up",
    )  # fmt: skip


def _addresses(roads: Roads, count: int, dice: random.Random) -> Addresses:
    """Points along the segments, on both sides, a few to a block, each number once on its street."""
    per_segment = -(-count // roads.segments)
    rows = []
    for segment in range(roads.segments):
        low = int(roads.right_from[segment])
        a, b = roads.xy[2 * segment], roads.xy[2 * segment + 1]
        for number in sorted(dice.sample(range(low + 1, low + 99), per_segment)):
            share = (number - low) / 100
            rows.append((*(int(p + share * (q - p)) for p, q in zip(a, b, strict=True)), number, segment))
    rows = rows[:count]
    x, y, number, segment = (np.array(column, np.int32) for column in zip(*rows, strict=True))
    none = np.full(len(rows), -1, np.int32)
    return Addresses(
        x=x, y=y, number=number, number_suffix=[""] * len(rows), unit=[""] * len(rows), street=roads.name[segment],
        streets=roads.names, area=roads.left_area[segment], areas=roads.areas, postcode=none, postcodes=[],
    )  # fmt: skip


def one_edit(text: str, dice: random.Random) -> str:
    """A text with one letter changed, left out, doubled or swapped with its neighbour."""
    while True:
        i, kind = dice.randrange(len(text) - 1), dice.randrange(4)
        letter = dice.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        if not (text[i].isalpha() and text[i + 1].isalpha()):
            continue
        pair = text[i + 1] + text[i]
        edited = (
            text[:i] + letter + text[i + 1 :],
            text[:i] + text[i + 1 :],
            text[:i] + letter + text[i:],
            text[:i] + pair + text[i + 2 :],
        )[kind]
        if edited != text:
            return edited


def mix(roads: Roads, points: Addresses, places: list[Place], dice: random.Random) -> list[str]:
    """Texts: half exact numbers, and typos, corners, places and blocks for the rest."""
    texts = []
    for k in range(QUERIES):
        i = dice.randrange(len(points))
        street = roads.names[int(points.street[i])]
        exact = f"{int(points.number[i])} {street}"
        if k % 8 < 4:
            texts.append(exact)
        elif k % 8 == 4:
            texts.append(f"{int(points.number[i])} {one_edit(street, dice)}")
        elif k % 8 == 5:
            own = int(points.street[i])
            other = own - own % (2 * _BLOCKS) + 2 * dice.randrange(_BLOCKS) + (1 - own % 2)
            texts.append(f"{street}/{roads.names[other]}")
        elif k % 8 == 6:
            texts.append(dice.choice(places).name)
        else:
            texts.append(f"{int(points.number[i]) // 100 * 100} BLOCK  {street}")
    return texts


def timings() -> tuple[list[float], list[float], int]:
    """CPU and wall milliseconds of each query of the mix, sorted; and how many addresses were indexed."""
    dice = random.Random(20_261_124)
    roads, points, places = synthetic_city(ADDRESSES, dice)
    texts = mix(roads, points, places, dice)
    with tempfile.TemporaryDirectory() as folder:
        build(roads, points, places, Path(folder) / "index.sqlite")
        geocoder = Geocoder.open(Path(folder) / "index.sqlite")
        cpu, wall = [], []
        gc.collect()
        gc.freeze()
        for text in texts:
            wall_0, cpu_0 = time.perf_counter(), time.process_time()
            geocoder.geocode(text)
            cpu.append(1000 * (time.process_time() - cpu_0))
            wall.append(1000 * (time.perf_counter() - wall_0))
        gc.unfreeze()
        geocoder.close()
    return sorted(cpu), sorted(wall), len(points)


def geocode_300k() -> Figure:
    """99th percentile of CPU time for one text of the mix, at 300,000 addresses; the limit is 5 ms."""
    cpu, _, _ = timings()
    return Figure("geocode_300k", cpu[int(len(cpu) * 0.99)], "ms", LIMIT_MS, "p99 of CPU time, at most", len(cpu))


def measure() -> Iterator[Figure]:
    """The percentiles of one run, CPU and wall."""
    cpu, wall, _ = timings()
    yield Figure("geocode_300k", cpu[int(len(cpu) * 0.99)], "ms", LIMIT_MS, "p99 of CPU time, at most", len(cpu))
    yield Figure(
        "geocode_300k_wall", wall[int(len(wall) * 0.99)], "ms", LIMIT_MS, "p99 of wall time, at most", len(wall)
    )
    yield Figure("geocode_300k_median", cpu[len(cpu) // 2], "ms", LIMIT_MS, "p99 of CPU time, at most", len(cpu))
