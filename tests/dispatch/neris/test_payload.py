"""NERIS dispatch payloads: what leaves is what the official models accept; what is missing is said."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "replay"))
from straight_lines import history_of

from redstick.adapters.memory import MemoryJournal
from redstick.adapters.neris import faults
from redstick.dispatch import domain
from redstick.dispatch.neris.payload import draft
from redstick.dispatch.replay.requests import steps
from redstick.dispatch.replay.shift import play
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor

NOON = 1_700_000_000_000
FULL = {
    "call": "1", "incident": "1", "unit": "E39", "call_type": "Structure Fire", "address": "12 OAK ST",
    "municipality": "Anytown", "disposition": "Fire", "x": -900_000_000, "y": 300_000_000,
    "received": NOON, "answered": NOON + 5_000, "entered": NOON + 40_000, "dispatched": NOON + 60_000,
    "en_route": NOON + 120_000, "on_scene": NOON + 300_000, "transport": NOON + 900_000,
    "at_hospital": NOON + 1_500_000, "available": NOON + 3_000_000,
}  # fmt: skip


def drafted(row, **options):
    """The draft of the one incident of one row."""
    driver = SynchronousDriver(Executor([domain]), MemoryJournal())
    play(driver, steps(history_of([row])))
    state = driver.executor.committed["dispatch"]
    [incident] = state.incidents.values()
    return draft(state, incident, **options)


def test_a_full_record_is_accepted_by_the_official_model():
    """Nothing blocks it, and the client's own model has no fault to find."""
    made = drafted(FULL)
    assert made.complete
    assert faults(made.payload) == []
    [unit] = made.payload["unit_responses"]
    assert unit["enroute_to_scene"] == "2023-11-14T22:15:20.000+00:00"
    assert unit["med_responses"][0]["arrived_at_hospital"] == "2023-11-14T22:38:20.000+00:00"


def test_a_missing_answer_blocks_and_is_not_invented():
    """Without a time of answering the payload stays here, and the gap says why; the official model agrees."""
    made = drafted({name: value for name, value in FULL.items() if name != "answered"})
    assert [gap.field for gap in made.gaps if gap.blocking] == ["call_answered"]
    assert any("call_answered" in fault for fault in faults(made.payload))


def test_a_declared_stand_in_is_used_and_said():
    """A department may declare that its received time is when it answers; every payload lists the declaration."""
    made = drafted({name: value for name, value in FULL.items() if name != "answered"}, answered_from="received")
    assert made.complete
    assert faults(made.payload) == []
    assert any("declared" in gap.reason for gap in made.gaps)


def test_a_unit_that_turned_back_is_a_cancelled_one():
    """En route and never on scene becomes canceled_enroute at the time it was let go."""
    row = {name: value for name, value in FULL.items() if name not in {"on_scene", "transport", "at_hospital"}}
    [unit] = drafted(row).payload["unit_responses"]
    assert unit["canceled_enroute"] == unit["unit_clear"]


@pytest.mark.parametrize("field", ["call_arrival", "call_create", "unit_responses", "location"])
def test_the_official_model_misses_what_is_taken_away(field):
    """The judge can find fault: each mandatory field that is removed is named."""
    payload = drafted(FULL).payload
    del payload[field]
    assert [fault.split(":")[0] for fault in faults(payload)] == [field]


@given(st.text(max_size=400), st.text(min_size=1, max_size=60), st.text(max_size=300))
def test_whatever_was_typed_the_official_model_accepts_it(address, number, disposition):
    """Addresses, numbers and dispositions of any characters lead to a payload that passes."""
    row = FULL | {"address": address, "incident": number, "disposition": disposition}
    assert faults(drafted(row).payload) == []
