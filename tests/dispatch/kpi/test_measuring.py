"""Percentiles against their slow definition; missing stamps, groups, standards and what ran backwards."""

import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.reading import read
from redstick.dispatch.kpi import (
    STANDARDS,
    interval,
    measurable,
    measure,
    missing_stamps,
    nearest_rank,
    order_violations,
    standards_for,
)

MAP = ColumnMap.parse("""\
redstick_columns = 1
source = "a city"
one_row_per = "unit"
time_zone = "America/Chicago"
dates = ["epoch_s"]
[columns]
call = "call"
unit = "unit"
area = "area"
[stamps]
received = "received"
dispatched = "dispatched"
en_route = "en_route"
on_scene = "on_scene"
""")
START = 1_700_000_000
NAMES = ("received", "dispatched", "en_route", "on_scene")


def history(tmp_path, rows):
    """Rows of (call, unit, area, received, dispatched, en route, on scene); stamps in seconds from START or None."""
    path = tmp_path / "calls.csv"
    lines = [
        ",".join([call, unit, area, *("" if s is None else str(START + s) for s in stamps)])
        for call, unit, area, *stamps in rows
    ]
    path.write_text("\n".join(["call,unit,area," + ",".join(NAMES), *lines, ""]))
    return read(path, MAP)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=60), st.integers(1, 100))
def test_nearest_rank_agrees_with_its_definition(values, percent):
    """The smallest value that at least p percent of the values do not exceed, found by trying each."""
    slow = min(v for v in values if Fraction(sum(1 for w in values if w <= v), len(values)) >= Fraction(percent, 100))
    assert nearest_rank(np.sort(np.array(values)), percent) == slow


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["c1", "c2", "c3", "c4"]),
        st.sampled_from(["E1", "E2", "M3", "T4"]),
        st.sampled_from(["north", "south", ""]),
        *[st.none() | st.integers(0, 900)] * 4,
    ),
    max_size=25,
    unique_by=lambda row: row[:2],
)


def slow_spans(rows, of):
    """The interval of each row or call by plain dictionaries."""
    at = {name: 3 + i for i, name in enumerate(NAMES)}
    if of.per == "unit":
        return [(row[at[of.start]], row[at[of.end]]) for row in rows]
    found = []
    for call in dict.fromkeys(row[0] for row in rows):
        ends = [
            [row[at[name]] for row in rows if row[0] == call and row[at[name]] is not None]
            for name in (of.start, of.end)
        ]
        found.append(tuple(min(end) if end else None for end in ends))
    return found


@given(ROWS)
def test_measuring_agrees_with_a_slow_reading(tmp_path_factory, rows):
    """Used, eligible, missing ends and percentiles; a missing stamp is never nought."""
    for kpi in measure(history(tmp_path_factory.mktemp("kpi"), rows)):
        pairs = slow_spans(rows, kpi.interval)
        values = sorted(end - start for start, end in pairs if start is not None and end is not None)
        assert kpi.n_used == len(values)
        assert kpi.n_eligible == sum(1 for start, _ in pairs if start is not None) == kpi.n_used + kpi.n_missing_end
        assert kpi.n_missing_start == sum(1 for start, end in pairs if start is None and end is not None)
        assert kpi.n_backwards == sum(1 for value in values if value < 0)
        for percent, seconds in kpi.percentiles_s.items():
            assert seconds == values[-(-percent * len(values) // 100) - 1]
        assert bool(kpi.percentiles_s) == bool(values)


@given(ROWS, st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing(tmp_path_factory, rows, seed):
    """A shuffled file gives the same figures, but for calls grouped by what their rows disagree on."""
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    folder = tmp_path_factory.mktemp("kpi")
    for by in ((), ("unit",), ("hour", "unit")):
        of = [one for one in measurable(history(folder, rows)) if one.per == "unit" or not by]
        assert measure(history(folder, rows), of, by=by) == measure(history(folder, shuffled), of, by=by)


@given(ROWS)
def test_groups_are_a_partition(tmp_path_factory, rows):
    """The counts of the groups add up to those of the whole, and come sorted."""
    found = history(tmp_path_factory.mktemp("kpi"), rows)
    for whole in measure(found):
        parts = measure(found, [whole.interval], by=["area", "hour"])
        assert sum(part.n_used for part in parts) == whole.n_used
        assert sum(part.n_eligible for part in parts) == whole.n_eligible
        groups = [tuple(part.group.values()) for part in parts]
        assert groups == sorted(set(groups))


def test_hours_days_and_weekdays_are_the_city_s(tmp_path):
    """1,700,000,000 s is 16:13 on Tuesday 14 November 2023 in Chicago."""
    found = history(tmp_path, [("c", "E1", "n", 0, 30, None, None)])
    (kpi,) = measure(found, [interval("call_to_dispatch")], by=["hour", "day", "weekday"])
    assert kpi.group == {"hour": "16", "day": "2023-11-14", "weekday": "Tuesday"}
    with pytest.raises(KeyError):
        measure(found, by=["moon"])


def test_rows_can_be_left_out_first(tmp_path):
    """What is measured is what was asked for: engines only, here."""
    found = history(tmp_path, [("c", "E1", "n", 0, 30, 60, None), ("c", "M2", "n", 0, 10, 90, None)])
    engines = np.array([True, False])
    (kpi,) = measure(found, [interval("turnout")], where=engines)
    assert (kpi.n_used, kpi.percentiles_s[50]) == (1, 30.0)
    (kpi,) = measure(found, [interval("call_to_dispatch")], where=engines, by=["unit"])
    assert (kpi.group, kpi.percentiles_s[50]) == ({"unit": "E1"}, 30.0)


def test_a_standard_is_measured_with_its_n(tmp_path):
    """Within counts what is within; a span that ran backwards attains nothing."""
    rows = [("c", f"E{i}", "n", 0, 100, 100 + t, None) for i, t in enumerate([60, 80, 81, -5])]
    standard = next(one for one in STANDARDS if one.id == "nfpa-1710-turnout-fire")
    (kpi,) = measure(history(tmp_path, rows), [interval("turnout")], standards=[standard])
    (attained,) = kpi.attainments
    assert (attained.n_within, attained.n_used, attained.met, attained.share) == (2, 4, False, 0.5)
    assert kpi.n_backwards == 1
    (empty,) = measure(history(tmp_path, rows[:0]), [interval("turnout")], standards=[standard])
    assert (empty.attainments[0].met, empty.attainments[0].share) == (None, None)


def test_what_is_unverified_is_never_the_default():
    """A threshold that nobody has read is applied only when asked for by its id."""
    assert all(standard.verified for standard in standards_for("travel"))
    assert [one.mark for one in standards_for("travel", ("nfpa-1710-travel-second",))] == ["U"]
    assert {standard.mark for standard in STANDARDS} == {"R*", "U"}
    assert len({standard.id for standard in STANDARDS}) == len(STANDARDS)
    assert all(interval(standard.interval) for standard in STANDARDS)


def test_violations_name_the_pair_and_the_row(tmp_path):
    """A stamp is compared with the last that is there, over those that are missing."""
    rows = [("c", "E1", "n", 0, 30, 20, 40), ("d", "E1", "n", 50, None, None, 10)]
    found = order_violations(history(tmp_path, rows))
    assert [(v.row_number, v.earlier, v.later, v.backwards_s) for v in found] == [
        (2, "dispatched", "en_route", 10.0),
        (3, "received", "on_scene", 40.0),
    ]
    assert missing_stamps(history(tmp_path, rows)) == {"received": 0, "dispatched": 1, "en_route": 1, "on_scene": 0}
