"""Small made-up histories, read by the same reader as a city's own."""

import pytest

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.reading import read

MAP = """
redstick_columns = 1
source = "Made-up town"
one_row_per = "unit"
time_zone = "{zone}"
dates = ["%Y-%m-%d %H:%M:%S"]

[columns]
incident = "incident"
unit = "unit"
call_type = "type"
priority = "priority"
area = "area"
address = "address"

[stamps]
received = "received"
answered = "answered"
dispatched = "dispatched"
en_route = "en_route"
on_scene = "on_scene"
"""
HEAD = "incident,unit,type,priority,area,address,received,answered,dispatched,en_route,on_scene"


def row(number, unit="E1", **said):
    """One line: everything at noon of one day, a few seconds apart, unless said otherwise."""
    cells = {
        "type": "Fall",
        "priority": "1",
        "area": "North",
        "address": "10 Mill St",
        "received": "2025-05-01 12:00:00",
        "answered": "2025-05-01 12:00:10",
        "dispatched": "2025-05-01 12:01:00",
        "en_route": "2025-05-01 12:02:00",
        "on_scene": "2025-05-01 12:06:00",
    } | said
    return ",".join([str(number), unit, *map(str, cells.values())])


@pytest.fixture
def town(tmp_path):
    """A function from lines to (history, column map)."""

    def make(lines, zone="America/Chicago", without=""):
        kept = [entry for entry in MAP.format(zone=zone).splitlines() if not without or not entry.startswith(without)]
        column_map = ColumnMap.parse("\n".join(kept))
        path = tmp_path / "calls.csv"
        path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
        return read(path, column_map), column_map

    return make


@pytest.fixture
def reported(town):
    """A function from lines to a report."""
    from redstick.dispatch.reads.reports import choose_standards, make_report

    def make(lines, zone="America/Chicago", standards=(), without="", **more):
        history, column_map = town(lines, zone, without)
        chosen = choose_standards(standards)
        return make_report(history, column_map, file="calls.csv", standards=chosen, **more)

    return make


@pytest.fixture
def line():
    """`row`, for tests."""
    return row
