"""Softphones in front of an engine: whatever a window, the exchange and the engine do, each line has one life."""

import asyncio
from collections import Counter

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from redstick.adapters.voice.tones import HOLDING, WAITING
from redstick.comms.ports import Answered, Offer, Over, Progress, Stats
from redstick.comms.signalling import Registered, TransferAsked, Unregistered
from redstick.kernel.values import Rejection
from redstick.server.phoning.softphones import Softphones
from redstick.server.phoning.windows import MOST_LINES, LineState, Window

REALM = "redstick"
DEVICE = "web-2101"


class Engine:
    """An engine without a world: which legs have a voice, and who is on hold."""

    def __init__(self):
        self.alive, self.held, self.played = set(), set(), {}

    def listen(self, hear):
        """Whom everything is told."""
        self.hear = hear

    async def attach(self, leg, offer):
        """A voice."""
        if not offer:
            return None
        self.alive.add(leg)
        return f"to {offer}"

    async def originate(self, *_, text=False):
        """Nowhere else is anybody called."""
        return False

    def hang_up(self, leg, cause):
        """Whether it had a voice."""
        if leg not in self.alive:
            return False
        self.over(leg, "us", cause)
        return True

    def over(self, leg, who, cause):
        """Its voice is gone."""
        self.alive.discard(leg)
        self.held.discard(leg)
        self.hear(Over(leg, who, cause))

    def hold(self, leg, sound):
        """It hears a tone."""
        del sound
        self.held.add(leg)
        return True

    def resume(self, leg):
        """And no more."""
        self.held.discard(leg)
        return True

    def play(self, leg, sound):
        """What it hears alone."""
        self.played[leg] = sound
        return leg in self.alive

    def stats(self, leg):
        """Of a voice."""
        return Stats("PCMU") if leg in self.alive else None

    def snapshot(self):
        """Every voice."""
        return tuple(self.alive)


def far_of(leg):
    """Whoever speaks with a leg."""
    return f"far {leg}"


class Lives(RuleBasedStateMachine):
    """A window, an exchange and an engine that do as they please."""

    @initialize()
    def begin(self):
        """The softphone is on."""
        self.loop, self.engine, self.told, self.count = asyncio.new_event_loop(), Engine(), [], 0
        self.phones = Softphones(self.engine, self.name, REALM, WAITING, HOLDING)
        self.phones.know_calls(far_of, lambda _: False)
        self.phones.listen(self.told.append)
        self.switch_on()

    def name(self):
        """Another leg."""
        self.count += 1
        return f"leg{self.count}"

    def switch_on(self):
        """A window of its own."""
        self.window = self.phones.switch_on(Window("w", "dan", DEVICE, "2101", lambda: None))

    def teardown(self):
        """The loop is ours."""
        self.loop.close()

    def line(self, data, *states):
        """One of the lines, or None where there is none in these states."""
        legs = [one.leg for one in self.window.lines.values() if not states or one.state in states]
        return data.draw(st.sampled_from(legs)) if legs else None

    def wait(self, doing):
        """What it gives."""
        return self.loop.run_until_complete(doing)

    @rule()
    def is_called(self):
        """By the exchange."""
        full = len(self.window.lines) >= MOST_LINES or not self.phones.is_on(self.window)
        leg = self.name()
        shown = f'"Ann Able" <sip:2100@{REALM}>'
        assert self.wait(self.phones.originate(leg, f"sip:{DEVICE}@{REALM}", shown)) is not full
        if not full:
            assert self.wait(self.phones.originate(leg, f"sip:{DEVICE}@{REALM}", shown))  # twice is as once
            assert self.told[-1] == Progress(leg, 180)
            line = self.window.lines[leg]
            assert (line.number, line.name, line.state) == ("2100", "Ann Able", LineState.RINGS)

    @rule(offer=st.sampled_from(("", "offer")))
    def dials(self, offer):
        """The person does."""
        full = len(self.window.lines) >= MOST_LINES
        said = self.wait(self.phones.dial(self.window, "2102", offer))
        if full or not offer:
            assert isinstance(said, Rejection)
        else:
            assert isinstance(self.told[-1], Offer)
            assert (self.told[-1].leg, self.told[-1].user) == (said[0], DEVICE)

    @rule(data=st.data())
    def speaks(self, data):
        """The person answers, or brings a voice again."""
        leg = self.line(data)
        if leg is not None:
            self.wait(self.phones.speak(self.window, leg, "offer"))

    @rule(data=st.data())
    def is_connected(self, data):
        """The engine says that a voice is there, for the first time or again."""
        leg = self.line(data)
        if leg in self.engine.alive:
            self.engine.hear(Answered(leg, "PCMU"))

    @rule(data=st.data(), answered=st.booleans())
    def is_settled(self, data, answered):
        """The exchange answers or refuses who dialled."""
        leg = self.line(data, LineState.DIALLED, LineState.RINGS_THERE)
        if leg is not None:
            incoming = self.window.lines[leg].incoming
            if answered:
                assert (self.wait(self.phones.accept(leg)) is None) is incoming
            else:
                assert self.phones.ring(leg)
                assert self.phones.reject(leg, 486, "Busy Here")
                assert (self.told[-1].who, self.told[-1].cause) == ("us", "486 Busy Here")

    @rule(data=st.data(), how=st.sampled_from(("person", "exchange", "engine", "kicked")))
    def ends(self, data, how):
        """By whomever."""
        leg = self.line(data)
        if leg is None:
            return
        match how:
            case "person":
                assert self.phones.end(self.window, leg) is None
                assert self.told[-1].who == "them"
            case "exchange":
                assert self.phones.hang_up(leg, "answered elsewhere")
            case "kicked":
                assert self.phones.kick(leg)
            case _ if leg in self.engine.alive:
                self.engine.over(leg, "nobody", "the connection failed")

    @rule(data=st.data(), held=st.booleans())
    def holds(self, data, held):
        """Or takes off hold."""
        leg = self.line(data)
        if leg is not None:
            said = self.phones.put_on_hold(self.window, leg, held=held)
            assert (said is None) is (self.window.lines[leg].state is LineState.SPEAKS)

    @rule(data=st.data(), code=st.sampled_from((180, 200, 486)))
    def hands_on(self, data, code):
        """And hears how that goes; done, the exchange hangs up."""
        leg = self.line(data, LineState.SPEAKS)
        if leg is not None:
            assert self.phones.hand_on(self.window, leg, to="2103") is None
            assert self.told[-1] == TransferAsked(leg, f"sip:2103@{REALM}")
            assert self.phones.progress_transfer(leg, code, "so")
            assert self.window.lines[leg].transfer == {180: "rings", 200: "", 486: "486 so"}[code]
            if code == 200:
                assert self.phones.hang_up(leg, "handed on")

    @rule()
    def is_lost_for_long(self):
        """What rings there ends; the window comes again, and finds whoever speaks with it."""
        self.phones._forget(self.window)
        assert set(self.window.lines) <= self.engine.alive
        self.switch_on()
        assert set(self.window.lines) == set(self.phones.snapshot())

    @precondition(lambda self: self.count > 3)
    @rule()
    def goes_off_and_on(self):
        """Everything ends; what comes after begins anew."""
        self.phones.switch_off(self.window)
        assert self.window.lines == {}
        assert isinstance(self.told[-1], Unregistered)
        self.switch_on()
        assert isinstance(self.told[-1], Registered)

    @invariant()
    def a_leg_ends_once_and_is_alive_until_then(self):
        """In the window, and for whoever asks the engine."""
        ended = Counter(one.leg for one in self.told if isinstance(one, Over))
        assert all(count == 1 for count in ended.values())
        lines = set(self.window.lines)
        assert not lines & set(ended)
        assert lines == set(self.phones.snapshot())
        begun = {one.leg for one in self.told if isinstance(one, Progress | Offer)}
        assert begun == lines | set(ended)

    @invariant()
    def who_called_is_answered_once_and_whoever_dialled_is_not_told_so_by_their_own_voice(self):
        """An answer is told of what rang here, when its voice is there."""
        answered = Counter(one.leg for one in self.told if isinstance(one, Answered))
        rang = {one.leg for one in self.told if isinstance(one, Progress)}
        assert set(answered) <= rang
        assert all(count == 1 for count in answered.values())

    @invariant()
    def one_line_speaks_and_both_ends_of_a_held_one_are_held(self):
        """Nobody hears what is said on another line; whoever is left is on hold no more."""
        lines = self.window.lines.values()
        assert sum(one.state is LineState.SPEAKS and not one.held for one in lines) <= 1
        held = {one.leg for one in lines if one.held}
        assert self.engine.held == held | {far_of(leg) for leg in held}


TestLives = Lives.TestCase
TestLives.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
