"""The dispatch ledger against the live state: two folds of the same lines, written apart, that must agree."""

import dataclasses
from collections import Counter
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.adapters.ledgers.telling_things import KINDS_WITHOUT_A_ROW
from tests.adapters.ledgers.things import of_fold, of_ledger
from tests.golden.story import NOON, story

from redstick.adapters.ledgers import SqlLedger, open_database
from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live
from redstick.dispatch.place import Place
from redstick.dispatch.reads.projections import LEDGER
from redstick.dispatch.rules import (
    accountability,
    aid,
    assignments,
    bolos,
    callbacks,
    calls,
    cards,
    closures,
    codes,
    coverage,
    crews,
    exchanges,
    extents,
    follow_ups,
    groups,
    incidents,
    links,
    locations,
    moveups,
    overdue,
    plans,
    positions,
    recipients,
    retirement,
    reviews,
    seats,
    shifts,
    silence,
    stacking,
    status_words,
    stops,
    talkgroups,
    units,
    warnings,
)
from redstick.dispatch.status_table import Status
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.ledgers import catch_up
from redstick.kernel.values import Request

MINUTE = 60_000
CALLS, INCIDENTS, UNITS = ("c1", "c2", "c3"), ("i1", "i2"), ("U1", "U2", "U3")

call, incident, unit = st.sampled_from(CALLS), st.sampled_from(INCIDENTS), st.sampled_from(UNITS)
word = st.sampled_from(["", "a", "b"])
time = st.integers(0, 60).map(lambda minutes: NOON + minutes * MINUTE)
place = st.builds(Place, word, st.none() | st.integers(-9, 9), st.none() | st.integers(-9, 9), word, word)
zones = st.dictionaries(st.sampled_from(["beat", "area"]), word)
commands = st.one_of(
    st.builds(calls.ReceiveCall, call, word, word, place),
    st.builds(calls.AnswerCall, call, st.sampled_from(["s1", "s2"])),
    st.builds(calls.AbandonCall, call),
    st.builds(calls.EndCall, call),
    st.builds(calls.AttachCall, call, incident),
    st.builds(calls.DetachCall, call),
    st.builds(incidents.OpenIncident, incident, word, word, word, st.integers(1, 5), place, zones, call=word | call),
    st.builds(incidents.RetypeIncident, incident, word),
    st.builds(incidents.ChangePriority, incident, st.integers(1, 5)),
    st.builds(incidents.MoveIncident, incident, place, zones),
    st.builds(incidents.RaiseAlarm, incident, st.integers(1, 5)),
    st.builds(incidents.AddNote, incident, st.sampled_from(["smoke", "two floors"])),
    st.builds(incidents.CloseIncident, incident, st.just("done"), st.booleans()),
    st.builds(incidents.ReopenIncident, incident, st.just("again")),
    st.builds(assignments.AssignUnits, incident, st.lists(unit, min_size=1, max_size=2), st.booleans(), word),
    st.builds(assignments.ReleaseUnit, incident, unit, st.sampled_from(assignments.ENDINGS)),
    st.builds(
        assignments.CorrectTime, incident, unit, st.sampled_from(assignments.STAMPS), time, st.just("pressed late")
    ),
    st.builds(units.EnrollUnit, unit, word, word, word, st.lists(word, max_size=2), st.none() | st.integers(1, 6)),
    st.builds(units.ReportStatus, unit, st.sampled_from([*Status]), word | incident, st.booleans(), x=st.none() | time),
    st.builds(units.RaiseEmergency, unit, word),
    st.builds(retirement.RetireIncident, incident),
    st.builds(retirement.RetireCall, call),
    st.builds(exchanges.ChoosePrimary, unit, incident),
    st.builds(exchanges.SwapUnits, incident, unit, unit, st.booleans(), word),
    st.builds(exchanges.BorrowUnit, incident, unit, incident, st.just("nearer")),
    st.builds(links.MergeIncidents, incident, incident),
    st.builds(links.SplitIncident, incident, incident, st.just("two fires")),
    st.builds(shifts.BeginShift, st.sampled_from(["day", "night"]), unit, word, st.lists(word, max_size=2)),
    st.builds(shifts.EndShift, st.sampled_from(["day", "night"])),
    st.builds(units.ClearEmergency, unit, st.just("J. Doe"), st.just("spoke on channel 2")),
)
asked = st.tuples(commands, st.none() | time)
WITHOUT_ROWS = (
    retirement,  # what it moves is in the ledger before and after
    groups, seats, coverage, overdue, stacking, talkgroups, warnings,  # who watches what: seats see it live
    codes, extents, follow_ups, reviews,  # beside a call or an incident: they stand with it
    recipients, bolos, silence,  # whom to tell, who is sought, what is listened for: seats see them live
    positions, stops, crews, status_words, moveups, accountability,  # a unit's standing: its timeline tells what it did
    plans,  # the texts, checks and activations stay in the state, none is ever let go
    closures,  # what is closed now is drawn live; what was is read from the journal
)  # fmt: skip
SET_UP = [
    *(units.EnrollUnit(name, "engine") for name in UNITS[:2]),
    *(units.ReportStatus(name, "AQ") for name in UNITS[:2]),
    *(incidents.OpenIncident(name) for name in INCIDENTS),
    calls.ReceiveCall("c1", "911"),
    assignments.AssignUnits("i1", ["U1"]),
]


class Desk:
    """A living dispatch domain whose every batch goes into a ledger."""

    def __init__(self):
        self.driver = SynchronousDriver(Executor([live]), MemoryJournal())
        self.ledger = SqlLedger(open_database(None), LEDGER)
        self.facts = []
        self.driver.listen(self.ledger.apply)
        self.driver.listen(self.facts.extend)
        self.asked = 0

    def run(self, requests, now):
        """Ask (command, at) pairs in one go; gives the codes of what was refused."""
        self.asked += 1
        made = [Request(f"r{self.asked}-{n}", command, "tester", at) for n, (command, at) in enumerate(requests)]
        outcomes = self.driver.run(made, now)
        return [outcome.rejection.code for outcome in outcomes if not outcome.accepted]

    def things(self):
        """What the ledger says, and what the fold is."""
        return of_ledger(self.ledger), self.folded()

    def folded(self):
        """What the fold is."""
        return of_fold(self.driver.executor.committed["dispatch"], self.facts)


BATCHES = st.lists(st.tuples(st.integers(1, 200), st.lists(asked, min_size=1, max_size=8)), max_size=8)


@settings(max_examples=25)
@given(BATCHES)
def test_the_ledger_equals_the_fold(batches):
    """Whatever is asked, with whatever times: current rows are the fold's things after each batch, retired or not.

    And rebuilt at once from the journal it is version by version the same.
    """
    the_ledger_equals_the_fold(batches)


@pytest.mark.slow
@settings(max_examples=500)
@given(BATCHES)
def test_the_ledger_equals_the_fold_over_many_more(batches):
    """The same, at length."""
    the_ledger_equals_the_fold(batches)


def the_ledger_equals_the_fold(batches):
    """Ask in batches, some minutes apart, and compare behind each."""
    desk, now, codes = Desk(), NOON, Counter()
    codes.update(desk.run([(command, None) for command in SET_UP], now))
    for minutes, batch in batches:
        now += minutes * MINUTE
        codes.update(desk.run(batch, now))
        told, folded = desk.things()
        assert told == folded
    asked_by_hand = [row for row in desk.ledger.rows("rejections") if row["actor"] == "tester"]
    assert Counter(row["code"] for row in asked_by_hand) == codes
    assert desk.ledger.standing() == desk.driver.executor.durable
    rebuilt = SqlLedger(open_database(None), LEDGER)
    catch_up(rebuilt, desk.driver.journal, desk.driver.executor.house)
    for name in rebuilt.schema.tables:
        assert rebuilt.history(name) == desk.ledger.history(name)


def test_closed_things_stay_after_they_have_left_the_live_state():
    """An incident that retired is not in the state any more, and all of it is in the ledger."""
    desk = Desk()
    desk.run([(incidents.OpenIncident("i9", kind="smoke"), None), (incidents.CloseIncident("i9", "done"), None)], NOON)
    desk.run([(calls.ReceiveCall("c9", "911"), None)], NOON + 24 * 60 * MINUTE)
    assert "i9" not in desk.driver.executor.committed["dispatch"].incidents
    assert desk.ledger.rows("incidents", {"incident": "i9"})[0]["disposition"] == "done"
    told, folded = desk.things()
    assert told == folded


def test_every_kind_leaves_its_trace():
    """Each event of the domain has a projection: a new kind is given one, or is named here as leaving no row."""
    without_a_row = {kind for rules in WITHOUT_ROWS for kind in rules.APPLIERS} | KINDS_WITHOUT_A_ROW
    without_a_row |= set(cards.APPLIERS) - {cards.IncidentFromPaper}
    without_a_row |= {callbacks.CallbackClaimed, callbacks.CallbackAttempted, callbacks.CallbackClosed}
    without_a_row |= {calls.CallLeft, callbacks.CallbackLeft}  # whose seat is gone: it stands as it stood
    without_a_row |= {callbacks.CallerHeardAgain, locations.LocationAdded, locations.LocationPromoted}
    without_a_row |= {links.IncidentsLinked, links.IncidentsUnlinked, aid.AgreementRecorded, aid.AgreementEnded}
    without_a_row |= {units.EmergencyAcknowledged, units.SecondariesChanged}
    assert set(live.appliers) - set(LEDGER.projections) == without_a_row


@pytest.fixture(scope="module")
def told_in_batches():
    """The story as a ledger follows it: (facts, the fold's things behind them) for each command."""
    desk, batches = Desk(), []
    for number, (now, command, at) in enumerate(story()):
        before = len(desk.facts)
        desk.driver.run([Request(f"s{number}", command, "tester", at)], now)
        batches.append((desk.facts[before:], deepcopy(desk.folded())))
    return batches


def test_along_a_story_that_has_every_kind_of_event_the_ledger_equals_the_fold(told_in_batches):
    """After each of its commands."""
    ledger = SqlLedger(open_database(None), LEDGER)
    for facts, folded in told_in_batches:
        ledger.apply(facts)
        assert of_ledger(ledger) == folded


@pytest.mark.parametrize("kind", [cls for cls in LEDGER.projections if cls in live.appliers])
def test_no_projection_can_be_left_out(told_in_batches, kind):
    """A ledger without any one projection differs from the fold where an event of that kind has happened."""
    ledger, waiting = SqlLedger(open_database(None), without(kind)), []
    for facts, folded in told_in_batches:
        waiting += facts
        if any(type(fact.event) is kind for fact in facts):
            ledger.apply(waiting)
            waiting.clear()
            if of_ledger(ledger) != folded:
                return
    pytest.fail(f"nothing lacks without the projection of {kind.__name__}")


def without(kind):
    """The dispatch ledger, one projection short."""
    kept = {cls: project for cls, project in LEDGER.projections.items() if cls is not kind}
    return dataclasses.replace(LEDGER, projections=kept)
