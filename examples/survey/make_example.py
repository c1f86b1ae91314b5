# ruff: noqa: INP001  (run by hand, it is no package)
"""Makes the example: a made-up survey of forty made-up towns. Run it again and the files are the same."""

import csv
import random
from pathlib import Path

HERE = Path(__file__).parent
NAMES = (
    "Alder Bend", "Birchmoor", "Cane Landing", "Dunmere", "Elmshade", "Fallow Creek", "Gullport", "Heron Lake",
    "Ironbridge", "Juniper Flats", "Kettle Cove", "Larkspur", "Millrace", "Northing", "Oxbow", "Pine Ferry",
    "Quarry Hill", "Rushwater", "Saltgrass", "Thornbury Mills", "Umber Falls", "Vinegar Hollow", "Willow Terrace",
    "Yarrow", "Zephyr Point", "Ashgrove Landing", "Brackwater", "Cedar Locks", "Driftmark", "Eastmarsh", "Fernhollow",
    "Granite Pass", "Hollybrook", "Inlet City", "Kingfisher", "Lowmeadow", "Mossbank", "Newhythe", "Otterford",
    "Plumfield",
)  # fmt: skip
JUDGES = ("J1", "J2", "J3", "J4", "J5")
ANSWERED = ("permits_online", "open_datasets", "uptime", "patch_days", "budget_published", "broadband")
JUDGED = ("resident_service", "governance", "resilience")


def main() -> None:
    """Write towns.csv, answers.csv and ratings.csv."""
    dice = random.Random(20)  # noqa: S311  (an example, nothing secret)
    towns, answers, ratings = [], [], []
    for number, name in enumerate(NAMES, start=1):
        town = f"t{number:02}"
        population = int(10 ** dice.uniform(4.2, 5.8))
        strength = dice.gauss(0, 1)
        towns.append([town, name, population, dice.choice(["river", "hills"])])
        datasets = max(0, int(dice.lognormvariate(2.5 + 0.3 * strength, 0.7)))
        if name == "Inlet City":
            datasets = 900  # one far ahead of all others: what treatment is for
        row = [
            min(100, max(0, round(55 + 15 * strength + dice.gauss(0, 12)))),
            datasets,
            round(min(100, 99.2 + 0.3 * strength + dice.gauss(0, 0.3)), 2),
            max(1, round(30 - 8 * strength + dice.gauss(0, 6))),
            dice.choices(["Yes", "In part", "No"], [0.4 + 0.1 * strength, 0.4, 0.2])[0],
            min(100, round(80 + 6 * strength + dice.gauss(0, 6), 1)),
        ]
        cells = ["" if dice.random() < 0.05 else value for value in row]
        answers.append([town, *cells, dice.choice(["Yes", "Yes", ""])])
        for judge in dice.sample(JUDGES, 3):
            severity = {"J2": -0.8, "J5": 0.5}.get(judge, 0.0)
            for question in JUDGED:
                level = round(2.2 + 0.8 * strength + severity + dice.gauss(0, 0.6))
                ratings.append([town, question, judge, min(4, max(0, level))])
    _write("towns.csv", ["town", "name", "population", "region"], towns)
    _write("answers.csv", ["town", *ANSWERED, "emergency_plan_filed"], answers)
    _write("ratings.csv", ["place", "question", "judge", "rating"], ratings)


def _write(name: str, head: list[str], rows: list[list[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
