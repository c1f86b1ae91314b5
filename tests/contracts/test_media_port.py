"""What every engine of voice does, whatever it is made of; what one cannot do it declares, and is not asked."""

import asyncio

import pytest
from tests.contracts.media_engines import ENGINES, LOUD, QUIET

from redstick.adapters.voice.digits import Pressed
from redstick.adapters.voice.recording import faults
from redstick.adapters.voice.tones import tone
from redstick.comms.ports import OPERATIONS, Digit, Over, Role, Segment, TextSettled, seat_leg

pytestmark = [pytest.mark.sockets, pytest.mark.voice]
BEEP = tone((440,), 1.0, 0.0)


@pytest.fixture(params=ENGINES)
def lived(request, tmp_path):
    """Lives a story on an engine; a story names the operations that it needs."""

    def lived(story, *needs):
        async def whole():
            async with ENGINES[request.param](tmp_path) as stage:
                lacking = set(needs) - stage.engine.capabilities()
                if lacking:
                    pytest.skip(f"{request.param} declares that it lacks {sorted(lacking)}")
                await story(stage)

        asyncio.run(whole())

    return lived


def test_what_an_engine_can_is_of_the_port(lived):
    """Nothing is declared that nobody could ask for."""

    async def story(stage):
        assert stage.engine.capabilities() <= set(OPERATIONS)

    lived(story)


def test_a_leg_ends_once_and_is_then_no_more(lived):
    """Whoever ended it: one end, told once; every command on it gives False or None and does nothing."""

    async def story(stage):
        one, two = await stage.call(), await stage.call()
        await stage.hang_up(one)
        await stage.desk.until(lambda: stage.desk.of(Over))
        assert stage.engine.hang_up(two, "enough")
        engine = stage.engine
        for leg in (one, two, "never"):
            asked = [
                engine.ring(leg), engine.reject(leg, 486, "Busy"), engine.play(leg, BEEP), engine.stop(leg),
                engine.echo(leg), engine.join("room", leg), engine.leave(leg), engine.hold(leg, BEEP),
                engine.resume(leg), engine.mute(leg, muted=True), engine.kick(leg), engine.record(leg),
                engine.stop_recording(leg), engine.hang_up(leg, "again"), engine.say(leg, "x"),
                engine.send_key(leg, "1"),
            ]  # fmt: skip
            assert asked == [False] * len(asked)
            assert (await engine.accept(leg), engine.stats(leg)) == (None, None)
        assert [(over.leg, over.who) for over in stage.desk.of(Over)] == [(one, "them"), (two, "us")]
        assert engine.snapshot() == ()

    lived(story)


def test_who_is_in_a_room_hears_the_others_by_their_roles(lived):
    """Two speak, a third is heard only while it may be; two at once are louder than one; alone there is silence."""

    async def story(stage):
        one, two, three = await stage.call(), await stage.call(), await stage.call(speaks=False)
        engine = stage.engine
        for leg in (one, two, three):
            assert engine.stop(leg)
        assert engine.join("room", one)
        assert engine.join("room", one)
        await stage.silent(one)  # not itself
        assert engine.join("room", two, Role.MONITOR)
        await stage.silent(one)
        await stage.loud(two)
        assert engine.join("room", two, Role.COACH)
        await stage.silent(one)  # a coach is heard by seats alone
        assert engine.join("room", two)
        assert engine.join("room", three, Role.LISTENER)
        await stage.loud(one)
        await stage.loud(three)
        await stage.louder(three, one)
        assert engine.mute(two, muted=True)
        await stage.silent(one)
        assert engine.mute(two, muted=False)
        assert engine.leave(two, "another")  # it is not there, and stays where it is
        await stage.loud(one)
        assert engine.leave(two, "room")
        assert engine.leave(two)
        await stage.silent(one)
        assert engine.join("another", two)
        await stage.silent(two)

    lived(story, "join", "leave", "mute")


def test_who_is_on_hold_hears_a_tone_and_is_heard_by_nobody(lived):
    """Twice is once; when it is resumed both hear each other."""

    async def story(stage):
        one, two = await stage.call(), await stage.call(speaks=False)
        engine = stage.engine
        engine.stop(one)
        engine.stop(two)
        for leg in (one, two):
            engine.join("room", leg)
        assert engine.hold(one, BEEP)
        assert engine.hold(one, BEEP)
        await stage.loud(one)
        await stage.silent(two)
        assert engine.stats(one).energy > LOUD  # it is still measured
        assert engine.resume(one)
        assert engine.resume(one)
        await stage.loud(two)
        await stage.silent(one)

    lived(story, "hold", "resume")


def test_a_caller_who_is_put_out_is_hung_up(lived):
    """It leaves its room and its call."""

    async def story(stage):
        one, two = await stage.call(), await stage.call(speaks=False)
        stage.engine.stop(two)
        for leg in (one, two):
            stage.engine.join("room", leg)
        assert stage.engine.kick(one)
        assert [over.leg for over in stage.desk.of(Over)] == [one]
        await stage.silent(two)

    lived(story, "kick")


def test_a_test_call_hears_itself(lived):
    """And only itself."""

    async def story(stage):
        one = await stage.call()
        assert stage.engine.echo(one)
        await stage.loud(one)

    lived(story, "echo")


def test_what_a_leg_says_is_kept_and_verifies_from_disk(lived, tmp_path):
    """On hold and muted too; each segment is told once it is closed, with the hash of its file."""

    async def story(stage):
        one = await stage.call()
        assert stage.engine.record(one)
        assert stage.engine.record(one)
        stage.engine.mute(one, muted=True)
        stage.engine.hold(one, BEEP)
        await stage.desk.until(lambda: stage.engine.stats(one).packets_in > 60)
        assert stage.engine.stop_recording(one)
        assert not stage.engine.stop_recording(one)
        [segment] = stage.desk.of(Segment)
        assert (segment.leg, segment.index) == (one, 0)
        assert segment.bytes > 40 * 160
        assert list(faults(one, tmp_path / one)) == []

    lived(story, "record")


def test_a_key_is_told_once(lived):
    """Six packets are one key; one that never said its end is told all the same."""

    async def story(stage):
        one = await stage.call(speaks=False)
        await stage.press(one, 9)
        await stage.desk.until(lambda: stage.desk.of(Digit))
        await asyncio.sleep(0.1)
        assert stage.desk.of(Digit) == [Digit(one, "9", "rfc4733", 20)]

    lived(story, "digits")


def test_a_key_in_info_is_told_with_its_duration(lived):
    """As a phone says it that is set so; it is answered."""

    async def story(stage):
        one = await stage.call(speaks=False)
        assert await stage.press_by_info(one, "#", 250) == 200
        await stage.desk.until(lambda: stage.desk.of(Digit))
        assert stage.desk.of(Digit) == [Digit(one, "#", "info", 250)]

    lived(story, "digits")


def test_keys_that_are_sent_reach_one_far_end_by_its_own_payload_type(lived):
    """Each once, in order, for its time; whoever else is in the room hears neither key nor tone of it."""

    async def story(stage):
        one, two = await stage.call(speaks=False), await stage.call(speaks=False, events=96)
        engine, presses = stage.engine, [("4", 100), ("4", 60), ("*", 140), ("0", 0)]
        for leg in (one, two):
            engine.stop(leg)
            assert engine.join("room", leg)
        await stage.silent(one)
        assert all(engine.send_key(two, *press) for press in presses)
        assert not engine.send_key(two, "x", 100)
        assert engine.send_key(one, "5", 1_000)  # longer than the others together
        told, loudness = await stage.keys(two, 96, len(presses))
        assert told == [Pressed(key, "rfc4733", ms or 100) for key, ms in presses]
        assert loudness < QUIET
        assert await stage.keys(one, 101, 1) == ([Pressed("5", "rfc4733", 1_000)], 0)
        assert stage.desk.of(Digit) == []
        await stage.silent(one)

    lived(story, "send_key")


def test_who_knows_no_events_hears_the_tones_of_a_key(lived):
    """A phone without them, and a browser; nothing is sent on hold."""

    async def story(stage):
        phone = await stage.call(speaks=False, events=None)
        seat, headset = await stage.seat("one")
        engine = stage.engine
        engine.stop(phone)
        engine.mute(seat, muted=True)
        await stage.silent(phone)
        for leg in (phone, seat):
            assert engine.send_key(leg, "5", 1_000)
        await stage.loud(phone)
        await stage.desk.until(lambda: headset.loudest > 3_000)
        await stage.silent(phone)
        assert engine.hold(phone, None)
        assert not engine.send_key(phone, "5")
        assert engine.resume(phone)
        assert engine.send_key(phone, "5")

    lived(story, "attach", "hold", "send_key")


def test_a_seat_and_a_caller_hear_each_other(lived, tmp_path):
    """Both have energy and packets, none is lost; what the seat says is kept as it was received."""

    async def story(stage):
        one = await stage.call()
        seat, headset = await stage.seat("one")
        engine = stage.engine
        assert set(engine.snapshot()) == {one, seat}
        assert engine.record(seat)
        assert engine.join("room", one)
        assert engine.join("room", seat)
        await stage.desk.until(lambda: headset.loudest > 3_000 and engine.stats(seat).packets_in > 100)
        await stage.loud(one)
        said = engine.stats(seat)
        assert (said.lost, said.refused, said.codec) == (0, 0, "PCMU")
        assert said.energy > LOUD
        assert engine.mute(seat, muted=True)
        await stage.silent(one)
        assert engine.stop_recording(seat)
        [segment] = stage.desk.of(Segment)
        assert segment.bytes > 50 * 160
        assert list(faults(seat, tmp_path / "seat%3Aone")) == []
        assert engine.hang_up(seat, "enough")
        assert [over.leg for over in stage.desk.of(Over)] == [seat]

    lived(story, "attach", "join", "record", "mute")


def test_a_coach_is_heard_by_the_seat_and_not_by_the_caller(lived):
    """Whoever it is in the room whom the seat alone may hear; a monitor is heard by nobody."""

    async def story(stage):
        caller, coach = await stage.call(speaks=False), await stage.call()
        seat, headset = await stage.seat("one")
        engine = stage.engine
        engine.stop(caller)
        engine.stop(coach)
        engine.mute(seat, muted=True)
        assert engine.join("room", caller)
        assert engine.join("room", seat)
        assert engine.join("room", coach, Role.COACH)
        await stage.desk.until(lambda: headset.loudest > 3_000)
        await stage.silent(caller)
        assert engine.join("room", coach, Role.MONITOR)
        await stage.quiet(headset)
        assert engine.join("room", coach)
        await stage.loud(caller)

    lived(story, "attach", "join", "mute")


def test_a_browser_that_comes_again_takes_the_place_of_the_one_before(lived):
    """The same leg in the same room, muted as it was; nobody is told that anything ended, until the last one goes."""

    async def story(stage):
        one = await stage.call(speaks=False)
        engine = stage.engine
        engine.stop(one)
        seat, _ = await stage.seat("one")
        assert engine.join("room", one)
        assert engine.join("room", seat)
        assert engine.mute(seat, muted=True)
        again, headset = await stage.seat("one")
        assert (again, stage.desk.of(Over)) == (seat, [])
        await stage.desk.until(lambda: engine.stats(seat).packets_in > 50)
        await stage.silent(one)
        assert engine.mute(seat, muted=False)
        await stage.loud(one)
        await headset.connection.close()
        await stage.desk.until(lambda: stage.desk.of(Over))
        assert [over.leg for over in stage.desk.of(Over)] == [seat]
        assert engine.snapshot() == (one,)

    lived(story, "attach", "join", "mute")


@pytest.mark.parametrize(
    "offer",
    ["", "nonsense", "v=0\r\n", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n" + "m=audio 9 RTP/AVP 0\r\n" * 2,
     "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 9\r\n",
     "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\n", "x" * 100_000],
)  # fmt: skip
def test_what_is_no_offer_of_a_voice_is_refused_and_leaves_nothing(lived, offer):
    """No leg stands, nothing is raised, and a seat with an offer is taken after it."""

    async def story(stage):
        assert await stage.engine.attach(seat_leg("one"), offer) is None
        assert stage.engine.snapshot() == ()
        seat, _ = await stage.seat("one")
        assert stage.engine.snapshot() == (seat,)

    lived(story, "attach")


def test_a_text_is_told_of_once_by_its_number_delivered_or_not(lived):
    """In the order in which they were written; what is under way when the leg ends was not, and that comes first."""

    async def story(stage):
        leg = await stage.call(speaks=False)
        for number, text in enumerate(("where are you?", "which floor?", "hello?"), start=1):
            assert stage.engine.say(leg, text, number)
        assert await stage.take_text(leg, 200, "OK") == "where are you?"
        assert await stage.take_text(leg, 480, "Away") == "which floor?"
        await stage.desk.until(lambda: len(stage.desk.of(TextSettled)) == 2)
        await stage.hang_up(leg)
        await stage.desk.until(lambda: stage.desk.of(Over))
        told = [(one.number, one.delivered) for one in stage.desk.of(TextSettled)]
        assert told == [(1, True), (2, False), (3, False)]
        assert isinstance(stage.told[-1], Over)

    lived(story, "say")
