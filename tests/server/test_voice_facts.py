"""What an engine tells becomes a command, and what the journal says of placed legs is done with the engine."""

import asyncio

import pytest
from tests.comms.switchboard import City

from redstick.comms.ports import Digit, EngineHealth, Moved, Progress, RecordingFailed, Role, Segment, Text, TextSettled
from redstick.comms.rules.conversations import JoinLeg, LeaveLeg, PartyKind
from redstick.comms.rules.handing_on import BeginTransfer, SettleTransfer
from redstick.comms.rules.legs import AnswerLeg, EndLeg
from redstick.comms.rules.losses import ReportEngine
from redstick.comms.rules.placing import PlaceLeg, ProgressLeg
from redstick.comms.rules.recordings import FailRecording, KeepSegment
from redstick.comms.rules.texts import Channel, HearKey, HearText, SettleText, WriteText
from redstick.comms.signalling import Transferred
from redstick.published.comms import Placing, Reason, TransferModel
from redstick.server.voice_facts import NOT_PASSED_ON, NOT_PLACED, NOT_WRITTEN_TO, Placed, command_of


@pytest.mark.parametrize(
    ("heard", "asked"),
    [
        (Progress("a", 180), ProgressLeg("a", 180)),
        (Progress("a", 100), None),
        (Segment("a", 2, "p", 9, "s", "c"), KeepSegment("a", 2, "p", 9, "s", "c")),
        (Segment("a", 2, "p", 9, "s", "c", cut=True), KeepSegment("a", 2, "p", 9, "s", "c", cut=True)),
        (RecordingFailed("a", "disk full"), FailRecording("a", "disk full")),
        (Digit("a", "#", "info"), HearKey("a", "#", "info")),
        (Text("a", "hi", "t140"), HearText("a", "hi", Channel.T140)),
        (TextSettled("a", 3, delivered=False, why="x"), SettleText("a", 3, delivered=False, why="x")),
        (EngineHealth("e", up=False, why="x"), ReportEngine("e", up=False, why="x")),
        (Transferred("a", 100, "Trying"), None),
        (Transferred("a", 200, "OK"), SettleTransfer("a", done=True, why="200 OK")),
        (Transferred("a", 404, "Not Found"), SettleTransfer("a", done=False, why="404 Not Found")),
        (Moved("a", ()), None),
    ],
)
def test_what_is_heard_is_written_down(heard, asked):
    """Each by its command; what is nothing yet is not."""
    assert command_of(heard) == asked


class Engine:
    """Writes down what it is asked; `can` is what it says to that."""

    def __init__(self):
        self.did, self.can = [], True

    async def originate(self, *given, text):
        """Placed, or not."""
        self.did.append(("originate", *given, *(["with text"] if text else [])))
        return self.can

    def __getattr__(self, name):
        return lambda *given: self.did.append((name, *given)) or self.can


@pytest.fixture
def house():
    """A city with an engine that follows its journal; one 911 caller, whom a seat has."""

    class House(City):
        def __init__(self):
            super().__init__()
            self.engine, self.asked, facts = Engine(), [], []

            async def ask(command):
                self.asked.append(command)

            placed = Placed(self.engine, ask, lambda: self.driver.executor.committed, "sip:psap.example")
            self.driver.listen(facts.extend)

            def follow():
                while facts:
                    asyncio.run(placed.note(facts.pop(0)))
                did, self.engine.did = self.engine.did, []
                return did

            self.did = follow

    house = House()
    house.ring("one", number="2255550100")
    house.answer("one", "calls:1")
    house.did()
    return house


def test_a_callback_rings_because_it_was_written_down_and_is_ended_at_the_seat(house):
    """With the priority of a callback; once it is answered the seat hears it."""
    house.events(PlaceLeg("back", Placing("calls:2", "tel:+12255550101", Reason.CALLBACK, "2255550101")))
    headers = (("Priority", "psap-callback"), ("Resource-Priority", "esnet.0"))
    assert house.did() == [("originate", "back", "tel:+12255550101", "sip:psap.example", headers, "back", ())]
    house.events(AnswerLeg("back", "PCMU"))
    assert house.did()[-1] == ("join", "back", "seat:calls:2", Role.SPEAKER)
    house.events(LeaveLeg("back", "calls:2"))
    assert house.did() == [("leave", "seat:calls:2", "back"), ("hang_up", "back", "ended at a seat")]


def test_what_an_engine_cannot_place_or_hand_on_is_said(house):
    """So that the seat is not left to wait."""
    house.engine.can = False
    house.events(PlaceLeg("out", Placing("calls:1", "tel:1")))
    house.events(BeginTransfer("one", "calls:1", "sip:fire@next.example", TransferModel.BLIND))
    house.did()
    assert house.asked == [EndLeg("out", "nobody", NOT_PLACED), SettleTransfer("one", done=False, why=NOT_PASSED_ON)]


def test_a_third_party_and_a_supervisor_join_the_room_of_the_call(house):
    """The seat that speaks on a 911 call follows the floor; a third party that was handed a caller stays with them."""
    house.events(PlaceLeg("poison", Placing("calls:1", "sip:poison@control.example", Reason.CONFERENCE, "one")))
    house.events(AnswerLeg("poison"))
    assert house.did()[-1] == ("join", "call-one", "poison", Role.SPEAKER)
    house.events(JoinLeg("one", "chief", PartyKind.SEAT, Role.MONITOR))
    assert house.did()[-1] == ("join", "call-one", "seat:chief", Role.MONITOR)
    house.events(LeaveLeg("one", "calls:1"))
    assert ("hang_up", "poison", "ended at a seat") not in house.did()


def test_what_a_seat_writes_goes_out_because_it_was_written_down(house):
    """Under its number; where the line has no text that is asked to be a fact, never passed over."""
    house.events(HearText("one", "help", Channel.T140))
    house.events(WriteText("one", "calls:1", "where are you?"))
    assert house.did() == [("say", "one", "where are you?", 2)]
    house.engine.can = False
    house.events(WriteText("one", "calls:1", "hello?"))
    house.did()
    assert house.asked == [SettleText("one", 3, delivered=False, why=NOT_WRITTEN_TO)]


def test_what_is_written_with_a_caller_reaches_every_third_party_and_theirs_the_caller(house):
    """Whoever wrote it, but for themselves."""
    house.events(PlaceLeg("poison", Placing("calls:1", "sip:poison@control.example", Reason.CONFERENCE, "one")))
    house.events(AnswerLeg("poison", "PCMU"))
    house.did()
    house.events(HearText("one", "help", Channel.T140))
    assert house.did() == [("say", "poison", "help")]
    house.events(HearText("poison", "how much?", Channel.T140))
    assert house.did() == [("say", "one", "how much?", 2)]
    house.events(WriteText("one", "calls:1", "help comes"))
    assert house.did() == [("say", "poison", "help comes"), ("say", "one", "help comes", 3)]


@pytest.mark.parametrize("reason", [Reason.CALLBACK, Reason.CALL])
def test_who_typed_is_offered_text_again_when_they_are_called_back(house, reason):
    """Whether that is owed or only done; who never typed is offered none."""
    house.events(HearText("one", "help", Channel.T140))
    house.hang_up("one")
    of = "2255550100" if reason is Reason.CALLBACK else ""
    house.events(PlaceLeg("back", Placing("calls:1", "tel:+12255550100", reason, of)))
    house.events(PlaceLeg("out", Placing("calls:1", "tel:+12255550199")))
    assert ["with text" in did for did in house.did() if did[0] == "originate"] == [True, False]


def test_who_is_consulted_for_a_caller_who_types_is_offered_text(house):
    """Or is joined with them at once."""
    house.events(HearText("one", "help", Channel.T140))
    house.events(PlaceLeg("poison", Placing("calls:1", "sip:poison@control.example", Reason.CONFERENCE, "one")))
    house.events(PlaceLeg("fire", Placing("calls:1", "sip:fire@next.example")))
    assert ["with text" in did for did in house.did() if did[0] == "originate"] == [True, True]
