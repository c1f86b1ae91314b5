"""A living shift: each test states one fact. Everything goes through the real kernel and the real rules."""

from collections import Counter
from itertools import pairwise

import pytest

from redstick.bootstrap import open_in_memory
from redstick.dispatch.invariants import broken
from redstick.dispatch.recommendation.reasons import Reason
from redstick.dispatch.rules.needs import fillers, missing
from redstick.dispatch.rules.units import StatusReported
from redstick.dispatch.status_table import Status
from redstick.simulation.natures import NATURES

MINUTE, HOUR = 60_000, 3_600_000
BUSY = 45.0  # calls in the busiest hour: more than the fleet can take at once
NEVER = 10**15
STAMPS = ("assigned", "dispatched", "en_route", "on_scene", "patient_contact", "transport", "at_hospital")


class Watched:
    """A shift on a journal in memory, and what became of every command and every batch."""

    def __init__(self, begin, seed, **options):
        self.driver = open_in_memory()
        self.refused, self.events, self.unsound = [], [], []
        self.driver.listen(self._see)
        self._run = self.driver.run
        self.driver.run = self._ask
        self.shift = begin(seed, driver=self.driver, **options)
        self.began_at = self.shift.timeline.now

    def _see(self, facts):
        self.events += [fact.event for fact in facts]
        self.unsound += broken(self.driver.executor.committed["dispatch"])

    def _ask(self, requests, now):
        outcomes = self._run(requests, now)
        self.refused += [outcome for outcome in outcomes if not outcome.accepted]
        return outcomes

    @property
    def state(self):
        """The committed fold."""
        return self.shift.desk.state

    @property
    def head(self):
        """Where the journal ends: one hash over everything that happened."""
        return self.driver.executor.durable


def waiting_beside_a_free_unit(shift):
    """Each (incident, kinds) that waits although a unit of one of those kinds is free."""
    free = {unit.kind for unit in shift.desk.state.units.values() if unit.available}
    waits = [(waiting.incident, need.kinds) for waiting in shift._waiting.values() for need in waiting.missing]
    return {(incident, kinds) for incident, kinds in waits if free & set(kinds)}


@pytest.fixture(scope="module")
def evening(begin):
    """Two hours of a busy evening; then the telephones are silent until everyone is home."""
    watched = Watched(begin, 12, busiest_per_hour=BUSY)
    watched.waits = []
    for minute in range(1, 121):
        watched.shift.advance(watched.began_at + minute * MINUTE)
        watched.waits.append(waiting_beside_a_free_unit(watched.shift))
    watched.shift._callers.next_moment = lambda now: NEVER
    watched.shift.advance(watched.began_at + 6 * HOUR)
    return watched


def test_every_call_is_handled_in_the_end(evening):
    """Answered, ended, and part of an incident; more than sixty came."""
    calls = evening.state.calls.values()
    assert len(calls) > 60
    for call in calls:
        assert call.received_at <= call.answered_at <= call.ended_at
        assert call.incident in evening.state.incidents


def test_every_incident_is_closed_in_the_end(evening):
    """With a disposition, after every unit that it needed has been there."""
    needs = {nature.kind: nature.needs for nature in NATURES}
    for incident in evening.state.incidents.values():
        assert incident.closed_at is not None
        assert incident.disposition
        there = [part.unit for part in incident.assignments.values() if "on_scene" in part.stamps]
        assert sorted(there) == sorted(incident.assignments)
        kinds = Counter(evening.state.units[unit].kind for unit in there)
        assert kinds == Counter(kind for need in needs[incident.kind] for kind in need.kinds * need.count)


def test_what_each_incident_needs_is_recorded_and_filled_by_who_was_sent(evening):
    """Nothing is pending in the end, and nothing was waived: each need is filled by units of its kind."""
    for incident in evening.state.incidents.values():
        assert [need.requirement.id for need in incident.needs]
        for need in incident.needs:
            assert missing(incident, need) == 0
            assert {evening.state.units[part.unit].kind for part in fillers(incident, need)} == {
                *need.requirement.kinds
            }


def test_everyone_is_free_and_at_home_in_the_end(evening):
    """No unit holds work; all but the patrols stand in quarters, at their station."""
    crews = evening.shift.crews
    for unit in evening.state.units.values():
        assert unit.work == []
        if unit.kind != "patrol":
            assert unit.status is Status.AQ
            here = crews[unit.id].fix()
            assert abs(here.x - crews[unit.id].home[0]) + abs(here.y - crews[unit.id].home[1]) < 100
    assert evening.shift._waiting == {}
    assert evening.shift.plans == {}


def test_the_invariants_of_dispatch_hold_after_every_batch(evening):
    """Units and incidents agree at every moment, not only in the end."""
    assert evening.unsound == []


def test_the_rules_refuse_nothing_that_the_robots_ask(evening):
    """A refusal would be a robot that does not know its trade."""
    assert evening.refused == []


def test_crews_step_as_the_status_table_expects(evening):
    """No report carries the mark of an unexpected step, and none leaves an assignment open by mistake."""
    reports = [event for event in evening.events if isinstance(event, StatusReported)]
    assert len(reports) > 400
    assert [report for report in reports if report.unexpected or report.assignment_left_open] == []


def test_times_of_an_assignment_run_forward(evening):
    """Assigned, alerted, en route, on scene, with the patient, transporting, at hospital: in this order."""
    for incident in evening.state.incidents.values():
        for part in incident.assignments.values():
            times = [part.stamps[stamp] for stamp in STAMPS if stamp in part.stamps]
            assert times == sorted(times)
            assert times[-1] <= part.ended_at <= incident.closed_at


def test_only_ambulances_transport_and_one_to_a_batch(evening):
    """A patient rides in a medic unit."""
    carrying = [
        evening.state.units[part.unit].kind
        for incident in evening.state.incidents.values()
        for part in incident.assignments.values()
        if "transport" in part.stamps
    ]
    assert carrying
    assert set(carrying) == {"medic"}


def test_nobody_waits_long_beside_a_free_unit(evening):
    """An incident may lack a unit of a kind that is free for a minute, while a seat decides; never for three."""
    for first, second, third in zip(evening.waits, evening.waits[1:], evening.waits[2:], strict=False):
        assert not first & second & third


def test_the_same_seed_gives_the_same_journal_however_time_is_cut(begin):
    """Lived in one step or in seven hundred: the same head, thus the same bytes; another seed gives another one."""
    heads = []
    for seed, steps in ((5, 1), (5, 700), (6, 1)):
        watched = Watched(begin, seed)
        for step in range(1, steps + 1):
            watched.shift.advance(watched.began_at + HOUR * step // steps)
        heads.append(watched.head)
    assert heads[0] == heads[1]
    assert heads[0].hash != heads[2].hash


def test_looking_on_changes_nothing(begin):
    """Reading the crews' positions at every second leaves the journal as it would have been."""
    alone, watched = Watched(begin, 5), Watched(begin, 5)
    alone.shift.advance(alone.began_at + HOUR // 2)
    for second in range(HOUR // 2 // 1000):
        watched.shift.advance(watched.began_at + 1000 * (second + 1))
        for crew in watched.shift.crews.values():
            crew.fix()
    assert alone.head == watched.head


def test_units_do_not_leap(begin):
    """From one second to the next no unit is further than 60 metres from where it was."""
    watched = Watched(begin, 5)
    tracks = {name: [] for name in watched.shift.crews}
    for second in range(1200):
        watched.shift.advance(watched.began_at + 1000 * (second + 1))
        for name, crew in watched.shift.crews.items():
            tracks[name].append(crew.fix())
    for name, fixes in tracks.items():
        for before, after in pairwise(fixes):
            hop_m = (((after.x - before.x) * 0.00988) ** 2 + ((after.y - before.y) * 0.01108) ** 2) ** 0.5
            assert hop_m < 60, name


def test_a_plan_says_why_each_unit_was_sent_and_others_not(begin):
    """Every open incident that was dispatched has its reasons; a refused unit is of a kind that was asked for."""
    watched = Watched(begin, 11, busiest_per_hour=BUSY)
    watched.shift.advance(watched.began_at + HOUR)
    assert watched.shift.plans
    for name, verdicts in watched.shift.plans.items():
        incident = watched.state.incidents[name]
        assert {verdict.unit for verdict in verdicts if verdict.chosen} == set(incident.assignments)
        asked = {verdict.kind for verdict in verdicts if verdict.chosen}
        waiting = watched.shift._waiting.get(name)
        asked |= {kind for need in (waiting.missing if waiting else []) for kind in need.kinds}
        assert {verdict.kind for verdict in verdicts} <= asked
        assert all(verdict.words for verdict in verdicts)
        assert Reason.CAPABILITY not in {verdict.reason for verdict in verdicts}


def test_what_the_rules_refuse_is_still_waiting(begin):
    """When an assignment is refused nobody rolls, and the incident still asks for every unit that it needs."""
    watched = Watched(begin, 5)
    shift = watched.shift
    shift._send = lambda *_: None
    shift.advance(watched.began_at + HOUR)
    assert shift._waiting
    for waiting in shift._waiting.values():
        assert waiting.missing == list(waiting.contact.nature.needs)
        assert watched.state.incidents[waiting.incident].assignments == {}
