"""What is kept of a call: its sound by a chain of hashes, its text in one place, its caller when the line breaks."""

import hashlib

import pytest
from tests.comms.switchboard import MINUTE, SECOND, City, Switchboard

from redstick.comms.rules.conversations import TakeLeg
from redstick.comms.rules.legs import AnswerLeg, EndLeg
from redstick.comms.rules.losses import CallerFound, CallerLost, CloseLostCaller, ReportEngine
from redstick.comms.rules.placing import PlaceLeg
from redstick.comms.rules.recordings import (
    CLOSES_AFTER_MS,
    FailRecording,
    HearRecording,
    KeepSegment,
    RecordingClosed,
    RecordingHeard,
    SegmentKept,
    first_link,
    next_link,
)
from redstick.comms.rules.storms import BeginStorm, EndStorm, StormBegan, StormEnded, StormGoesOn
from redstick.comms.rules.tags import Tag, TagLeg
from redstick.comms.rules.texts import (
    LINES_LIVE,
    Channel,
    HearKey,
    HearText,
    KeyPressed,
    SettleText,
    TextSettled,
    WriteText,
)
from redstick.published.comms import Fix, LineKind, Placing, Reason

ADMIN = LineKind.ADMIN
HERE = Fix(x=-911_871_000, y=304_515_000, radius_m=12)


@pytest.fixture
def board():
    """A caller on the admin line, taken by the desk."""
    board = Switchboard()
    board.ring("form", ADMIN)
    board.events(TakeLeg("form", "desk"))
    return board


def pieces(leg, *contents):
    """The commands that keep these pieces, chained."""
    chain = first_link(leg)
    for index, content in enumerate(contents):
        sha256 = hashlib.sha256(content).hexdigest()
        chain = next_link(chain, sha256)
        yield KeepSegment(leg, index, f"{index}.rtp", len(content), sha256, chain)


def test_a_recording_is_kept_piece_by_piece_and_its_head_is_anchored_behind_its_leg(board):
    """The last piece comes after the end; told twice it is kept once."""
    first, second, third = pieces("form", b"a", b"bb", b"ccc")
    assert board.refused(second) == "out_of_order"
    assert isinstance(board.events(first)[0], SegmentKept)
    assert board.events(first) == []
    board.events(second)
    board.wait(CLOSES_AFTER_MS)
    assert board.told(RecordingClosed) == []  # the leg is here
    board.hang_up("form")
    board.events(third)
    board.wait(CLOSES_AFTER_MS)
    assert board.told(RecordingClosed) == [RecordingClosed("form", 3, 6, third.chain)]
    assert board.state.recordings == {}
    assert board.refused(first) == "leg_unknown"


def test_a_piece_that_does_not_follow_is_refused(board):
    """One bit of its hash, or of the chain, is enough; so is what is no hash at all."""
    first, second = pieces("form", b"a", b"b")
    board.events(first)
    for wrong in (first.chain, second.chain[:-1] + ("0" if second.chain[-1] != "0" else "1"), "x"):
        assert board.refused(KeepSegment("form", 1, "1.rtp", 1, second.sha256, wrong)) == "chain_broken"
    assert board.refused(KeepSegment("form", 1, "1.rtp", 1, "zz" * 32, second.chain)) == "chain_broken"
    board.events(second)


def test_a_recording_that_fails_is_said_once_and_mended_by_the_next_piece(board):
    """Nobody learns of it from the size of a file."""
    [failed] = board.events(FailRecording("form", "disk full"))
    assert failed.why == board.state.recordings["form"].failed == "disk full"
    assert board.events(FailRecording("form", "disk full")) == []
    board.events(next(pieces("form", b"a")))
    assert board.state.recordings["form"].failed == ""
    assert board.refused(FailRecording("nobody", "x")) == "leg_unknown"


def test_who_hears_a_recording_is_written_down_with_why(board):
    """However long ago the leg ended; without a name and a reason nothing is heard."""
    assert board.refused(HearRecording("form", "Ana", " ", 0, 3)) == "name_and_reason_needed"
    assert board.refused(HearRecording(" ", "Ana", "review", 0, 3)) == "leg_unnamed"
    assert board.refused(HearRecording("form", "Ana", "review", 3, 2)) == "no_such_pieces"
    assert board.events(HearRecording("old", "Ana", "review", 0, 3)) == [RecordingHeard("old", "Ana", "review", 0, 3)]


def test_text_is_one_conversation_whatever_it_came_by(board):
    """Real-time text joins its line until that ends or the other side writes; messages are lines of their own."""
    for piece in ("he", "lp", "\n", "now"):
        board.events(HearText("form", piece, Channel.T140))
    board.events(WriteText("form", "desk", "where?", Channel.T140))
    board.events(HearText("form", "12 Oak St", Channel.MESSAGE))
    board.events(HearText("form", "hurry", Channel.MSRP))
    assert [(one.by, one.text) for one in board.state.texts["form"]] == [
        ("", "help\n"), ("", "now"), ("desk", "where?"), ("", "12 Oak St"), ("", "hurry"),
    ]  # fmt: skip
    assert board.events(HearText("form", "", Channel.T140)) == []
    for _ in range(LINES_LIVE):
        board.events(HearText("form", "again", Channel.MESSAGE))
    assert len(board.state.texts["form"]) == LINES_LIVE
    board.hang_up("form")
    assert board.state.texts == {}


def test_only_who_is_with_a_caller_writes_to_them(board):
    """And something, of a length that a message can have."""
    assert board.refused(WriteText("form", "other", "hi", Channel.MESSAGE)) == "not_with_you"
    assert board.refused(WriteText("form", "desk", "", Channel.MESSAGE)) == "text_needed"
    assert board.refused(WriteText("form", "desk", "x" * 5000, Channel.MESSAGE)) == "text_too_long"
    for command in (
        WriteText("x", "desk", "hi", Channel.MSRP),
        HearText("x", "hi", Channel.MSRP),
        HearKey("x", "1", ""),
    ):
        assert board.refused(command) == "leg_unknown"


def test_erasing_takes_back_what_the_caller_typed_whoever_wrote_since(board):
    """Across pieces, an end of a line and an answer; more than there is changes nothing. A seat's words stand."""
    for piece in ("helo", "\b\blp\n", "\b!", "he is 61"):
        board.events(HearText("form", piece, Channel.T140))
    assert [one.text for one in board.state.texts["form"]] == ["help!he is 61"]
    board.events(WriteText("form", "desk", "how old?", Channel.T140))
    board.events(HearText("form", "\b2", Channel.T140))
    assert [one.text for one in board.state.texts["form"]] == ["help!he is 6", "how old?", "2"]
    board.events(HearText("form", "\b" * 50, Channel.T140))
    assert [one.text for one in board.state.texts["form"]] == ["how old?"]


def test_what_became_of_a_text_is_a_fact(board):
    """By its number, delivered or not and why; of the caller's own words, and of none, nothing is said."""
    board.events(HearText("form", "hola", Channel.MSRP))
    [written] = board.events(WriteText("form", "desk", "where?"))
    assert (written.channel, written.number) == (Channel.MSRP, 2)
    [second] = board.events(WriteText("form", "desk", "are you there?"))
    failed = SettleText("form", second.number, delivered=False, why="408 no answer")
    assert board.events(failed) == [TextSettled("form", 3, delivered=False, why="408 no answer")]
    assert board.events(failed) == []
    board.events(SettleText("form", 2, delivered=True))
    told = [(one.number, one.delivered, one.why) for one in board.state.texts["form"]]
    assert told == [(1, None, ""), (2, True, ""), (3, False, "408 no answer")]
    assert board.refused(SettleText("form", 1, delivered=True)) == "text_unknown"
    assert board.refused(SettleText("form", 9, delivered=True)) == "text_unknown"
    assert board.refused(SettleText("gone", 2, delivered=True)) == "leg_unknown"


def test_keys_are_facts(board):
    """Those that a telephone has."""
    assert board.events(HearKey("form", "*", "rfc4733")) == [KeyPressed("form", "*", "rfc4733")]
    assert board.refused(HearKey("form", "x", "inband")) == "no_key"


def test_a_tag_is_a_word_by_who_is_with_the_caller(board):
    """The same again changes nothing."""
    assert board.refused(TagLeg("form", "other", Tag.SILENT)) == "not_with_you"
    assert board.refused(TagLeg("nobody", "desk", Tag.SILENT)) == "leg_unknown"
    board.events(TagLeg("form", "desk", Tag.ACCIDENTAL))
    assert board.events(TagLeg("form", "desk", Tag.ACCIDENTAL)) == []
    assert board.state.legs["form"].tag == "accidental"


def test_a_caller_who_is_cut_off_keeps_number_and_place_and_is_called_back_by_one_command():
    """Once they are heard again nothing is left to do."""
    city = City()
    city.ring("one", number="+12255550142", fixes=(HERE,))
    city.answer("one", "calls:1")
    city.events(ReportEngine("embedded", up=False, why="killed"))
    city.events(EndLeg("one", "nobody", "the engine was lost"))
    assert list(city.state.engines_lost) == ["embedded"]
    lost = city.state.lost["one"]
    assert (lost.number, lost.seat, lost.call, lost.fixes) == ("+12255550142", "calls:1", "call-one", (HERE,))
    city.events(ReportEngine("embedded", up=True))
    city.events(PlaceLeg("back", Placing("calls:1", "tel:+1-225-555-0142", Reason.CALLBACK, "2255550142")))
    city.events(AnswerLeg("back", "PCMU"))
    assert (city.state.lost, city.state.engines_lost) == ({}, {})
    assert city.told(CallerFound) == [CallerFound("one", "back")]


def test_a_caller_who_was_cut_off_may_call_again_or_be_closed_by_name():
    """And by nothing else; who hung up was not cut off."""
    city = City()
    for leg in ("one", "two", "three"):
        city.ring(leg, number=f"225555010{len(leg)}")
        city.answer(leg, "calls:1")
    city.hang_up("three")
    for leg in ("one", "two"):
        city.events(EndLeg(leg, "nobody", "lost"))
    assert [one.leg for one in city.told(CallerLost)] == ["one", "two"]
    assert city.refused(CloseLostCaller("one", "Ana", " ")) == "name_and_reason_needed"
    city.events(CloseLostCaller("one", "Ana", "crew is with them"))
    city.events(CloseLostCaller("two", "Ana", "crew is with them"))
    assert city.refused(CloseLostCaller("one", "Ana", "x")) == "leg_unknown"
    assert city.refused(ReportEngine(" ", up=True)) == "engine_unnamed"
    assert city.events(ReportEngine("embedded", up=True)) == []


def test_a_storm_begins_by_the_rate_and_ends_by_it():
    """Twenty in a minute, looked at every five; nobody is told twice."""
    board = Switchboard()
    for number in range(25):
        board.wait(SECOND)
        board.ring(f"leg{number}")
    assert [one.arrivals for one in board.told(StormBegan)] == [20]
    board.wait(5 * MINUTE)
    assert board.told(StormEnded) == [StormEnded("911")]
    assert board.state.storms == {}


def test_a_person_begins_and_ends_a_storm_by_name():
    """One that a person began goes on until a person ends it; after that none begins by itself for half an hour."""
    board = Switchboard()
    assert board.refused(BeginStorm("911", "", "why")) == "name_and_reason_needed"
    assert board.refused(BeginStorm("x", "Ana", "why")) == "queue_unknown"
    assert board.refused(EndStorm("911", "Ana", "why")) == "no_storm"
    board.events(BeginStorm("911", "Ana", "a link is shared"))
    assert board.events(BeginStorm("911", "Ana", "again")) == []
    for _ in range(4):
        board.wait(5 * MINUTE)
    assert len(board.told(StormGoesOn)) == 4
    assert board.refused(EndStorm("911", "Ana", "")) == "name_and_reason_needed"
    board.events(EndStorm("911", "Ana", "it was a test"))
    for number in range(25):
        board.ring(f"leg{number}")
    assert len(board.told(StormBegan)) == 1
    board.wait(31 * MINUTE)
    for number in range(25):
        board.ring(f"late{number}")
    assert len(board.told(StormBegan)) == 2
