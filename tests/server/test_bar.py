"""The bar beside the executor: partial acts, one act asked twice, lost answers, what was shown and what moved since."""

import asyncio

import msgspec
import pytest
from tests.dispatch.bar.desk import going
from tests.dispatch.live_desk import LiveDesk
from tests.dispatch.shifts import asked

from redstick.dispatch import live
from redstick.dispatch.bar.reading import Asked
from redstick.dispatch.place import Place
from redstick.dispatch.rules.incidents import ChangePriority, OpenIncident
from redstick.dispatch.rules.units import ReportStatus
from redstick.kernel.envelope import opened
from redstick.kernel.fold import Fact
from redstick.kernel.house import House
from redstick.kernel.ids import make_id
from redstick.kernel.values import Outcome, Rejection
from redstick.server.bar import Bar


class Everybody:
    """Lets everybody do everything, but for the kinds in `never`."""

    def __init__(self):
        self.never = set()

    def refusal(self, access, request):
        """Why not."""
        del access
        kind = request.command.command_kind
        return Rejection("not_permitted", {"action": kind}) if kind in self.never else None


class Past:
    """Reads the desk's journal."""

    def __init__(self, desk):
        self.desk, self.house = desk, House([live])

    async def over(self, after, kinds, digest):
        """What becomes of the facts."""
        del after
        names = {kind.event_kind for kind in kinds}
        envelopes = [one for one in map(opened, self.desk.journal.read()) if one.kind in names]
        return digest([Fact(one, self.house.events.read(one)) for one in envelopes])


class Operations:
    """A live city on a desk; `refuse` names kinds of commands that the executor turns away."""

    def __init__(self, desk):
        self.lived, self.house, self.past, self.desk = desk, House([live]), Past(desk), None
        self.refuse, self.asked, self.slow, self.before = set(), [], asyncio.Event(), None
        self.slow.set()

    def states(self):
        """Committed state."""
        return {"dispatch": self.lived.state, "access": None}

    def now(self):
        """The time."""
        return self.lived.now

    def position(self):
        """Where the journal stands."""
        return len(list(self.lived.journal.read()))

    async def settled(self, patience_s):
        """Whatever others have asked is done; `before` is such."""
        del patience_s
        if self.before is not None:
            self.before, before = None, self.before
            self.lived.run(before)

    async def ask(self, request, lane):
        """The outcome."""
        del lane
        await self.slow.wait()
        self.asked.append(request)
        if request.command.command_kind in self.refuse:
            return Outcome(request.id, 0, rejection=Rejection("unit_not_available", {"unit": "M4"}))
        told = self.lived.driver.run([request], self.lived.now)
        return next(one for one in told if one.request == request.id)


@pytest.fixture
def operations():
    """A medic on duty, an incident with a place."""
    desk = LiveDesk()
    desk.run(asked("EnrollUnit", unit="M4", kind="MEDIC", station="S1"), ReportStatus("M4", "AQ"))
    desk.run(OpenIncident("i1", "12", "Fall", "ems", 3, Place("1 MAIN ST", 0, 0)))
    return Operations(desk)


def sitting(operations, *, never=()):
    """A bar at which everybody may do everything but `never`."""
    bar = Bar(operations)
    bar._authority = Everybody()
    bar._authority.never = set(never)
    return bar


def who(act=0):
    """Who types, with the id of an act."""
    return Asked("J. Doe", "s1", 0, act=make_id("act", 1_700_000_000_000, act) if act else "")


async def entered(bar, text, act):
    """Read and done."""
    return await bar.act(text, who(act), (await bar.read(text, who())).plan)


def test_the_first_refusal_stops_the_line_and_both_sides_of_it_are_told(operations):
    """Opened, the note refused: what was done, what was refused and why, what was not asked."""
    operations.refuse = {"dispatch.add_note"}
    outcome = asyncio.run(entered(sitting(operations), "i 5 oak st, fall, n two floors", 1))
    assert outcome.outcome == "partly"
    assert [one.kind for one in outcome.done] == ["dispatch.open_incident"]
    assert outcome.refused.code == "unit_not_available"
    assert [one.kind for one in outcome.not_done] == ["dispatch.add_note"]


def test_a_line_whose_first_command_is_refused_has_done_nothing(operations):
    """And says so."""
    operations.refuse = {"dispatch.change_priority"}
    outcome = asyncio.run(entered(sitting(operations), "#12 p1", 1))
    assert (outcome.outcome, outcome.done, len(outcome.not_done)) == ("refused", [], 1)


def test_what_others_asked_before_is_seen_before_anything_is_asked(operations):
    """A status that was under way at Enter: it is waited for, and the plan has changed."""
    bar = sitting(operations)

    async def entered_late():
        plan = (await bar.read("d #12 m4", who())).plan
        operations.before = ReportStatus("M4", "AR")
        return await bar.act("d #12 m4", who(1), plan)

    assert asyncio.run(entered_late()).outcome == "plan_changed"
    assert operations.asked == []


def test_two_of_one_act_at_once_are_one(operations):
    """A browser that asks again before the first answer is there: one command, one answer."""
    bar = sitting(operations)

    async def both():
        plan = (await bar.read("#12 n smoke", who())).plan
        operations.slow.clear()
        first = asyncio.create_task(bar.act("#12 n smoke", who(1), plan))
        second = asyncio.create_task(bar.act("#12 n smoke", who(1), plan))
        await asyncio.sleep(0)
        operations.slow.set()
        return await asyncio.gather(first, second)

    first, second = asyncio.run(both())
    assert first is second
    assert len(operations.asked) == 1


def test_an_answer_that_was_lost_with_its_server_is_found_in_the_journal(operations):
    """Another server is asked the same act: it has been done, and is not done again, nor called changed."""
    asyncio.run(entered(sitting(operations), "#12 p1", 1))
    asked_before = len(operations.asked)
    again = asyncio.run(sitting(operations).act("#12 p1", who(1), "the plan that was shown"))
    assert (again.outcome, again.done[0].events) == ("done", ["dispatch.priority_changed"])
    assert len(operations.asked) == asked_before


def test_an_act_that_a_server_was_stopped_in_says_that_it_is_not_whole(operations):
    """Of three commands one was taken."""
    operations.refuse = {"dispatch.add_note"}
    asyncio.run(entered(sitting(operations), "i 5 oak st, fall, n two floors", 1))
    operations.refuse = set()
    again = asyncio.run(sitting(operations).act("i 5 oak st, fall, n two floors", who(1), "another"))
    assert (again.outcome, again.refused.code) == ("partly", "interrupted")


def test_a_changed_world_leaves_the_id_free(operations):
    """Nothing was done under it, so the new plan may be done under the same."""
    bar = sitting(operations)

    async def twice():
        plan = (await bar.read("#12 p1", who())).plan
        operations.lived.run(ChangePriority("i1", 2))
        first = await bar.act("#12 p1", who(1), plan)
        return first, await bar.act("#12 p1", who(1), first.reading.plan)

    first, second = asyncio.run(twice())
    assert (first.outcome, second.outcome) == ("plan_changed", "done")


def test_what_a_person_may_not_do_is_no_plan(operations):
    """Neither by reading nor by an Enter that guesses."""
    bar = sitting(operations, never={"dispatch.change_priority"})
    shown = asyncio.run(bar.read("#12 p1", who()))
    assert (shown.plan, shown.commands, shown.problems[0].code) == ("", [], "not_permitted")
    allowed = asyncio.run(sitting(operations).read("#12 p1", who()))
    assert asyncio.run(bar.act("#12 p1", who(1), allowed.plan)).outcome == "plan_changed"
    assert operations.asked == []


def test_a_city_that_is_slow_holds_up_nobody_who_types(operations, monkeypatch):
    """The reading comes without its times, and says that they are not known."""

    class Desk:
        async def who_goes(self, incident):
            await asyncio.sleep(60)

    monkeypatch.setattr("redstick.server.bar.READ_PATIENCE_S", 0.0)
    operations.desk = Desk()
    shown = asyncio.run(sitting(operations).read("d #12 m4", who()))
    assert shown.plan
    assert "Times are not known: the city was not asked" in shown.effect


def test_seconds_that_tick_are_done_as_they_were_shown(operations):
    """The times that were shown are those that are kept, and a second more is no other plan."""
    seconds = iter((100, 101, 102, 103, 104, 105))

    class Desk:
        async def who_goes(self, incident):
            found = going(operations.lived.state, incident, operations.lived.now)
            took = next(seconds)
            chosen = [msgspec.structs.replace(one, travel_s=took) for one in found.chosen]
            return msgspec.json.encode(msgspec.structs.replace(found, chosen=chosen))

    operations.desk = Desk()
    outcome = asyncio.run(entered(sitting(operations), "d #12 m4", 1))
    assert outcome.outcome == "done"
    assert operations.asked[0].command.expected_s == {"M4": 100}
