"""A past shift as commands, and its fold as a history again."""

import sys
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from straight_lines import history_of

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.history.column_map import ColumnMap
from redstick.dispatch.history.model import MISSING_MS, STAMPS
from redstick.dispatch.history.reading import read
from redstick.dispatch.invariants import broken
from redstick.dispatch.kpi import interval, measure
from redstick.dispatch.reads.ledger import as_history
from redstick.dispatch.replay.requests import STATUS_OF, steps
from redstick.dispatch.replay.shift import play
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor

NOON = 1_700_000_000_000
ROOT = Path(__file__).parents[3]


def replayed(history):
    """The driver after the shift, and the account of it."""
    driver = SynchronousDriver(Executor([domain]), MemoryJournal())
    played = play(driver, steps(history))
    assert list(broken(driver.executor.committed["dispatch"])) == []
    return driver, played


def test_a_stamp_before_the_dispatch_is_kept():
    """A record that runs backwards is replayed as it stands, and nothing of it is lost."""
    row = {
        "call": "a",
        "incident": "a",
        "unit": "E1",
        "received": NOON,
        "dispatched": NOON + 5000,
        "en_route": NOON + 1,
    }
    driver, played = replayed(history_of([row]))
    assert played.refused == {}
    stamps = driver.executor.committed["dispatch"].incidents["incident_a"].assignments["E1"].stamps
    assert (stamps["en_route"], stamps["dispatched"]) == (NOON + 1, NOON + 5000)


def test_playing_twice_changes_nothing():
    """Ids depend on the history alone: a second play of the same rows is answered from the first."""
    row = {"call": "a", "incident": "a", "unit": "E1", "received": NOON, "dispatched": NOON + 5, "available": NOON + 9}
    history = history_of([row])
    driver, _ = replayed(history)
    position = driver.executor.durable.position
    play(driver, steps(history))
    assert driver.executor.durable.position == position


TIMES = st.one_of(st.none(), st.integers(0, 10_000).map(lambda s: NOON + s * 1000))
ROWS = st.lists(
    st.builds(
        lambda call, unit, times: (
            {"call": call, "incident": call, "unit": unit, "received": NOON}
            | {name: time for name, time in zip(STATUS_OF, times, strict=False) if time is not None}
        ),
        st.sampled_from("abc"),
        st.sampled_from(["E1", "E2", "M3"]),
        st.lists(TIMES, min_size=len(STATUS_OF), max_size=len(STATUS_OF)),
    ),
    max_size=8,
    unique_by=lambda row: (row["call"], row["unit"]),
)


@given(ROWS)
def test_every_recorded_time_of_a_unit_comes_out_of_the_fold(rows):
    """Whatever the order of its stamps, the fold holds each of them as it was recorded, and no other."""
    history = history_of(rows)
    driver, played = replayed(history)
    assert played.refused == {}
    folded = as_history(driver.executor.committed["dispatch"], "x", "UTC")
    found = {}
    for i in range(len(folded)):
        key = (folded.incident.text(i), folded.unit.text(i))
        found[key] = {name: int(folded.stamps[name][i]) for name in STATUS_OF}
    for row in rows:
        if any(name in row for name in STATUS_OF):
            said = {name: row.get(name, MISSING_MS) for name in STATUS_OF}
            assert found[(f"incident_{row['call']}", row["unit"])] == said


def test_the_fold_of_san_franciscos_week_measures_what_the_export_measures(third_party):
    """All 7,704 rows become commands, none is refused, and every interval of the fold equals that of the export."""
    path = third_party("cad/san_francisco_fire_2016-12-31_2017-01-07.csv.gz")
    history = read(path, ColumnMap.load(ROOT / "examples" / "san_francisco" / "columns.toml"))
    driver, played = replayed(history)
    assert played.refused == {}
    folded = as_history(driver.executor.committed["dispatch"], "replay", history.time_zone)
    assert len(folded) == len(history) == 7704
    for name in ("entry", "queue", "call_to_dispatch", "turnout", "travel", "response", "unit_time"):
        [recorded], [lived] = measure(history, [interval(name)]), measure(folded, [interval(name)])
        assert (recorded.n_used, recorded.percentiles_s) == (lived.n_used, lived.percentiles_s), name
    for name in STAMPS:
        known = history.stamps[name][history.stamps[name] != MISSING_MS]
        if name in STATUS_OF:
            kept = folded.stamps[name][folded.stamps[name] != MISSING_MS]
            assert np.array_equal(np.sort(known), np.sort(kept)), name
