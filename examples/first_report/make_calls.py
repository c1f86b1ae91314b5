# ruff: noqa: INP001  (run by hand, it is no package)
"""Writes calls.csv: six days of a made-up town, Larkmere, with the flaws that real exports have.

No person, place or call in it is real. The same seed gives the same bytes: `python make_calls.py`.

The flaws, on purpose: units that were cancelled on the way (no arrival), stamps that nobody pressed, one arrival before
its departure, one call in the hour that the clocks repeat (2 November 2025), a formula in an address and a call type
that looks like a script.
"""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

SEED = 20251102
ZONE = ZoneInfo("America/Chicago")
FIRST = datetime(2025, 10, 30, tzinfo=ZONE)
DAYS = 6
CALLS = 312

# Calls per hour of the day, as a share: quiet before dawn, busiest in the late afternoon.
BY_HOUR = np.array([2, 2, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 6, 5, 4, 3, 3], dtype=float)
TYPES = {
    "Sick person": (0.24, "2", ("M",)),
    "Chest pain": (0.11, "1", ("M", "E")),
    "Fall": (0.17, "3", ("M",)),
    "Breathing problem": (0.09, "1", ("M", "E")),
    "Traffic crash": (0.13, "1", ("E", "M", "B")),
    "Fire alarm": (0.11, "2", ("E", "L")),
    "Structure fire": (0.02, "1", ("E", "E", "L", "B", "M")),
    "Lift assist": (0.08, "4", ("E",)),
    "Smoke investigation": (0.05, "2", ("E",)),
}
DISTRICTS = {
    "Old Town": (0.36, 150, ("Mill St", "Chapel Ln", "Cooper St")),
    "Harbor": (0.27, 190, ("Quay Rd", "Netmaker Way", "Tidewater Ave")),
    "North Hills": (0.22, 260, ("Ridge Rd", "Larkspur Dr", "Quarry Rd")),
    "Meadows": (0.15, 330, ("Orchard Rd", "Haywain Ct", "County Road 9")),
}
UNITS = {"E": ("E1", "E2", "E3"), "M": ("M1", "M2", "M3", "M4"), "L": ("L1",), "B": ("B1",)}
HEAD = (
    "Incident Number",
    "Unit",
    "Call Type",
    "Priority",
    "District",
    "Address",
    "Received",
    "Answered",
    "Dispatched",
    "En Route",
    "On Scene",
    "Cleared",
)


def call_times(rng: np.random.Generator) -> list[datetime]:
    """When the calls came in, in order; UTC, so that the repeated hour has two sides."""
    days = rng.integers(0, DAYS, CALLS)
    hours = rng.choice(24, CALLS, p=BY_HOUR / BY_HOUR.sum())
    seconds = rng.integers(0, 3600, CALLS)
    start = FIRST.astimezone(UTC)
    times = [
        start + timedelta(days=int(day), hours=int(hour), seconds=int(second))
        for day, hour, second in zip(days, hours, seconds, strict=True)
    ]
    times[0] = datetime(2025, 11, 2, 6, 34, 10, tzinfo=UTC)  # 01:34:10, for the first time that night
    times[1] = datetime(2025, 11, 2, 7, 34, 10, tzinfo=UTC)  # 01:34:10 again, an hour later
    return sorted(times)


def local(moment: datetime | None) -> str:
    """The time on the wall of the dispatch room, as most exports write it: without saying which side of an hour."""
    return "" if moment is None else moment.astimezone(ZONE).strftime("%m/%d/%Y %H:%M:%S")


def response(
    rng: np.random.Generator, dispatched: datetime, travel_s: float, priority: str
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """One unit's departure, arrival and release; None where it was not pressed or did not happen."""
    slow = 1.5 if priority in {"3", "4"} else 1.0
    en_route = dispatched + timedelta(seconds=round(float(rng.lognormal(np.log(62), 0.42))))
    on_scene = en_route + timedelta(seconds=round(slow * float(rng.lognormal(np.log(travel_s), 0.38))))
    cleared = on_scene + timedelta(seconds=round(float(rng.lognormal(np.log(2100), 0.6))))
    if rng.random() < 0.08:  # cancelled on the way
        return en_route, None, en_route + timedelta(seconds=int(rng.integers(40, 300)))
    return (None if rng.random() < 0.05 else en_route), (None if rng.random() < 0.03 else on_scene), cleared


def rows(rng: np.random.Generator) -> list[list[str]]:
    """One row for each unit on each call."""
    table: list[list[str]] = []
    kinds, districts = list(TYPES), list(DISTRICTS)
    for number, received in enumerate(call_times(rng), start=1):
        kind = kinds[rng.choice(len(kinds), p=[TYPES[name][0] for name in kinds])]
        district = districts[rng.choice(len(districts), p=[DISTRICTS[name][0] for name in districts])]
        _, priority, crew = TYPES[kind]
        _, travel_s, streets = DISTRICTS[district]
        address = f"{rng.integers(1, 90) * 10} {streets[rng.integers(len(streets))]}"
        answered = received + timedelta(seconds=round(float(rng.lognormal(np.log(7), 0.5))))
        dispatched = answered + timedelta(seconds=round(float(rng.lognormal(np.log(48), 0.5))))
        sent: set[str] = set()
        for place, letter in enumerate(crew):
            free = [unit for unit in UNITS[letter] if unit not in sent]
            unit = free[rng.integers(len(free))]
            sent.add(unit)
            alerted = dispatched + timedelta(seconds=4 * place)
            times = response(rng, alerted, travel_s * (1 + 0.12 * place), priority)
            stamps = [local(moment) for moment in (received, answered, alerted, *times)]
            table.append([f"25-{number:05d}", unit, kind, priority, district, address, *stamps])
    return table


def spoil(table: list[list[str]]) -> None:
    """The flaws that are not left to chance."""
    complete = [row for row in table if all(row)]
    swapped = complete[40]
    swapped[9], swapped[10] = swapped[10], swapped[9]  # on scene before en route
    complete[60][5] = '=HYPERLINK("http://example.invalid","140 Mill St")'
    complete[80][2] = "<script>alert(1)</script>"


def main() -> None:
    """Write the file beside this one."""
    table = rows(np.random.default_rng(SEED))
    spoil(table)
    with (Path(__file__).parent / "calls.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEAD)
        writer.writerows(table)


if __name__ == "__main__":
    main()
