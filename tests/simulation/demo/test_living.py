"""The demo's city behind the real server, without a socket: its clock, its seats, its callers. No test waits."""

import asyncio

import msgspec
import pytest

from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.bootstrap import JOURNAL_FOLDER
from redstick.dispatch.rules.assignments import AssignUnits, UnitAssigned
from redstick.dispatch.rules.calls import CallReceived
from redstick.dispatch.rules.incidents import IncidentOpened
from redstick.kernel.envelope import opened
from redstick.kernel.executor import Lane
from redstick.kernel.ids import make_id
from redstick.kernel.values import Rejection, Request
from redstick.server.demo import PaceChange
from redstick.simulation.demo.living import JUMP_MAX_MS, SPEED_MAX, STEP_MAX_S
from redstick.simulation.demo.opening import Wanted, open_demo

pytestmark = pytest.mark.sockets  # an event loop has a socket pair of its own

MINUTE, HOUR = 60_000, 3_600_000


def lines(folder):
    """Every line of a journal, as an envelope."""
    journal = SegmentJournal(PosixDisk(folder / JOURNAL_FOLDER))
    try:
        return [opened(line) for line in journal.read(0)]
    finally:
        journal.close()


def now(demo):
    """The city's time."""
    return demo.operations.now()


async def until_lost(seat, demo):
    """Return once the server has noticed that nobody is at a seat."""
    told = asyncio.Event()

    def note(facts):
        if any(fact.envelope.kind == "dispatch.seat_lost" and seat in fact.envelope.subjects for fact in facts):
            told.set()

    demo.operations.driver.listen(note)
    await told.wait()


# The hour before


def test_what_the_city_says_is_in_its_code_table(base, tmp_path):
    """It adopts its words first, so a typed kind brings its priority; robots say no kind and no ending beside them."""
    open_demo(tmp_path, base, Wanted(7), lambda _: None)
    told = lines(tmp_path)
    kinds = [line.kind for line in told]
    assert kinds.index("dispatch.codes_adopted") < kinds.index("dispatch.call_received")
    said = [msgspec.json.decode(line.payload) for line in told if line.kind.startswith("dispatch.incident_")]
    assert len(said) > 20
    flags = {flag for one in said for flag in one.get("flags", ())}
    assert not flags & {"kind_unmapped", "disposition_unmapped"}


# The clock


def test_time_runs_at_its_pace(in_city):
    """Two seconds at thirty are a minute, for the kernel too."""

    async def act(demo):
        before = now(demo)
        for _ in range(20):
            await demo.living.tick(0.1)
        return now(demo) - before

    assert in_city(act, speed=30) == MINUTE


def test_a_paused_city_stands_still_and_is_stepped(in_city):
    """No time passes until it goes on; a step is exactly so many seconds, and it stands again."""

    async def act(demo):
        await demo.change(PaceChange(paused=True))
        before = now(demo)
        for _ in range(50):
            await demo.living.tick(0.5)
        stood = now(demo) - before
        await demo.change(PaceChange(step_s=60))
        while demo.living.pace().jump is not None:
            await demo.living.tick(0.05)
        await demo.living.tick(1.0)
        return stood, now(demo) - before, demo.living.pace().paused

    assert in_city(act) == (0, MINUTE, True)


@pytest.mark.parametrize("wish", [PaceChange(paused=True), PaceChange(step_s=1, paused=True)])
def test_a_clock_that_is_set_while_time_passes_goes_no_further_than_told(in_city, wish):
    """What was left of the time that passed when it was paused, or stepped, is not lived."""

    async def act(demo):
        under_way = asyncio.Event()
        demo.operations.driver.listen(lambda _: under_way.set())
        passing = asyncio.create_task(demo.living.tick(60))
        await under_way.wait()
        told = await demo.change(wish)
        await passing
        while demo.living.pace().jump is not None:
            await demo.living.tick(0.05)
        return now(demo) - (told.jump.end if told.jump else told.now)

    assert in_city(act, speed=60) == 0


def test_a_jump_says_how_far_it_is_and_ends_at_its_moment(in_city):
    """From when to when, and the clock between them, always forward."""

    async def act(demo):
        begun = now(demo)
        told = await demo.change(PaceChange(jump_to=begun + 10 * MINUTE))
        seen = [told.jump.begin, told.jump.end]
        times = []
        while (pace := demo.living.pace()).jump is not None:
            times.append(pace.now)
            await demo.living.tick(0.05)
        return begun, seen, times, now(demo)

    begun, seen, times, ended = in_city(act)
    assert seen == [begun, begun + 10 * MINUTE]
    assert len(times) > 5
    assert times == sorted(set(times))
    assert ended == begun + 10 * MINUTE


def test_a_jump_and_a_slow_hour_live_the_same(base, tmp_path):
    """The same calls, incidents and assignments at the same moments, in one go or at a pace; time never falls."""

    async def lived(folder, by):
        demo = open_demo(folder, base, Wanted(7, speed=60), lambda _: None)
        await demo.start()
        end = now(demo) + 20 * MINUTE
        if by == "jump":
            await demo.change(PaceChange(jump_to=end))
        while now(demo) < end:
            await demo.living.tick(0.05 if by == "jump" else min(0.25, (end - now(demo)) / 60_000))
        await demo.close()
        found = lines(folder)
        times = [one.recorded_at for one in found]
        assert times == sorted(times)
        kinds = (CallReceived.event_kind, IncidentOpened.event_kind, UnitAssigned.event_kind)
        return [(one.kind, one.recorded_at, one.subjects) for one in found if one.kind in kinds]

    jumped = asyncio.run(lived(tmp_path / "jumped", "jump"))
    paced = asyncio.run(lived(tmp_path / "paced", "pace"))
    assert jumped == paced
    assert len(jumped) > 10


def test_timers_of_the_kernel_fire_at_their_own_moment_at_any_speed(in_city, tmp_path):
    """A seat whose page is gone is signed off at the very millisecond that was due, however coarse the ticks are."""

    async def act(demo):
        await demo.take_seat("dispatch:2", "", "here")
        demo.sitting.let_go()
        await until_lost("dispatch:2", demo)
        for _ in range(4):
            await demo.living.tick(0.77)

    in_city(act, speed=60)
    found = lines(tmp_path)
    [lost] = [one.recorded_at for one in found if one.kind == "dispatch.seat_lost" and "dispatch:2" in one.subjects]
    [off] = [one for one in found if one.kind == "dispatch.seat_signed_off" and "dispatch:2" in one.subjects]
    assert off.recorded_at - lost == MINUTE


NOT_OFFERED = [
    (PaceChange(speed=0), "speed_not_offered"),
    (PaceChange(speed=-4), "speed_not_offered"),
    (PaceChange(speed=SPEED_MAX + 1, paused=True), "speed_not_offered"),
    (PaceChange(step_s=0), "step_not_offered"),
    (PaceChange(step_s=STEP_MAX_S + 1), "step_not_offered"),
    (PaceChange(speed=8, step_s=-1), "step_not_offered"),
    (PaceChange(jump_to=5), "time_passed"),
    (PaceChange(jump_to=2**52, paused=True), "too_far"),
]


def test_what_is_not_offered_is_refused_whole(in_city):
    """By its code, and nothing has changed, not even the part of the wish that could be granted."""

    async def act(demo):
        before = demo.living.pace()
        refused = []
        for wanted, _ in NOT_OFFERED:
            answer = await demo.change(wanted)
            assert isinstance(answer, Rejection), wanted
            refused.append((wanted, answer.code, before == demo.living.pace()))
        return refused

    assert in_city(act) == [(wanted, code, True) for wanted, code in NOT_OFFERED]


def test_one_jump_at_a_time(in_city):
    """While one is under way another is refused; speed and pause may be set."""

    async def act(demo):
        await demo.change(PaceChange(jump_to=now(demo) + JUMP_MAX_MS))
        refused = await demo.change(PaceChange(step_s=1))
        paced = await demo.change(PaceChange(speed=8))
        return refused.code, paced.speed

    assert in_city(act) == ("jumping", 8)


# Seats


def test_a_visitor_takes_a_seat_and_its_robot_comes_back_when_it_is_given_back(in_city):
    """Signed on in the seat's role; given back, the robot holds it at once."""

    async def act(demo):
        before = demo.sitting.holder("calls:1")
        taken = await demo.take_seat("calls:1", "", "here")
        during = demo.sitting.holder("calls:1")
        roles = demo.operations.states()["access"].people[taken.person].roles
        refused = await demo.leave_seat("calls:1", taken.token)
        return before, taken.person == during, roles, refused, demo.sitting.holder("calls:1")

    assert in_city(act) == ("robot:calls:1", True, ("call_taker",), None, "robot:calls:1")


def test_one_browser_may_hold_several_seats(in_city):
    """The same person with the roles of both, and the session they had."""

    async def act(demo):
        first = await demo.take_seat("calls:1", "", "here")
        second = await demo.take_seat("dispatch:3", first.token, "here")
        roles = demo.operations.states()["access"].people[first.person].roles
        return first == second, sorted(roles), demo.sitting.holder("dispatch:3") == first.person

    assert in_city(act) == (True, ["call_taker", "dispatcher"], True)


def test_a_seat_that_a_visitor_holds_is_refused_to_another(in_city):
    """By its code; who holds it keeps it. A seat that there is not is unknown."""

    async def act(demo):
        first = await demo.take_seat("calls:1", "", "here")
        refused = await demo.take_seat("calls:1", "", "there")
        unknown = await demo.take_seat("calls:99", "", "there")
        not_theirs = await demo.leave_seat("dispatch:1", first.token)
        return refused.code, unknown.code, not_theirs.code, demo.sitting.holder("calls:1") == first.person

    assert in_city(act) == ("seat_taken", "seat_unknown", "seat_not_held", True)


def test_a_visitor_is_the_crew_of_any_unit_and_its_robot_comes_back(in_city):
    """As a responder who may say its status; what is no unit has no seat."""

    async def act(demo):
        unit = next(iter(demo.operations.states()["dispatch"].units))
        crew = await demo.take_seat(f"unit:{unit}", "", "here")
        held = demo.sitting.holder(f"unit:{unit}") == crew.person
        roles = demo.operations.states()["access"].people[crew.person].roles
        unknown = await demo.take_seat("unit:nobody", crew.token, "here")
        await demo.leave_seat(f"unit:{unit}", crew.token)
        return held, list(roles), unknown.code, demo.sitting.holder(f"unit:{unit}") == f"robot:unit:{unit}"

    assert in_city(act) == (True, ["responder"], "seat_unknown", True)


def test_whoever_signs_out_gives_their_seats_back(in_city):
    """All of them, to their robots."""

    async def act(demo):
        first = await demo.take_seat("calls:1", "", "here")
        await demo.take_seat("dispatch:2", first.token, "here")
        await demo.operations.sign_out(first.token)
        await demo.sitting.settled()
        return demo.sitting.holder("calls:1"), demo.sitting.holder("dispatch:2")

    assert in_city(act) == ("robot:calls:1", "robot:dispatch:2")


def test_a_visitor_may_do_what_their_role_may_and_no_more(in_city):
    """The shipped policy rules over them like over anybody: a call taker sends no units."""

    async def act(demo):
        taken = await demo.take_seat("calls:1", "", "here")
        request = Request(make_id("cmd", now(demo), 1), AssignUnits("inc_1", ["M1"]), taken.person)
        outcome = await demo.operations.ask(request, Lane.ORDINARY)
        return outcome.rejection.code

    assert in_city(act) == "not_permitted"


# Callers


def test_the_same_seed_gives_the_same_calls_whatever_the_visitor_does(base, tmp_path):
    """Numbers and moments of every first call, with robots at all seats and with a visitor who does nothing at one."""

    async def lived(folder, *, visited):
        demo = open_demo(folder, base, Wanted(5, "storm", 60), lambda _: None)
        await demo.start()
        if visited:
            await demo.take_seat("dispatch:2", "", "here")
        await demo.living.live_until(now(demo) + HOUR)
        await demo.close()
        return [one for one in lines(folder) if one.kind == CallReceived.event_kind]

    def contacts(found):
        return [(one.recorded_at, msgspec.json.decode(one.payload)["callback"]) for one in found]

    alone = asyncio.run(lived(tmp_path / "alone", visited=False))
    visited = asyncio.run(lived(tmp_path / "visited", visited=True))
    assert contacts(alone) == contacts(visited)
    assert len(alone) > 20


def test_a_caller_is_heard_once_the_call_is_answered(in_city):
    """What they say and where; of a call that nobody has answered, or that is not there, nothing."""

    async def act(demo):
        heard = {}
        while not heard:
            await demo.living.live_until(now(demo) + 5_000)
            calls = demo.operations.states()["dispatch"].calls
            for call, known in calls.items():
                told = demo.caller(call)
                assert (told is None) or known.answered_at is not None
                if told is not None and told.place:
                    heard[call] = told
        return next(iter(heard.values())), demo.caller("call_nobody")

    told, nobody = in_city(act)
    assert told.said
    assert told.place
    assert nobody is None


def test_robots_ask_under_the_shipped_policy_and_are_never_refused_for_it(in_city, tmp_path):
    """In an hour and a half not one command of a robot was not permitted, and calls became incidents with units."""

    async def act(demo):
        await demo.living.live_until(now(demo) + HOUR)

    in_city(act)
    found = lines(tmp_path)
    refused = [one for one in found if one.kind == "kernel.rejected" and b"not_permitted" in bytes(one.payload)]
    assert refused == []
    kinds = {one.kind for one in found}
    assert {"dispatch.call_answered", "dispatch.incident_opened", "dispatch.unit_assigned"} <= kinds
