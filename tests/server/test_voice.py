"""The order of things between an engine and the journal, without either: what is told to whom, and when."""

import asyncio

import pytest

from redstick.comms.ports import Answered, EngineHealth, Moved, Offer, Over, Segment, Sound
from redstick.comms.rules.conversations import Conversation, LegDismissed
from redstick.comms.rules.legs import AnswerLeg, EndLeg, Leg, LegState, OfferLeg, RelocateLeg
from redstick.comms.rules.losses import ReportEngine
from redstick.comms.rules.placing import LegPlaced
from redstick.comms.rules.queues import Queue
from redstick.comms.rules.recordings import FailRecording, KeepSegment, Recording
from redstick.comms.state import Comms
from redstick.dispatch.rules.calls import Call, CallAbandoned, CallEnded, CallState
from redstick.dispatch.state import Dispatch
from redstick.kernel.executor import Lane
from redstick.kernel.fold import Fact
from redstick.kernel.values import Outcome, Rejection
from redstick.published.comms import Arrival, Fix, LegHeld, LegResumed, LineKind, Placing, Reason
from redstick.published.dispatch import CallAnswered, CallHeld, CallResumed, SeatSignedOff
from redstick.server import voice
from redstick.server.voice import Voice

TONE, HOLD, SAID = Sound((0,)), Sound((1,)), Sound((2,))
CALL, ADMIN, TEST, PHONE = (Arrival(line=line, call_urn="urn:x") for line in LineKind)


class Engine:
    """Writes down what it is asked."""

    where = ("sip:192.0.2.1:5060",)

    def __init__(self):
        self.did, self.alive, self.codec = [], (), "PCMU"

    def listen(self, hear):
        """Whom to tell."""
        self.hear = hear

    def snapshot(self):
        """What is alive."""
        return self.alive

    async def open(self):
        """Begun."""
        self.did.append(("open",))

    async def close(self):
        """Ended: each leg says so."""
        self.hear(Over("leg", "us", "going down"))

    async def accept(self, leg):
        """Answered."""
        self.did.append(("accept", leg))
        return self.codec

    async def originate(self, leg, *_, text):
        """Placed."""
        self.did.append(("originate", leg, text))
        return True

    def __getattr__(self, name):
        return lambda *given: self.did.append((name, *given))


class Journal:
    """Holds every command until it is let go."""

    def __init__(self):
        self.asked, self.held, self.refuses = [], [], None

    async def ask(self, request, lane):
        """Durable once it was let go."""
        self.asked.append((request.command, lane))
        gate = asyncio.Event()
        self.held.append(gate)
        await gate.wait()
        return Outcome(request.id, 1, rejection=self.refuses)

    async def let_go(self):
        """Everything that waits is durable."""
        for _ in range(5):
            await asyncio.sleep(0)
            held, self.held = self.held, []
            for gate in held:
                gate.set()
            await asyncio.sleep(0)


@pytest.fixture
def room():
    """An engine, a journal, and what joins them; `run` lives a story in a loop."""

    class Room:
        def __init__(self):
            self.engine, self.journal, self.comms, self.dispatch = Engine(), Journal(), Comms(), Dispatch()
            counts = iter(range(100))
            states = {"comms": self.comms, "dispatch": self.dispatch}
            self.voice = Voice(
                self.engine, self.journal.ask, lambda: states, lambda prefix: f"{prefix}_{next(counts)}",
                lambda: "a" * 16, "psap.example", TONE, HOLD,
                announcements={"311": SAID}.get,
            )  # fmt: skip

        @property
        def commands(self):
            """What was asked."""
            return [command for command, _ in self.journal.asked]

    return Room()


async def turns():
    """Whatever is ready runs."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_nothing_is_answered_before_it_is_durable(room):
    """The engine is asked nothing at all while the offer is on its way to disk; then it answers and plays."""

    async def lived():
        room.engine.hear(Offer("leg", CALL))
        await turns()
        assert [type(command) for command in room.commands] == [OfferLeg]
        assert room.engine.did == []
        await room.journal.let_go()
        assert room.engine.did == [("accept", "leg"), ("record", "leg"), ("play", "leg", TONE)]
        assert room.commands[1] == AnswerLeg("leg", "PCMU")

    asyncio.run(lived())


def test_an_end_that_overtakes_its_offer_is_asked_behind_it_in_the_same_lane(room):
    """So it is decided behind it, whatever lane that is."""

    async def lived():
        for leg, arrival, lane in (("a", CALL, Lane.EMERGENCY), ("b", ADMIN, Lane.ORDINARY)):
            room.journal.asked.clear()
            room.engine.hear(Offer(leg, arrival))
            room.engine.hear(Over(leg, "them", "cancelled"))
            room.engine.hear(Over(leg, "them", "cancelled"))
            await turns()
            assert [(type(command), at) for command, at in room.journal.asked] == [(OfferLeg, lane), (EndLeg, lane)]
        await room.journal.let_go()

    asyncio.run(lived())


def test_what_a_seat_ends_is_hung_up_and_nothing_else_is(room):
    """The leg of that call, by the committed state."""
    room.comms.legs = {name: Leg(name, CALL, 1, call=f"call-{name}") for name in "ab"}
    room.voice.note([Fact(None, event) for event in (CallEnded("call-b"), CallAbandoned("call-a"))])
    assert room.engine.did == [("hang_up", "b", "ended at a seat")]


def test_what_cannot_be_written_down_is_refused_by_name_and_never_answered(room):
    """503: a neighbour must take it."""

    async def lived():
        room.journal.refuses = Rejection("not_permitted")
        room.engine.hear(Offer("leg", CALL))
        await room.journal.let_go()
        assert room.engine.did == [("reject", "leg", 503, "Service Unavailable")]
        room.engine.hear(Over("leg", "us", "503"))
        await turns()
        assert len(room.commands) == 1  # what was never offered never ends

    asyncio.run(lived())


def test_what_the_journal_does_not_write_in_time_is_refused_and_owed_a_callback(room, monkeypatch):
    """A caller is not kept behind 100 Trying: 503, and the end is asked behind the offer, in its lane."""
    monkeypatch.setattr(voice, "WRITTEN_S", 0)

    async def lived():
        room.engine.hear(Offer("leg", CALL))
        await turns()
        assert room.engine.did == [("reject", "leg", 503, "Service Unavailable")]
        room.engine.codec = None  # it is over
        room.engine.hear(Over("leg", "us", "503 Service Unavailable"))
        await room.journal.let_go()
        assert [type(command) for command in room.commands] == [OfferLeg, EndLeg]
        assert {lane for _, lane in room.journal.asked} == {Lane.EMERGENCY}
        assert room.engine.did[1:] == [("accept", "leg")]

    asyncio.run(lived())


def test_what_is_written_in_time_is_never_refused(room):
    """The patience ends with the writing."""

    async def lived():
        room.engine.hear(Offer("leg", CALL))
        await room.journal.let_go()
        left = [one for one in asyncio.get_running_loop()._scheduled if not one.cancelled()]
        assert left == []

    asyncio.run(lived())


def test_lines_are_served_each_in_its_way(room):
    """A test call hears itself; an admin line is told that nobody is there; only 911 has a call and ids of ours."""

    async def lived():
        for leg, arrival in (("c", CALL), ("a", ADMIN), ("t", TEST)):
            room.engine.hear(Offer(leg, arrival))
        await room.journal.let_go()
        assert ("echo", "t") in room.engine.did
        assert ("reject", "a", 480, "Temporarily Unavailable") in room.engine.did
        offered = {one.leg: one for one in room.commands if isinstance(one, OfferLeg)}
        assert [bool(offered[leg].call) for leg in "cat"] == [True, False, False]
        assert (offered["c"].arrival.call_urn, offered["c"].arrival.minted) == ("urn:x", ("incident_urn",))
        assert offered["c"].arrival.incident_urn == f"urn:emergency:uid:incidentid:{'a' * 16}:psap.example"
        assert offered["t"].arrival.minted == ()

    asyncio.run(lived())


def test_who_calls_a_number_of_a_queue_waits_there_and_hears_that(room):
    """Answered once it is durable, in a lane behind 911; what the queue says, else the tone of holding."""
    room.comms.queues["311"] = Queue(id="311", line=LineKind.ADMIN, targets=("311", "+12255550311"))
    room.comms.queues["dump"] = Queue(id="dump", line=LineKind.ADMIN, targets=("2255550312",))

    async def lived():
        for number, target in enumerate(("sip:311@psap.example", "sip:12255550312@psap.example", "sip:9@psap.example")):
            room.engine.hear(Offer(f"leg{number}", Arrival(line=LineKind.ADMIN, target=target)))
        assert {lane for _, lane in room.journal.asked} <= {Lane.ORDINARY}
        await room.journal.let_go()
        assert room.engine.did[:5] == [
            ("accept", "leg0"), ("play", "leg0", SAID), ("accept", "leg1"), ("play", "leg1", HOLD),
            ("reject", "leg2", 480, "Temporarily Unavailable"),
        ]  # fmt: skip
        assert AnswerLeg("leg0", "PCMU") in room.commands

    asyncio.run(lived())


def test_a_trunk_s_call_to_a_number_of_a_queue_is_that_queue_s(room):
    """And none of the phones; to any other number it is theirs, and so is what a phone of ours calls."""
    room.comms.queues["311"] = Queue(id="311", line=LineKind.ADMIN, targets=("311",))
    called = {"line": LineKind.PHONE, "target": "sip:311@psap.example"}

    async def lived():
        for leg, more in (("a", {"trunk": "main"}), ("b", {"trunk": "main", "target": "sip:4@x"}), ("c", {})):
            room.engine.hear(Offer(leg, Arrival(**{**called, **more})))
        await turns()
        lines = {one.leg: one.arrival.line for one in room.commands if isinstance(one, OfferLeg)}
        assert lines == {"a": LineKind.ADMIN, "b": LineKind.PHONE, "c": LineKind.PHONE}

    asyncio.run(lived())


def test_a_caller_is_held_and_resumed_as_it_is_written(room):
    """On any line: what they hear is what the card of their call shows, and a fact about nobody does nothing."""
    talk = room.comms.conversations["a"] = Conversation("", 1, held_by="desk")

    async def lived():
        room.voice.note([Fact(None, LegHeld("a", "desk", "call-a")), Fact(None, LegHeld("gone", "desk"))])
        await turns()
        talk.held_by = ""
        room.voice.note([Fact(None, LegResumed("a", "desk", "call-a"))])
        await turns()
        assert room.engine.did == [("hold", "a", HOLD), ("resume", "a")]

    asyncio.run(lived())


def test_a_caller_of_another_line_is_hung_up_as_it_is_written(room):
    """By the seat that has them."""
    room.voice.note([Fact(None, LegDismissed("a", "desk"))])
    assert room.engine.did == [("hang_up", "a", "ended at a seat")]


def test_what_is_said_by_whom_we_call_back_is_kept(room):
    """As of those who call 911; whoever is called for another reason is not recorded."""

    async def lived():
        for leg, reason in (("back", Reason.CALLBACK), ("out", Reason.CALL)):
            placing = Placing("calls:1", "tel:+12255550100", reason, "2255550100")
            room.comms.legs[leg] = Leg(leg, ADMIN, 1, LegState.PLACED, placing=placing)
            room.voice.note([Fact(None, LegPlaced(leg, placing))])
            await turns()
            room.engine.hear(Answered(leg, "PCMU"))
        assert [did for did in room.engine.did if did[0] == "record"] == [("record", "back")]

    asyncio.run(lived())


def test_a_better_place_is_written_down(room):
    """As it came."""

    async def lived():
        room.engine.hear(Moved("leg", (Fix(x=1, y=2),)))
        await room.journal.let_go()
        assert room.commands == [RelocateLeg("leg", (Fix(x=1, y=2),))]

    asyncio.run(lived())


def test_coming_up_ends_what_another_engine_left_and_going_down_is_written_down(room):
    """Legs that are alive here stay; the end of each is asked before `close` returns."""

    async def lived():
        room.comms.legs = {name: Leg(name, CALL, 1, call=name) for name in ("lost", "here")}
        room.engine.alive = ("here",)
        room.voice.start()
        await turns()
        assert room.commands == [EndLeg("lost", "nobody", "the engine was lost")]
        assert room.engine.did == [("salvage", "lost", 0), ("open",)]
        room.engine.hear(Offer("leg", CALL))
        await room.journal.let_go()
        closing = asyncio.create_task(room.voice.close())
        await room.journal.let_go()
        await closing
        assert room.commands[-1] == EndLeg("leg", "us", "going down")

    asyncio.run(lived())


@pytest.fixture
def spoken(room):
    """A call of 911 that the seat `calls:1` has answered, with a standing leg there."""
    room.comms.legs = {"leg": Leg("leg", CALL, 1, call="call")}
    room.dispatch.calls = {"call": Call("call", 1, state=CallState.ANSWERED, seat="calls:1", answered_at=2)}
    room.engine.alive = ("leg", "seat:calls:1")
    return room


SPEAKING = [
    ("resume", "leg"), ("play", "leg", HOLD), ("join", "call", "leg"), ("join", "call", "seat:calls:1"),
    ("record", "seat:calls:1", 0),
]  # fmt: skip


def test_who_answers_is_joined_with_the_caller_and_hold_and_resume_move_their_voice(spoken):
    """By the committed state alone: the caller hears a tone on hold and speaks with the seat again after."""
    spoken.voice.note([Fact(None, CallAnswered("call", "calls:1"))])
    assert spoken.engine.did == SPEAKING
    spoken.engine.did.clear()
    spoken.dispatch.calls["call"].state = CallState.ON_HOLD
    spoken.voice.note([Fact(None, CallHeld("call"))])
    left = ("leave", "seat:calls:1", "call")
    assert spoken.engine.did == [left, ("stop_recording", "seat:calls:1"), ("hold", "leg", HOLD)]
    spoken.engine.did.clear()
    spoken.dispatch.calls["call"].state = CallState.ANSWERED
    spoken.voice.note([Fact(None, CallResumed("call", "calls:1"))])
    assert spoken.engine.did == SPEAKING


def test_another_seat_that_takes_a_call_over_is_heard_in_the_place_of_the_first(spoken):
    """Who had it before leaves the room; the caller never does."""
    spoken.voice.note([Fact(None, CallAnswered("call", "calls:1"))])
    spoken.engine.did.clear()
    spoken.engine.alive = ("leg", "seat:calls:1", "seat:calls:2")
    spoken.dispatch.calls["call"].seat = "calls:2"
    spoken.voice.note([Fact(None, CallResumed("call", "calls:2"))])
    assert ("leave", "seat:calls:1", "call") in spoken.engine.did
    assert ("join", "call", "seat:calls:2") in spoken.engine.did
    assert not any(did[:2] == ("leave", "leg") for did in spoken.engine.did)


def test_without_a_standing_leg_the_caller_goes_on_hearing_ringing_until_one_stands(spoken):
    """Nothing is moved by an answer then; the browser that comes later speaks in the call that its seat has."""
    spoken.engine.alive = ("leg",)
    spoken.voice.note([Fact(None, CallAnswered("call", "calls:1"))])
    assert spoken.engine.did == []
    spoken.engine.alive = ("leg", "seat:calls:1")
    spoken.engine.hear(Answered("seat:calls:1", "PCMU"))
    assert spoken.engine.did == SPEAKING
    spoken.engine.hear(Answered("seat:calls:9", "PCMU"))
    assert spoken.engine.did == SPEAKING


def test_whoever_signs_off_has_no_voice_here_any_more(spoken):
    """The leg of that seat is ended, whatever its browser still holds open."""
    spoken.voice.note([Fact(None, SeatSignedOff("calls:1", "dan"))])
    assert spoken.engine.did == [("hang_up", "seat:calls:1", "signed off")]


def test_a_seat_whose_call_is_over_hears_nothing_more(spoken):
    """Its leg stands, alone."""
    spoken.voice.note([Fact(None, CallAnswered("call", "calls:1"))])
    spoken.engine.did.clear()
    spoken.dispatch.calls["call"].state = CallState.ENDED
    spoken.voice.note([Fact(None, CallEnded("call"))])
    assert spoken.engine.did == [
        ("hang_up", "leg", "ended at a seat"), ("leave", "seat:calls:1", "call"),
        ("stop_recording", "seat:calls:1"),
    ]  # fmt: skip


def test_a_seat_is_recorded_from_the_piece_on_that_the_journal_expects(spoken):
    """So that what a killed server left on disk is told, and nothing that the journal has."""
    spoken.comms.recordings = {"seat:calls:1": Recording("c" * 64, segments=7)}
    spoken.voice.note([Fact(None, CallAnswered("call", "calls:1"))])
    assert spoken.engine.did[-1] == ("record", "seat:calls:1", 7)


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (None, []),
        (Rejection("chain_broken", {"index": 3}), [FailRecording("leg", "chain_broken")]),
        (Rejection("out_of_order", {"next": 2}), [FailRecording("leg", "out_of_order")]),
        (Rejection("out_of_order", {"next": 4}), []),  # it has this one
    ],
)
def test_a_piece_that_the_journal_cannot_go_on_with_is_a_recording_that_failed(room, refused, told):
    """Nobody is left to believe that the seat is kept."""

    async def lived():
        room.journal.refuses = refused
        room.engine.hear(Segment("leg", 3, "p", 1, "s", "c"))
        await room.journal.let_go()
        assert room.commands == [KeepSegment("leg", 3, "p", 1, "s", "c"), *told]

    asyncio.run(lived())


def test_an_engine_that_ended_with_calls_on_it_was_lost_and_is_found(room):
    """Two facts in that order, with how many; one that comes up without any says only that it is here."""

    async def lived():
        room.comms.legs = {name: Leg(name, CALL, 1, call=name) for name in ("a", "b")}
        room.voice.start()
        room.engine.hear(EngineHealth("embedded", up=True))
        await turns()
        lost = ReportEngine("embedded", up=False, why="it ended without a word; legs left: 2")
        assert room.commands[2:] == [lost, ReportEngine("embedded", up=True)]
        room.engine.hear(EngineHealth("embedded", up=True))
        await room.journal.let_go()
        assert room.commands[4:] == [ReportEngine("embedded", up=True)]

    asyncio.run(lived())
