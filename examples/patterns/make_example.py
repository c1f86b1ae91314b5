# ruff: noqa: INP001  (run by hand, it is no package)
"""Makes the example: events of a made-up town over a year, plate reads and a hot list. Run again, the same files."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
FIRST, DAYS = date(2025, 1, 1), 365
MIDDLES = ((2100, 2300), (3400, 1700), (1500, 3900), (4300, 3600))
LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
LOOKALIKE = {"0": "O", "1": "I", "8": "B", "5": "S", "2": "Z", "B": "8", "S": "5", "Z": "2"}


def main() -> None:
    """Write events.csv, reads.csv and hot_list.csv."""
    dice = random.Random(31)  # noqa: S311  (an example, nothing secret)
    _write("events.csv", ["x_m", "y_m", "date", "kind", "source"], _events(dice))
    listed, reads = _plates(dice)
    _write("hot_list.csv", ["plate", "state", "category", "expires"], listed)
    _write("reads.csv", ["plate", "state", "time", "camera"], reads)


def _events(dice: random.Random) -> list[list[object]]:
    """Burglaries that come back to the same street within days, thefts from cars that rise, noise as ever."""
    rows: list[list[object]] = []
    for _ in range(700):
        x, y, day = *_place(dice, 0.45), dice.randrange(DAYS)
        rows.append(_event(x, y, day, "burglary"))
        if dice.random() < 0.25:
            again = day + dice.randrange(6)
            rows.append(_event(x + dice.gauss(0, 40), y + dice.gauss(0, 40), again, "burglary"))
    for day in range(DAYS):
        thefts = _poisson(dice, 1.6 if day < DAYS - 28 else 4.4)
        rows += [_event(*_place(dice, 0.6), day, "theft from car") for _ in range(thefts)]
        noises = _poisson(dice, 1.1)
        sources = ["911", "911", "911", "officer"]
        rows += [_event(*_place(dice, 0.1), day, "noise", dice.choice(sources)) for _ in range(noises)]
    kept = [row for row in rows if row[2] is not None]
    kept.append([0, "", "2025-06-01", "burglary", "911"])  # exports hold such rows
    dice.shuffle(kept)
    return kept


def _place(dice: random.Random, clustered: float) -> tuple[float, float]:
    if dice.random() < clustered:
        x, y = dice.choices(MIDDLES, [4, 3, 2, 1])[0]
        return x + dice.gauss(0, 160), y + dice.gauss(0, 160)
    return dice.uniform(400, 5200), dice.uniform(600, 4700)


def _event(x: float, y: float, day: int, kind: str, source: str = "911") -> list[object]:
    told = (FIRST + timedelta(days=day)).isoformat() if day < DAYS else None
    return [round(x, 1), round(y, 1), told, kind, source]


def _poisson(dice: random.Random, mean: float) -> int:
    """Count of arrivals within one unit of time."""
    count, at = 0, dice.expovariate(mean)
    while at < 1:
        count, at = count + 1, at + dice.expovariate(mean)
    return count


def _plates(dice: random.Random) -> tuple[list[list[object]], list[list[object]]]:
    """A list of 400 plates and 6,000 reads; three of a hundred characters are read as one that looks like them."""
    listed: list[list[object]] = [
        [_plate(dice), dice.choice(["LA", "LA", "TX"]), dice.choice(["stolen vehicle", "stolen plate"]),
         dice.choice(["", "", "2025-12-10"])]
        for _ in range(400)
    ]  # fmt: skip
    reads: list[list[object]] = []
    for number in range(6_000):
        plate, state = dice.choice(listed)[:2] if dice.random() < 0.006 else (_plate(dice), dice.choice(["LA", "TX"]))
        said = "".join(LOOKALIKE.get(one, one) if dice.random() < 0.03 else one for one in str(plate))
        day = FIRST + timedelta(days=334 + number % 30)
        time = f"{day.isoformat()} {number % 24:02}:{number % 60:02}"
        reads.append([said, state if dice.random() < 0.92 else "", time, f"C{number % 14:02}"])
    return listed, reads


def _plate(dice: random.Random) -> str:
    return "".join(dice.choice(LETTERS) for _ in range(3)) + f"{dice.randrange(10_000):04}"


def _write(name: str, head: list[str], rows: list[list[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
