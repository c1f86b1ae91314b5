"""The desk of a look back, on journals that real shifts wrote: it says what the live state says, then and now."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.live_desk import DAY, HOUR, MINUTE, NOON, LiveDesk

from redstick.dispatch import live
from redstick.dispatch.lookback.desk import LookbackDesk
from redstick.dispatch.lookback.kept import KEPT_MS
from redstick.dispatch.lookback.questions import (
    HowIsIt,
    HowWasIt,
    WhatDiffers,
    WhatOf,
    WhatOfToday,
    WhereIsIt,
    heard,
    packed,
    unpacked,
)
from redstick.dispatch.place import Place
from redstick.dispatch.reads.seats import VIEWS
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.calls import AbandonCall, AnswerCall, EndCall, ReceiveCall
from redstick.dispatch.rules.incidents import AddNote, CloseIncident, OpenIncident
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus
from redstick.kernel.values import Rejection

HERE = Place("1 Main St", -911_500_000, 304_500_000, in_geofile=True)
NAMES = tuple(view.name for view in VIEWS)


class Journal:
    """The journal of a live desk, read up to a position."""

    def __init__(self, desk):
        self.desk, self.until, self.gaps = desk, 0, ()

    def read(self, after=0):
        """Lines behind a position."""
        return iter(list(self.desk.journal.read(after))[: max(0, self.until - after)])


class Looked:
    """A shift, and somebody who looks back on it."""

    def __init__(self):
        self.shift = LiveDesk()
        self.desk = LookbackDesk([live], Journal(self.shift), {view.name: view for view in VIEWS}, "UTC", typeset)

    @property
    def position(self):
        """How far the journal is."""
        return self.shift.driver.executor.durable.position

    def ask(self, question):
        """An answer, or its refusal's code."""
        whole = msgspec.structs.replace(question, until=self.position, now=self.shift.now)
        assert unpacked(packed(whole)) == whole
        told = heard(self.desk.answer(packed(whole)))
        return told.code if isinstance(told, Rejection) else msgspec.json.decode(told)

    def rows(self):
        """What a seat of the floor sees now."""
        states = self.shift.driver.executor.committed
        rows = {key: view.row(states, key, "floor") for view in VIEWS for key in view.keys(states)}
        return msgspec.json.decode(msgspec.json.encode({key: row for key, row in rows.items() if row is not None}))


def typeset(text, pictures):
    """No typesetter."""
    raise ValueError(text, pictures)


@pytest.fixture
def looked():
    """A unit in quarters."""
    looked = Looked()
    looked.shift.run(EnrollUnit("E1", "ENGINE", station="1"), ReportStatus("E1", "AQ"))
    return looked


def worked(shift, name="i1"):
    """An incident from the call to the closing, a minute a step."""
    for step in (
        [ReceiveCall(f"c-{name}", "trunk", place=HERE)],
        [AnswerCall(f"c-{name}", "T1"), OpenIncident(name, f"N-{name}", "Fire", place=HERE, call=f"c-{name}")],
        [AssignUnits(name, ["E1"])],
        [ReportStatus("E1", "ENR")],
        [ReportStatus("E1", "ONS")],
        [ReportStatus("E1", "AR"), ReleaseUnit(name, "E1"), EndCall(f"c-{name}"), CloseIncident(name, "out")],
    ):
        shift.run(*step)
        shift.wait(MINUTE)


STEPS = st.lists(
    st.sampled_from(["call", "open", "note", "send", "arrive", "clear", "close", "wait"]), min_size=1, max_size=14
)


@settings(max_examples=20)
@given(STEPS, st.data())
def test_any_past_screen_is_what_the_seat_saw_then(steps, data):
    """After every step of a random shift the rows are kept; later, each is shown again as it was, in any order."""
    looked = Looked()
    looked.shift.run(EnrollUnit("E1", "ENGINE"), ReportStatus("E1", "AQ"))
    seen = []
    for number, step in enumerate(steps):
        act(looked.shift, step, number)
        seen.append((looked.position, looked.rows()))
    for position, rows in data.draw(st.permutations(seen)):
        told = looked.ask(HowWasIt(views=NAMES, audience="floor", position=position))
        assert (told["at"], told["rows"]) == (position, rows)


def act(shift, step, number):
    """One step, whether or not it is taken."""
    commands = {
        "call": ReceiveCall(f"c{number}", "trunk", place=HERE),
        "open": OpenIncident("i1", "N1", "Fire", place=HERE),
        "note": AddNote("i1", f"note {number}"),
        "send": AssignUnits("i1", ["E1"]),
        "arrive": ReportStatus("E1", "ONS"),
        "clear": ReleaseUnit("i1", "E1"),
        "close": CloseIncident("i1", "out"),
    }
    if step == "wait":
        shift.wait(3 * HOUR)
    else:
        shift.ask(commands[step])


def test_a_moment_is_the_last_line_recorded_by_then(looked):
    """Between two lines the screen is that of the first."""
    looked.shift.wait(MINUTE)
    before = looked.rows()
    between = looked.shift.now - 1
    looked.shift.run(OpenIncident("i1", "N1", "Fire", place=HERE))
    told = looked.ask(HowWasIt(views=NAMES, audience="floor", moment=between))
    assert told["rows"] == before
    assert told["recorded_at"] <= between


def test_what_has_retired_is_still_told(looked):
    """Hours after the closing the incident has left the live state, and its story is whole."""
    worked(looked.shift)
    looked.shift.wait(5 * HOUR)
    assert looked.shift.state.incidents == {}
    told = looked.ask(WhatOf(incident="i1"))
    says = [line["says"] for line in told["lines"]]
    assert says[0].startswith("Call received by trunk")
    assert "E1 ONS" in says
    assert [call["call"] for call in told["calls"]] == ["c-i1"]
    assert looked.ask(WhatOf(incident="N-i1"))["incident"] == "i1"
    assert looked.ask(WhatOf(incident="i2")) == "incident_unknown"


def test_what_was_two_months_ago_is_let_go_and_what_is_open_is_not(looked):
    """Memory has an end; the journal has none."""
    worked(looked.shift)
    looked.shift.run(OpenIncident("i2", "N2", "Fire", place=HERE))
    looked.ask(WhereIsIt(text="x"))
    looked.desk.kept._tidy(looked.shift.now + 2 * KEPT_MS)
    assert set(looked.desk.kept.incidents) == {"i2"}
    assert looked.desk.kept.calls == {}


def test_history_at_a_place_is_of_that_place_alone(looked):
    """The newest first; the next building is another place, and so is what a merge took up."""
    worked(looked.shift, "i1")
    worked(looked.shift, "i2")
    next_door = msgspec.structs.replace(HERE, text="3 Main St", x=HERE.x + 5_000)
    looked.shift.run(OpenIncident("far", "N3", "Fire", place=next_door), OpenIncident("i3", "N4", "Fall", place=HERE))
    told = looked.ask(WhatOf(incident="i3"))
    assert [one["incident"] for one in told["before"]] == ["i2", "i1"]


def test_the_floor_in_figures_counts_what_it_says(looked):
    """One call answered after a minute, sent after another; the station is uncovered while its unit is out."""
    worked(looked.shift)
    looked.shift.run(OpenIncident("i2", "N2", "Fire", place=HERE), AssignUnits("i2", ["E1"]))
    looked.shift.run(OpenIncident("i3", "N3", "Fall", place=HERE))
    told = looked.ask(HowIsIt(since=looked.shift.now - HOUR))
    spreads = {one["interval"]: one for one in told["spreads"]}
    assert (spreads["answer"]["p50_s"], spreads["processing"]["p50_s"], spreads["response"]["p50_s"]) == (60, 60, 240)
    assert (told["open_incidents"], told["waiting_incidents"]) == (2, 1)
    assert told["uncovered"] == ["1"]
    assert sum(hour["calls"] for hour in told["hours"]) == 1


def test_who_hung_up_is_counted_whatever_became_of_them(looked):
    """A caller who did not wait is owed a callback, and is still one who hung up; their call counts as unanswered."""
    looked.shift.run(ReceiveCall("c1", "trunk", "225-555-0100", place=HERE), AbandonCall("c1"))
    looked.shift.wait(HOUR)
    told = looked.ask(HowIsIt(since=NOON - DAY))
    answer = next(one for one in told["spreads"] if one["interval"] == "answer")
    assert (told["hung_up"], answer["n_used"], answer["n_eligible"]) == (1, 0, 1)
    assert told["since"] == NOON  # when the journal began
    today = looked.ask(WhatOfToday())
    assert next(one["value"] for one in today["figures"] if one["id"] == "hung_up") == 1


def test_waiting_over_time_rises_and_falls_with_the_first_unit(looked):
    """An incident waits from its opening until somebody is sent."""
    looked.shift.run(OpenIncident("i1", "N1", "Fire", place=HERE))
    looked.shift.wait(20 * MINUTE)
    looked.shift.run(AssignUnits("i1", ["E1"]))
    looked.shift.wait(20 * MINUTE)
    told = looked.ask(HowIsIt(since=NOON - 10 * MINUTE))
    waits = [(one["at"] - NOON) // MINUTE for one in told["waiting"] if one["incidents"]]
    assert waits
    assert 0 <= min(waits) <= max(waits) < 20 + 1


def test_today_is_told_late_with_proof_and_nothing_rare(looked):
    """After the delay a call is counted, its lines named with the hash of the last; one fire is told as `other`."""
    worked(looked.shift)
    early = looked.ask(WhatOfToday())
    assert next(one["value"] for one in early["figures"] if one["id"] == "calls") == 0
    looked.shift.wait(HOUR)
    told = looked.ask(WhatOfToday())
    figure = next(one for one in told["figures"] if one["id"] == "calls")
    assert figure["value"] == 1
    lines = list(looked.shift.journal.read(figure["proof"]["until"] - 1))
    assert lines[0].startswith(figure["proof"]["head"].encode())
    assert told["kinds"] == [{"kind": "other", "n": 1}]
    assert all("number" not in one for one in told["incidents"])


def test_a_day_begins_at_the_citys_midnight(looked):
    """What came in before it is no part of today."""
    worked(looked.shift)
    looked.shift.wait(DAY)
    told = looked.ask(WhatOfToday(zone="America/Chicago"))
    assert next(one["value"] for one in told["figures"] if one["id"] == "calls") == 0
    assert looked.ask(WhatOfToday(zone="Nowhere")) == "zone_unknown"


@pytest.mark.parametrize(
    ("text", "found"),
    [("N-i1", "i1"), ("n i1", "i1"), ("1 main", "i1"), ("main stret 1", "i1"), ("e1", "E1"), ("zzzz", None),
     ("?!", None)],
)  # fmt: skip
def test_what_is_meant_is_found(looked, text, found):
    """By number, by place, a little misspelt, by a unit's name; and nothing where nothing is meant."""
    worked(looked.shift)
    ids = [one["id"] for one in looked.ask(WhereIsIt(text=text, over=True))["found"]]
    assert (ids[:1] or [None])[0] == found


def test_differences_are_field_by_field(looked):
    """Between two lines: what is new, what changed and how, and nothing else."""
    since = looked.position
    looked.shift.run(OpenIncident("i1", "N1", "Fire", place=HERE), ReportStatus("E1", "OOS"))
    told = looked.ask(WhatDiffers(views=NAMES, audience="floor", since=since))
    how = {one["key"]: one["how"] for one in told["changes"]}
    assert how == {"incident/i1": "new", "unit/E1": "changed"}
    changed = next(one for one in told["changes"] if one["key"] == "unit/E1")
    assert changed["fields"]["status"] == ["AQ", "OOS"]
    assert looked.ask(WhatDiffers(views=NAMES, audience="floor", since=since, upto=since))["changes"] == []
    assert looked.ask(WhatDiffers(views=NAMES, audience="floor", since=10**9)) == "position_out_of_reach"
