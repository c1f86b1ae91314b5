"""Dispatch over whole random shifts, in the eyes of somebody who does not believe a word of it.

Every command there is, by people and devices that err, through the real executor with its timers and reactions. Each
test holds one promise of the house; `mutants` plants the faults that each of them is there for.
"""

import random

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from redstick.dispatch import live
from redstick.dispatch.rules.links import MergeIncidents, SplitIncident
from redstick.dispatch.rules.rotation import AnswerRotation, OfferRotation, RestoreContractor, SuspendContractor
from redstick.dispatch.rules.units import ReportStatus
from redstick.dispatch.rules.warnings import ended_by_now
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Rejection

from .mutants import MUTANTS
from .promises import (
    chased_in_vain,
    decided_alike,
    everybody_answers,
    fired_twice,
    forgotten,
    left_over,
    owed_to_nobody,
    recommendations,
    status_inputs,
    told_anew,
    unproven_cancels,
    unseen_needs,
)
from .shifts import BAD_TEXTS, Maker, WholeShift, steps

FEW, MANY = settings(max_examples=40), settings(max_examples=1_500)


def lived(numbers, lies=0.0, look=None):
    """A shift that has been lived; `look` is asked after every step."""
    shift = WholeShift(lies, look=look)
    shift.live(numbers)
    return shift


def believe_nothing(numbers, domain=live):
    """All that must hold of a shift, at every step and at its end."""

    def look(shift):
        assert unseen_needs(shift.state) == []
        assert forgotten(shift) == []
        assert owed_to_nobody(shift.state) == []
        assert list(chased_in_vain(shift.state)) == []
        assert ended_by_now(shift.state) == []

    shift = WholeShift(domain=domain, look=look)
    shift.live(numbers)
    assert told_anew(shift) == msgspec.json.encode(shift.driver.executor.snapshot())
    assert list(unproven_cancels(shift)) == []
    for question, answer in recommendations(shift):
        named = [verdict.unit for verdict in (*answer.chosen, *answer.refused)]
        assert sorted(named) == sorted(unit.id for unit in question.roster) == sorted(shift.state.units)
    assert irreversible(shift) == []
    everybody_answers(shift)
    assert list(left_over(shift)) == []
    assert fired_twice(shift) == []


@FEW
@given(steps())
@example([0] * 25 + [70_312, 36_028_797_018_963_968, 4_549, 1_792, 576_366])  # a split: a need waits again, unseen
def test_whatever_happens_all_that_always_holds_holds_after_every_step(numbers):
    """Invariants, no suspended domain, no failed reaction, nothing owed, whatever was asked and in whatever order."""
    assert decided_alike(lived(numbers))


@pytest.mark.slow
@MANY
@given(steps(60, 160))
def test_over_many_long_shifts_everything_holds(numbers):
    """All of the promises below at once."""
    believe_nothing(numbers)


@FEW
@given(steps())
def test_the_journal_alone_gives_the_same_bytes(numbers):
    """Folded from the first line, and from a snapshot in the middle of the shift: states, timers, what is owed."""
    shift = lived(numbers)
    now = msgspec.json.encode(shift.driver.executor.snapshot())
    assert told_anew(shift) == now
    assert told_anew(shift, shift.middle) == now


@FEW
@given(steps())
def test_every_unit_of_the_roster_is_chosen_or_refused_once(numbers):
    """|chosen| + |refused| = |roster|, for every open incident at the end of any shift."""
    shift = lived(numbers)
    for _, answer in recommendations(shift):
        named = [verdict.unit for verdict in (*answer.chosen, *answer.refused)]
        assert sorted(named) == sorted(shift.state.units)


@FEW
@given(steps())
def test_a_crew_is_never_counted_twice(numbers):
    """Neither by what is recommended nor by what was sent: of a crew's apparatus one is out, or one is chosen."""

    def look(shift):
        for crew in shift.state.crews.values():
            assert sum(bool(shift.state.units[unit].work) for unit in crew.units) <= 1

    shift = lived(numbers, look=look)
    for _, answer in recommendations(shift):
        crews = [crew for verdict in answer.chosen if (crew := shift.state.units[verdict.unit].crew)]
        assert len(set(crews)) == len(crews)
        assert not any(other.work for other in shift.state.units.values() if other.crew in crews)


@FEW
@given(steps(), st.sampled_from(BAD_TEXTS))
def test_a_status_input_of_any_kind_leads_to_a_state(numbers, noise):
    """Every status of every unit after any shift is recorded and leaves a status; what is no status says so."""
    shift = lived(numbers)
    decide = live.deciders[ReportStatus]
    for unit, status in status_inputs(shift.state):
        [reported, *_] = decide(shift.state, ReportStatus(unit, status), shift.now)
        assert (reported.unit, reported.status) == (unit, status)
        assert reported.status in set(Status)
    refused = decide(shift.state, ReportStatus("E1", noise), shift.now)
    assert isinstance(refused, Rejection)
    assert refused.code == "status_unknown"


TURNS = (OfferRotation, AnswerRotation, AnswerRotation, SuspendContractor, RestoreContractor)


@FEW
@given(steps())
def test_turns_are_fair(numbers):
    """Among contractors that are on the list, turns never differ by more than one, whoever was away in between."""
    shift = WholeShift()
    shift.begin()
    for number in numbers:
        rng = random.Random(number)
        command = Maker(rng, shift.state, shift.now).command(rng.choice(TURNS))
        if isinstance(command, OfferRotation):
            command = OfferRotation(command.rotation, command.offer, command.incident)  # to all of them alike
        shift.ask(command)
        for rotation in shift.state.rotations.values():
            turns = [one.turns for one in rotation.contractors if not one.suspended]
            assert max(turns, default=0) - min(turns, default=0) <= 1


@FEW
@given(steps())
def test_no_unfilled_requirement_is_unseen(numbers):
    """After every step: a signed-on seat watches one of its groups, or an alarm stands for one of them."""

    def look(shift):
        assert unseen_needs(shift.state) == []

    lived(numbers, look=look)


@FEW
@given(steps())
@example([0] * 51 + [166_650, 843_167, 1_939_073, 7_844, 177_585, 17, 292, 477, 6_521, 362_880, 27])  # heard late
@example([0] * 30 + [1_251_352, 613])  # off duty before it was sent, heard late: awaited all the same
def test_nothing_waits_without_a_clock(numbers):
    """After every step: what waits for a unit, a receipt or a seat has a timer, or was told as loud as it gets.

    Whoever hung up unanswered stands in the callback queue.
    """

    def look(shift):
        assert forgotten(shift) == []
        assert owed_to_nobody(shift.state) == []

    lived(numbers, look=look)


@FEW
@given(steps(10, 60))
@example(  # a part from before the incident was opened again stood for a need of the same name
    [0] * 51
    + [497_404_946_371_323_648, 2_021_733_924_636_686, 22, 9_140_389_951, 6_469_693_230, 106_555, 52, 5_703, 910]
)
def test_merge_then_split_is_the_identity(numbers):
    """For every pair of incidents that can be merged at the end of any shift; see `links` for what a merge lets go."""
    assert irreversible(lived(numbers)) == []


def irreversible(shift):
    """Pairs of incidents that a merge and its split leave other than they were."""
    found = []
    for into in shift.state.incidents:
        for replaced in shift.state.incidents:
            state = shift.driver.executor._committed.copy_state("dispatch")
            before = bare(state, replaced, into)
            if played(shift, state, MergeIncidents(into, replaced)):
                back = played(shift, state, SplitIncident(into, replaced, "wrong"))
                found += [] if back and bare(state, replaced, into) == before else [(into, replaced)]
    return found


def played(shift, state, command):
    """Decide and apply; False when it is refused."""
    domain, now = shift.domain, shift.now
    decision = domain.deciders[type(command)](state, command, now)
    if isinstance(decision, Rejection):
        return False
    for happened in decision:
        domain.appliers[type(happened)](state, happened, now)
    return True


def bare(state, replaced, into):
    """The state as bytes, without what a merge is said to let go: promises, talkgroups, what was told."""
    state = msgspec.json.decode(msgspec.json.encode(state), type=type(state))
    state.reservations = {n: one for n, one in state.reservations.items() if one.incident not in {replaced, into}}
    state.talkgroups = {}
    for incident in state.incidents.values():
        incident.stacked, incident.held, incident.overdue, incident.alerts = [], None, {}, {}
    return msgspec.json.encode(state)


@FEW
@given(steps())
@example([0] * 25 + [62, 6_761_492_224_042_766, 20, 555, 444])  # a station declines what its unit is done with
@example([0] * 56 + [934, 2_757, 3_262, 568])  # moved by a merge, called back there, moved home by its undoing
def test_a_cancelled_alert_is_chased_until_it_is_received(numbers):
    """Whoever was told to come and is called back is told so: by proof, by voice, or it is still being chased."""

    def look(shift):
        assert list(unproven_cancels(shift)) == []
        assert list(chased_in_vain(shift.state)) == []

    lived(numbers, look=look)


@FEW
@given(steps())
def test_when_everybody_answers_nothing_is_left(numbers):
    """Every call is ended, every incident closed and retired, every alert settled, every timer fired once."""
    shift = lived(numbers)
    everybody_answers(shift)
    assert list(left_over(shift)) == []
    assert fired_twice(shift) == []


# Bad input


@FEW
@given(steps())
def test_lies_are_refused_or_flagged_and_break_nothing(numbers):
    """Impossible times, unknown ids and codes, empty and huge texts, numbers beyond 64 bits, in every command."""
    shift = lived(numbers, lies=0.12)
    now = msgspec.json.encode(shift.driver.executor.snapshot())
    assert told_anew(shift) == now


@settings(max_examples=25)
@given(steps(10, 40), st.integers(0, 2**64))
def test_no_decider_ever_fails_or_changes_anything(numbers, seed):
    """Every command there is, made of lies, against any state: events or a rejection that can be written, always."""
    shift = lived(numbers)
    rng, before = random.Random(seed), msgspec.json.encode(shift.state)
    for kind, decide in live.deciders.items():
        if kind.command_kind == "dispatch.recall":
            continue  # the kernel makes it of the journal's own record
        command = Maker(rng, shift.state, shift.now, 0.3).command(kind)
        decision = decide(shift.state, command, shift.now)
        assert isinstance(decision, Rejection | list)
        msgspec.json.encode(decision)
    assert msgspec.json.encode(shift.state) == before


# Faults that are planted


def shifts_until_caught(domain, most):
    """How many shifts, always the same ones, it takes until a promise is found broken; None when none is."""
    rng = random.Random(1)
    for count in range(1, most + 1):
        numbers = [rng.getrandbits(64) for _ in range(70)]
        try:
            believe_nothing(numbers, domain)
        except AssertionError:
            return count
    return None


def test_without_a_fault_nothing_is_caught():
    """The shifts in which faults are planted are well without them."""
    assert shifts_until_caught(live, 40) is None


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_a_planted_fault_is_caught(name):
    """Within a bounded number of shifts."""
    assert shifts_until_caught(MUTANTS[name](live), 40) is not None
