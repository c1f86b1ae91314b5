"""A shift lived again under another plan."""

import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from straight_lines import StraightLines, history_of

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import domain
from redstick.dispatch.invariants import broken
from redstick.dispatch.replay.plan import Fleet, FleetUnit, Plan, PlanError, Response, fleet_under, load_plan
from redstick.dispatch.replay.what_if import WhatIf
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor

NOON = 1_700_000_000_000
WEST, EAST = (0, 0), (1_000_000, 0)  # about 11 km apart
FLEET = Fleet({"1": WEST, "2": EAST}, {"E1": FleetUnit("E1", "ENGINE", "1"), "E2": FleetUnit("E2", "ENGINE", "2")})


def engine_call(number, at_s, x, unit="E1", **more):
    """One call with one engine: sent after 30 s, out after 60, there after 300, back after 1,200."""
    start = NOON + at_s * 1000
    stamps = {"received": 0, "entered": 10, "dispatched": 30, "en_route": 60, "on_scene": 300, "available": 1200}
    row = {"call": number, "incident": number, "unit": unit, "unit_kind": "ENGINE", "x": x, "y": 0, "priority": "2"}
    return row | {"call_type": "Fire"} | {name: start + s * 1000 for name, s in stamps.items()} | more


def live(rows, plan=None, fleet=FLEET):
    """The state and the account of a shift."""
    driver = SynchronousDriver(Executor([domain]), MemoryJournal())
    lived = WhatIf(driver, history_of(rows), fleet, plan or Plan(), StraightLines()).run()
    state = driver.executor.committed["dispatch"]
    assert list(broken(state)) == []
    return state, lived


def test_the_closest_free_unit_goes():
    """A call in the east is answered by the eastern engine, whoever was recorded."""
    state, lived = live([engine_call("a", 0, 900_000)])
    assert list(state.incidents["incident_a"].assignments) == ["E2"]
    assert lived.decided_anew == 1


def test_a_busy_unit_is_not_sent_and_the_next_goes():
    """While the nearer engine works, the other one goes."""
    state, _ = live([engine_call("a", 0, 900_000), engine_call("b", 100, 950_000)])
    assert list(state.incidents["incident_b"].assignments) == ["E1"]


def test_an_equally_lucky_drive():
    """A drive keeps its level in the distribution: the recorded unit over the recorded way takes the recorded time."""
    state, _ = live([engine_call("a", 0, 200_000)])
    stamps = state.incidents["incident_a"].assignments["E1"].stamps
    assert stamps["on_scene"] - stamps["en_route"] == 240_000
    assert stamps["en_route"] - stamps["dispatched"] == 30_000
    assert stamps["available"] - stamps["on_scene"] == 900_000


def test_who_must_wait_waits_by_urgency():
    """When no unit is free the most urgent need is served first, then the oldest; nobody is forgotten."""
    rows = [engine_call(name, i * 10, 100_000) for i, name in enumerate("abcd")]
    rows[3]["priority"] = "1"
    state, lived = live(rows)
    assert (lived.waited, lived.never_met) == (2, 0)
    sent = {name: min(a.stamps["dispatched"] for a in i.assignments.values()) for name, i in state.incidents.items()}
    assert sent["incident_d"] < sent["incident_c"]
    assert all(incident.closed_at for incident in state.incidents.values())


def test_a_unit_without_a_home_stays_as_recorded():
    """Private ambulances and other agencies do what they did."""
    rows = [engine_call("a", 0, 100_000), engine_call("a", 0, 100_000, unit="PVT7")]
    state, lived = live(rows)
    assert (lived.decided_anew, lived.as_recorded) == (1, 1)
    stamps = state.incidents["incident_a"].assignments["PVT7"].stamps
    assert stamps["on_scene"] == NOON + 300_000


def test_a_unit_that_never_arrived_is_let_go_after_the_same_while():
    """A cancelled drive holds the unit as long as it did."""
    row = engine_call("a", 0, 100_000)
    del row["on_scene"]
    state, _ = live([row])
    [assignment] = state.incidents["incident_a"].assignments.values()
    assert "on_scene" not in assignment.stamps
    assert assignment.ended_at == NOON + 1_200_000


def test_a_changed_response_sends_what_it_says():
    """Two engines instead of one."""
    plan = Plan(responses=(Response(frozenset({"Fire"}), {"ENGINE": 2}),))
    state, _ = live([engine_call("a", 0, 100_000)], plan)
    assert sorted(state.incidents["incident_a"].assignments) == ["E1", "E2"]


def test_station_order_sends_the_first_due_though_another_is_nearer():
    """Under a fixed order the list decides, not the road."""
    plan = Plan(rule="station_order", station_order={"west": ("2", "1")})
    state, _ = live([engine_call("a", 0, 100_000, station_area="west")], plan)
    assert list(state.incidents["incident_a"].assignments) == ["E2"]


def test_a_closed_station_takes_its_units_with_it():
    """Unless the plan places them elsewhere."""
    assert list(fleet_under(FLEET, Plan(removed_stations=("2",))).units) == ["E1"]
    moved = fleet_under(FLEET, Plan(removed_stations=("2",), units=(FleetUnit("E2", "ENGINE", "1"),)))
    assert moved.units["E2"].station == "1"


@pytest.mark.parametrize(
    ("plan", "entry"),
    [
        (Plan(removed_units=("E9",)), "remove.units"),
        (Plan(removed_stations=("9",)), "remove.stations"),
        (Plan(units=(FleetUnit("E3", "ENGINE", "9"),)), "units 'E3'"),
        (Plan(responses=(Response(frozenset({"Fire"}), {"BOAT": 1}),)), "responses.send"),
        (Plan(station_order={"a": ("9",)}), "station_order.a"),
    ],
)
def test_a_plan_that_names_what_does_not_exist_is_refused(plan, entry):
    """The error names the entry."""
    with pytest.raises(PlanError, match=entry):
        fleet_under(FLEET, plan)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("rule = 'nearest'", "rule"),
        ("speed = 3", "speed"),
        ("[[stations]]\nid = '1'", "stations 1"),
        ("[[stations]]\nid = '1'\nlatitude = 137.0\nlongitude = 1.0", "stations 1"),
        ("[[units]]\nid = 'E1'", "units 1"),
        ("[[responses]]\ncall_types = ['Fire']\nsend = { ENGINE = 0 }", "responses 1"),
        ("stations = 3", "stations"),
        ("a = [", "the file"),
    ],
)
def test_a_file_that_is_no_plan_is_refused(tmp_path, text, entry):
    """One line naming the file, the entry and what was expected."""
    path = tmp_path / "plan.toml"
    path.write_text(text)
    with pytest.raises(PlanError, match=rf"plan\.toml: {entry}"):
        load_plan(path)


def test_a_plan_is_read_as_it_is_documented(tmp_path):
    """The example in the module's own text is a plan."""
    text = sys.modules["redstick.dispatch.replay.plan"].__doc__.split("```")[1].removeprefix("toml")
    path = tmp_path / "plan.toml"
    path.write_text(text)
    plan = load_plan(path)
    assert plan.stations["52"] == (-1_224_900_000, 377_500_000)
    assert plan.responses[0].send == {"ENGINE": 1, "MEDIC": 1}


CALLS = st.lists(
    st.tuples(st.integers(0, 20_000), st.integers(0, 1_000_000), st.sampled_from(["E1", "E2", "X1"])),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40)
@given(CALLS)
def test_no_need_is_lost_and_the_same_shift_comes_out_twice(calls):
    """Every need is met in the end, every incident closes, and living twice gives the same bytes."""
    rows = [engine_call(f"c{i}", at, x, unit) for i, (at, x, unit) in enumerate(calls)]
    state, lived = live(rows)
    assert lived.never_met == 0
    assert lived.decided_anew + lived.as_recorded == len(rows)
    assert all(incident.closed_at for incident in state.incidents.values())
    assert live(rows)[0] == state


def test_where_no_road_leads_the_record_stands():
    """An island without a bridge: the recorded unit goes as it did, and nobody waits for a road."""

    class Island(StraightLines):
        def medians_s(self, origins, target, errand):
            """Nothing leads beyond x = 900,000 but from there."""
            times = super().medians_s(origins, target, errand)
            return [None if target[0] > 900_000 else time for time in times]

    driver = SynchronousDriver(Executor([domain]), MemoryJournal())
    lived = WhatIf(driver, history_of([engine_call("a", 0, 950_000)]), FLEET, Plan(), Island()).run()
    incident = driver.executor.committed["dispatch"].incidents["incident_a"]
    assert (lived.waited, lived.never_met, lived.as_recorded) == (0, 0, 1)
    assert incident.assignments["E1"].stamps["on_scene"] == NOON + 300_000
    assert incident.closed_at is not None
