"""What the journal says of calls, as it is heard: a city with its floor, and the rooms of a real engine's media."""

import asyncio
from itertools import count

import pytest
from tests.comms.switchboard import City

from redstick.adapters.voice.media import Media
from redstick.adapters.voice.recording import faults
from redstick.comms.ports import Answered, Role, Sound, seat_leg
from redstick.comms.rules.conversations import JoinLeg, LeaveLeg, PartyKind, TakeLeg
from redstick.comms.rules.handing_on import BeginTransfer, SettleTransfer
from redstick.comms.rules.legs import AnswerLeg
from redstick.comms.rules.placing import PlaceLeg
from redstick.comms.rules.recordings import RecordingFailed, SegmentKept
from redstick.dispatch.rules.calls import EndCall, HoldCall, ResumeCall
from redstick.dispatch.rules.groups import DefineGroup
from redstick.dispatch.rules.seats import SignOn
from redstick.protocols.captures.rtp import Rtp
from redstick.published.comms import LegResumed, LineKind, Placing, Reason, TransferModel
from redstick.server.voice import Voice

TONE, HOLD = Sound((0,)), Sound((1,))


class Quiet:
    """A leg without a voice, which is put into rooms all the same."""

    stream = None

    def play(self, sound):
        """What it hears alone."""
        self.heard = sound


class Engine(Media):
    """Rooms as they are, of legs that say nothing."""

    where = ()

    def __init__(self, recordings=None):
        self.legs, self.hear, self.there = {}, None, True
        super().__init__(self.legs, lambda event: self.hear(event), recordings)

    def listen(self, hear):
        """Whom to tell of what is kept."""
        self.hear = hear

    def killed(self):
        """Its files are let go of by the system, and by nobody else."""
        for recorder in self._recorders.values():
            recorder._file.close()

    def speak(self, leg):
        """A packet of one that is recorded."""
        self._recorders[leg].keep(Rtp(0, 0, 0, 0, (), b"voice"), 0.0)

    def join(self, room, leg, role=Role.SPEAKER):
        """Into a room."""
        return super().join(room, leg, role)

    async def originate(self, leg, *_, text):
        """Somebody rings, where there is a way."""
        if self.there:
            self.legs[leg] = Quiet()
        return self.there

    def hang_up(self, leg, _):
        """It is over."""
        if self.legs.pop(leg, None) is not None:
            self.forget(leg)

    def snapshot(self):
        """What is alive."""
        return tuple(self.legs)

    def rooms(self):
        """Who is in which room."""
        found = {}
        for leg in self.legs:
            found.setdefault(self._rooms.of(leg).room, set()).add(leg)
        found.pop("", None)
        return found

    def role_of(self, leg):
        """What it is there."""
        return self._rooms.of(leg).role

    def is_held(self, leg):
        """Whether it is on hold."""
        return self._rooms.of(leg).held


class Floor(City):
    """A city whose voice follows its journal."""

    def __init__(self):
        super().__init__()
        self.engine, self.facts, self.numbers = None, [], count()
        self.driver.listen(self.facts.extend)
        self.comes_up()
        self.events(DefineGroup("callers", supervises=True))

    def comes_up(self, recordings=None):
        """A new server on the same journal: nothing is left of the one before but that, and what is on disk."""
        if self.engine is not None:
            self.engine.killed()
        self.engine = Engine(recordings)
        self.voice = Voice(
            self.engine, self._asked, lambda: self.driver.executor.committed,
            lambda kind: f"{kind}_{next(self.numbers)}", lambda: "a" * 16, "psap.example", TONE, HOLD,
        )  # fmt: skip

    async def _asked(self, request, lane):
        del lane
        return self.ask(request.command)

    def events(self, command):
        """What a command brings is heard at once."""
        events = super().events(command)
        asyncio.run(self._follow())
        return events

    async def _follow(self):
        while self.facts or self.voice._tasks:
            facts = self.facts[:]
            self.facts.clear()
            self.voice.note(facts)
            await asyncio.gather(*self.voice._tasks)

    def stand(self, *seats):
        """These seats have signed on, and their browsers stand."""
        for seat in seats:
            self.events(SignOn(seat, f"per_{seat}", ["callers"]))
            self.engine.legs[seat_leg(seat)] = Quiet()

    def stands_again(self, seat):
        """Its browser was lost, and is here again."""
        self.engine.hang_up(seat_leg(seat), "failed")
        self.engine.legs[seat_leg(seat)] = Quiet()
        self.engine.hear(Answered(seat_leg(seat), "PCMU"))

    def ring(self, leg, line=LineKind.EMERGENCY, number="", **more):
        """Somebody calls, and is answered by the house."""
        self.engine.legs[leg] = Quiet()
        return super().ring(leg, line, number, **more)

    def hang_up(self, leg, cause="bye"):
        """The caller does."""
        self.engine.hang_up(leg, cause)
        events = super().hang_up(leg, cause)
        asyncio.run(self._follow())
        return events


@pytest.fixture
def floor():
    """One seat with a voice, and two who call 911."""
    floor = Floor()
    floor.stand("calls:1")
    for leg in ("one", "two"):
        floor.ring(leg)
    return floor


def test_a_caller_on_hold_who_hangs_up_takes_no_voice_from_the_other(floor):
    """The seat stays with the caller whom it speaks with; both leave when that call is over too."""
    floor.answer("one", "calls:1")
    floor.events(HoldCall("call-one"))
    floor.answer("two", "calls:1")
    assert floor.engine.rooms() == {"call-one": {"one"}, "call-two": {"two", "seat:calls:1"}}
    floor.hang_up("one")
    assert floor.engine.rooms() == {"call-two": {"two", "seat:calls:1"}}
    floor.hang_up("two")
    assert floor.engine.rooms() == {}


def test_who_answers_a_second_call_leaves_the_first_with_a_tone_and_comes_back_to_it(floor):
    """Nobody has put it on hold by hand; one press each way, and neither caller is in silence."""
    floor.answer("one", "calls:1")
    floor.answer("two", "calls:1")
    assert floor.engine.rooms() == {"call-one": {"one"}, "call-two": {"two", "seat:calls:1"}}
    assert (floor.engine.is_held("one"), floor.engine.legs["one"].heard) == (True, HOLD)
    assert floor.state.conversations["one"].held_by == "calls:1"
    floor.events(ResumeCall("call-one", "calls:1"))
    assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1"}, "call-two": {"two"}}
    assert (floor.engine.is_held("one"), floor.engine.is_held("two")) == (False, True)


def test_a_supervisor_who_leaves_a_911_call_hears_it_no_more(floor):
    """Whether they listened or spoke; who has the call on the floor is not moved by it."""
    floor.stand("chief")
    floor.answer("one", "calls:1")
    for role in (Role.MONITOR, Role.SPEAKER):
        floor.events(JoinLeg("one", "chief", PartyKind.SEAT, role))
        assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1", "seat:chief"}}
        assert floor.engine.role_of("seat:chief") is role
        floor.events(LeaveLeg("one", "chief"))
        assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1"}}
    floor.events(JoinLeg("one", "chief", PartyKind.SEAT, Role.MONITOR))
    floor.hang_up("one")
    assert floor.engine.rooms() == {}


def test_a_further_seat_that_speaks_on_a_911_call_is_heard(floor):
    """A coach who becomes a speaker is one."""
    floor.stand("calls:2")
    floor.answer("one", "calls:1")
    for role in (Role.COACH, Role.SPEAKER):
        floor.events(JoinLeg("one", "calls:2", PartyKind.SEAT, role))
        assert floor.engine.role_of("seat:calls:2") is role
    assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1", "seat:calls:2"}}


def test_who_listens_to_a_caller_on_hold_takes_them_off_it_by_no_means(floor):
    """The tone goes on."""
    floor.stand("chief")
    floor.answer("one", "calls:1")
    floor.events(HoldCall("call-one"))
    floor.events(JoinLeg("one", "chief", PartyKind.SEAT, Role.MONITOR))
    assert floor.engine.is_held("one")
    floor.events(ResumeCall("call-one", "calls:1"))
    assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1", "seat:chief"}}
    assert not floor.engine.is_held("one")


def test_after_a_server_was_killed_while_a_seat_spoke_its_whole_chain_is_in_the_journal(floor, tmp_path):
    """The piece that it left open and could not tell of, and the one after it; nothing has failed."""
    for call in ("three", "four"):
        floor.comes_up(tmp_path)
        floor.stand("calls:1")
        floor.ring(call)
        floor.answer(call, "calls:1")
        floor.engine.speak("seat:calls:1")
    floor.events(EndCall("call-four"))
    assert [one.index for one in floor.told(SegmentKept)] == [0, 1]
    assert floor.told(RecordingFailed) == []
    assert list(faults("seat:calls:1", tmp_path / "seat%3Acalls%3A1")) == []


def placed(floor, leg="out", reason=Reason.CALL, of=""):
    """The seat calls somebody, who answers."""
    floor.events(PlaceLeg(leg, Placing("calls:1", "tel:+12255550199", reason, of)))
    floor.events(AnswerLeg(leg, "PCMU"))


def test_who_calls_somebody_leaves_the_caller_with_the_announcement_of_those_who_wait(floor):
    """Held from the moment at which it is placed; one key comes back to them, and whom was called waits."""
    floor.answer("one", "calls:1")
    floor.events(PlaceLeg("out", Placing("calls:1", "tel:+12255550199")))
    assert (floor.engine.is_held("one"), floor.engine.legs["one"].heard) == (True, HOLD)
    floor.events(AnswerLeg("out", "PCMU"))
    assert floor.engine.rooms() == {"call-one": {"one"}, "out": {"out", "seat:calls:1"}}
    floor.events(ResumeCall("call-one", "calls:1"))
    assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1"}, "out": {"out"}}
    assert (floor.engine.is_held("one"), floor.engine.is_held("out")) == (False, True)


def test_what_cannot_be_placed_gives_the_caller_back_at_once(floor):
    """The engine has no way there: seat and caller speak with each other again."""
    floor.engine.there = False
    floor.answer("one", "calls:1")
    floor.events(PlaceLeg("out", Placing("calls:1", "tel:+12255550199")))
    assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1"}}
    assert not floor.engine.is_held("one")
    assert [one.after for one in floor.told(LegResumed)] == ["out"]


def test_whoever_takes_over_a_caller_who_waited_is_heard(floor):
    """The hold of the seat that handed them on ends with it."""
    floor.answer("one", "calls:1")
    placed(floor)
    floor.events(BeginTransfer("one", "calls:1", "out", TransferModel.ATTENDED, "out"))
    floor.events(SettleTransfer("one", done=True))
    assert floor.engine.rooms() == {"call-one": {"one", "out"}}
    assert (floor.engine.is_held("one"), floor.engine.is_held("out")) == (False, False)


def test_a_consultation_that_ends_gives_the_caller_back(floor):
    """Whom the seat consulted hangs up, or the seat's own browser was lost in between."""
    floor.answer("one", "calls:1")
    for leg in ("out", "again"):
        placed(floor, leg)
        floor.events(BeginTransfer("one", "calls:1", leg, TransferModel.ATTENDED, leg))
        floor.stands_again("calls:1")
        assert floor.engine.rooms() == {"call-one": {"one"}, leg: {leg, "seat:calls:1"}}
        floor.hang_up(leg)
        assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1"}}
        assert not floor.engine.is_held("one")


def test_a_browser_that_was_lost_is_where_its_seat_is(floor):
    """On a call that is being handed on, on one of another line, and on one that the seat placed."""
    floor.answer("one", "calls:1")
    floor.events(BeginTransfer("one", "calls:1", "calls:2", TransferModel.SEAT))
    floor.stands_again("calls:1")
    assert floor.engine.rooms() == {"call-one": {"one", "seat:calls:1"}}
    floor.ring("form", LineKind.ADMIN)
    floor.events(TakeLeg("form", "calls:1"))
    floor.stands_again("calls:1")
    assert floor.engine.rooms() == {"call-one": {"one"}, "form": {"form", "seat:calls:1"}}
    placed(floor)
    floor.stands_again("calls:1")
    assert floor.engine.rooms() == {"call-one": {"one"}, "form": {"form"}, "out": {"out", "seat:calls:1"}}


def test_whose_answer_comes_late_waits_for_the_seat_that_speaks_with_another(floor):
    """It answered a second 911 call meanwhile, and its voice stays there."""
    floor.answer("one", "calls:1")
    floor.events(PlaceLeg("out", Placing("calls:1", "tel:+12255550199")))
    floor.answer("two", "calls:1")
    floor.events(AnswerLeg("out", "PCMU"))
    assert floor.engine.rooms() == {"call-one": {"one"}, "call-two": {"two", "seat:calls:1"}, "out": {"out"}}
    assert (floor.engine.is_held("out"), floor.engine.legs["out"].heard) == (True, HOLD)


def test_a_seat_that_left_its_caller_with_an_interpreter_is_back_when_it_is_done(floor):
    """They spoke on with each other meanwhile."""
    floor.answer("one", "calls:1")
    placed(floor, "interpreter", Reason.CONFERENCE, "one")
    placed(floor)
    assert floor.engine.rooms() == {"call-one": {"one", "interpreter"}, "out": {"out", "seat:calls:1"}}
    floor.hang_up("out")
    assert floor.engine.rooms() == {"call-one": {"one", "interpreter", "seat:calls:1"}}
