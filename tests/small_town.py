"""A made-up town of a hundred blocks with four units and a week of calls: small enough for every command."""

import csv
import json
import random
from datetime import UTC, datetime, timedelta

SIDE, WEST, SOUTH, STEP = 11, -91.2, 30.4, 0.001  # about 96 m east, 111 m north
BLOCK_S = 12
STATIONS = {"01": (1, 1), "02": (9, 2), "03": (5, 9)}
UNITS = {"E01": ("ENGINE", "01"), "E02": ("ENGINE", "02"), "E03": ("ENGINE", "03"), "T01": ("TRUCK", "01")}
HEAD = [
    "call", "unit", "kind", "type", "address", "area", "lat", "lon", "received", "answered", "entered", "sent",
    "rolling", "there", "back", "ending",
]  # fmt: skip
COLUMNS = """
redstick_columns = 1
source = "A made-up town"
one_row_per = "unit"
time_zone = "America/Chicago"
dates = ["%Y-%m-%d %H:%M:%S"]
[columns]
call = "call"
incident = "call"
unit = "unit"
unit_kind = "kind"
call_type = "type"
address = "address"
station_area = "area"
disposition = "ending"
[stamps]
received = "received"
answered = "answered"
entered = "entered"
dispatched = "sent"
en_route = "rolling"
on_scene = "there"
available = "back"
[place]
latitude = "lat"
longitude = "lon"
"""


def degrees(column, row):
    """Longitude and latitude of a corner."""
    return round(WEST + column * STEP, 6), round(SOUTH + row * STEP, 6)


def streets():
    """Centre lines: numbered streets run east, lettered avenues north; a hundred numbers a block, even on the right."""
    features = []
    for line in range(SIDE):
        for block in range(SIDE - 1):
            low = 100 * (block + 1)
            for name, ends in (
                (f"{line + 11}TH ST", [degrees(block, line), degrees(block + 1, line)]),
                (f"{'ABCDEFGHIJK'[line]}LDER AVE", [degrees(line, block), degrees(line, block + 1)]),
            ):
                ranges = {"left_from": low + 1, "left_to": low + 99, "right_from": low, "right_to": low + 98}
                features.append({
                    "type": "Feature", "properties": {"id": str(len(features)), "name": name, **ranges},
                    "geometry": {"type": "LineString", "coordinates": ends},
                })  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def calls(days=7, per_day=20, seed=7):
    """Rows of a week: to each call goes the engine of its area, to every third a truck; far drives take long."""
    dice, rows = random.Random(seed), []
    for number in range(days * per_day):
        at = datetime(2024, 5, 6, tzinfo=UTC) + timedelta(
            days=number // per_day, seconds=number % per_day * 4000 + dice.randrange(3000)
        )
        column, row = dice.randrange(SIDE - 1), dice.randrange(SIDE)
        area = min(STATIONS, key=lambda name: abs(STATIONS[name][0] - column) + abs(STATIONS[name][1] - row))
        longitude, latitude = degrees(column + 0.5, row)
        for unit in [f"E{area}", *(["T01"] if number % 3 == 0 else [])]:
            far = sum(abs(a - b) for a, b in zip(STATIONS[UNITS[unit][1]], (column + 0.5, row), strict=True))
            drive = round((40 + BLOCK_S * far) * dice.uniform(0.8, 1.3))
            steps = [0, 10, 30, 60, 120, 120 + drive, 1200 + drive]
            stamps = [(at + timedelta(seconds=s)).strftime("%Y-%m-%d %H:%M:%S") for s in steps]
            rows.append([
                str(1000 + number), unit, UNITS[unit][0], dice.choice(["Medical", "Fire"]),
                f"{100 * (column + 1)} BLOCK OF {row + 11}TH ST", area, f"{latitude:.6f}", f"{longitude:.6f}", *stamps,
                "Done",
            ])  # fmt: skip
    return rows


def write(folder):
    """Every file that the town has: roads, stations, units, calls and their map."""
    (folder / "roads.geojson").write_text(json.dumps(streets()))
    places = [(name, *degrees(*corner)[::-1]) for name, corner in STATIONS.items()]
    lines = ["station,address,latitude,longitude", *(f"{name},,{y},{x}" for name, y, x in places)]
    (folder / "stations.csv").write_text("\n".join(lines) + "\n")
    units = [f'[[units]]\nid = "{u}"\nkind = "{kind}"\nstation = "{home}"\n' for u, (kind, home) in UNITS.items()]
    (folder / "units.toml").write_text("\n".join(units))
    (folder / "columns.toml").write_text(COLUMNS)
    with (folder / "calls.csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEAD, *calls()])
    return folder
