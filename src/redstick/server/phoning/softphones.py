"""Phones that ring in a browser: each line is a leg of its own, whose voice is a connection of that browser (WebRTC).

To the exchange a softphone is a phone like any other: it registers as long as a window has it on, is called by
`originate`, answers, hangs up, asks for a transfer, calls, by the same events as one of SIP. So routes, records,
voicemail and 911 need not know of it, and it is the same on every engine.
"""

import asyncio
from collections.abc import Callable

from redstick.comms.ports import (
    Answered,
    BodyPart,
    Digit,
    EngineEvent,
    MediaPort,
    Offer,
    Over,
    Progress,
    Sound,
    Stats,
)
from redstick.comms.signalling import Registered, TransferAsked, Unregistered
from redstick.kernel.values import Rejection
from redstick.phones.numbering import KEYS
from redstick.published.comms import Arrival, LineKind
from redstick.server.phoning.through import Through
from redstick.server.phoning.windows import MOST_LINES, LineOver, LineState, SoftphoneLine, Window, rung

GRACE_S = 8.0  # for which a window that has lost the house stays on
LASTING_S = 3600  # what a registration says; it ends with its window, whatever this says
DECLINED, BYE, GONE = "603 Decline", "bye", "480 its window is gone"


class Softphones(Through):
    """An engine with the softphones of windows. `new_leg` gives ids, `realm` is the domain of the phones' addresses.

    `ringing` is what somebody hears while it rings elsewhere, `holding` who is held.
    """

    def __init__(
        self, engine: MediaPort, new_leg: Callable[[], str], realm: str, ringing: Sound, holding: Sound
    ) -> None:
        super().__init__(engine)
        self._new_leg, self._realm = new_leg, realm
        self._ringing, self._holding = ringing, holding
        self._hear: Callable[[EngineEvent], None] = lambda _: None
        self._far: Callable[[str], str] = lambda _: ""
        self._helps: Callable[[str], bool] = lambda _: False
        self._windows: dict[str, Window] = {}  # by device
        self._of: dict[str, Window] = {}  # by leg

    def listen(self, hear: Callable[[EngineEvent], None]) -> None:
        """Whom everything is told."""
        self._hear = hear
        self._engine.listen(self._heard)

    def know_calls(self, far: Callable[[str], str], helps: Callable[[str], bool]) -> None:
        """Who tells with which leg a leg speaks, "" for none, and whether a leg calls for help."""
        self._far, self._helps = far, helps

    async def close(self) -> None:
        """Every line ends, then the engine."""
        for leg in list(self._of):
            self.hang_up(leg, "going down")
        await super().close()

    def _heard(self, event: EngineEvent) -> None:
        window = self._of.get(getattr(event, "leg", ""))
        if window is None:
            self._hear(event)
            return
        match event:
            case Answered(leg=leg):
                line = window.lines[leg]
                if line.state is LineState.CONNECTING:  # whoever dialled is answered by the other end
                    self._hold_others(window, leg)
                    self._move(leg, LineState.SPEAKS)
                    self._hear(event)
            case Over(leg=leg, who=who, cause=cause):
                who, cause = window.leaving.pop(leg, (who, cause))
                self._end(window, leg, Over(leg, who, cause, event.packets_in, event.packets_out))
            case _:
                self._hear(event)

    def _end(self, window: Window, leg: str, over: Over) -> None:
        del self._of[leg]
        line = window.lines.pop(leg)
        window.voiced.discard(leg)
        window.over = LineOver(leg, line.number, line.incoming, line.state is LineState.SPEAKS, over.who, over.cause)
        self._let_go(window, leg)
        self._hear(over)
        window.changed()

    # What the exchange asks

    async def originate(
        self,
        leg: str,
        target: str,
        caller: str,
        headers: tuple[tuple[str, str], ...] = (),
        key: str = "",
        parts: tuple[BodyPart, ...] = (),
        *,
        text: bool = False,
    ) -> bool:
        """Rings in the window of a softphone that is on, else by the engine."""
        if leg in self._of:
            return True
        window = self._windows.get(target.removeprefix("sip:").partition("@")[0])
        if window is None or len(window.lines) >= MOST_LINES:
            return await super().originate(leg, target, caller, headers, key, parts, text=text)
        self._enrol(window, rung(leg, caller, headers))
        self._hear(Progress(leg, 180))
        return True

    def ring(self, leg: str) -> bool:
        """Whoever dialled here hears that it rings."""
        line = self._line(leg)
        if line is None:
            return super().ring(leg)
        if line.incoming or line.state is LineState.SPEAKS:
            return False
        self._move(leg, LineState.RINGS_THERE)
        return self._engine.play(leg, self._ringing)

    async def accept(self, leg: str) -> str | None:
        """Whoever dialled here is answered."""
        line = self._line(leg)
        if line is None:
            return await super().accept(leg)
        said = self._engine.stats(leg)
        if line.incoming or said is None:
            return None
        self._hold_others(self._of[leg], leg)
        self._move(leg, LineState.SPEAKS)
        self._engine.play(leg, None)
        return said.codec

    def reject(self, leg: str, code: int, reason: str) -> bool:
        """Whoever dialled here is refused."""
        line = self._line(leg)
        if line is None:
            return super().reject(leg, code, reason)
        return not line.incoming and line.state is not LineState.SPEAKS and self._leave(leg, "us", f"{code} {reason}")

    def hang_up(self, leg: str, cause: str) -> bool:
        """A line ends, whether its voice is there or not."""
        return self._leave(leg, "us", cause) if leg in self._of else super().hang_up(leg, cause)

    def kick(self, leg: str) -> bool:
        """A line is a call: it is hung up."""
        return self._leave(leg, "us", "put out") if leg in self._of else super().kick(leg)

    def transfer(self, leg: str, target: str, attended_leg: str = "") -> bool:
        """No browser is asked to call somebody itself."""
        return leg not in self._of and super().transfer(leg, target, attended_leg)

    def progress_transfer(self, leg: str, code: int, reason: str) -> bool:
        """How a transfer goes that a window asked for."""
        line = self._line(leg)
        if line is None:
            return super().progress_transfer(leg, code, reason)
        line.transfer = "rings" if code < 200 else "" if code < 300 else f"{code} {reason}"
        self._of[leg].changed()
        return True

    def stats(self, leg: str) -> Stats | None:
        """Its voice so far."""
        return super().stats(leg) or (Stats() if leg in self._of else None)

    def snapshot(self) -> tuple[str, ...]:
        """Lines that ring are alive too."""
        return tuple(dict.fromkeys((*super().snapshot(), *self._of)))

    def _leave(self, leg: str, who: str, cause: str) -> bool:
        window = self._of[leg]
        window.leaving.setdefault(leg, (who, cause))
        if not self._engine.hang_up(leg, cause):  # no voice is there yet, or any more
            who, cause = window.leaving.pop(leg)
            self._end(window, leg, Over(leg, who, cause))
        return True

    def _line(self, leg: str) -> SoftphoneLine | None:
        window = self._of.get(leg)
        return None if window is None else window.lines[leg]

    def _enrol(self, window: Window, line: SoftphoneLine) -> None:
        window.lines[line.leg] = line
        self._of[line.leg] = window
        window.over = None
        window.changed()

    def _move(self, leg: str, state: LineState) -> None:
        window = self._of[leg]
        window.lines[leg].state = state
        window.changed()

    # What a window asks

    def switch_on(self, window: Window) -> Window | Rejection:
        """A window has the softphone from now on; the same one that comes again has its lines. Rejections: `in_use`."""
        before = self._windows.get(window.device) or self._left_speaking(window)
        if before is None or (before.id, before.person) != (window.id, window.person):
            if before is not None and before.lines:
                return Rejection("in_use", {"number": window.number})
            if before is not None:
                self._forget(before)
            before = window
        before.changed, before.gone = window.changed, False
        if self._windows.get(window.device) is not before:
            self._windows[window.device] = before
            self._hear(Registered(window.device, _contact(window), "", LASTING_S))
        return before

    def _left_speaking(self, window: Window) -> Window | None:
        """What the same window was before it was lost for long, if somebody speaks there still."""
        same = (window.id, window.person, window.device)
        return next((one for one in self._of.values() if (one.id, one.person, one.device) == same), None)

    def lose(self, window: Window, changed: Callable[[], None]) -> None:
        """A stream of a window is closed: it stays on for a moment, so that a network may fail for as long."""
        if window.changed is not changed:  # it has come again already
            return
        window.gone, window.changed = True, lambda: None
        asyncio.get_running_loop().call_later(GRACE_S, self._lost, window)

    def _lost(self, window: Window) -> None:
        if window.gone and self._windows.get(window.device) is window:
            self._forget(window)

    def switch_off(self, window: Window) -> None:
        """Its person has switched it off, or their session is over: lines end, but for a voice that calls for help."""
        if self._windows.get(window.device) is window:
            for leg in [leg for leg in window.lines if not self._helps(leg)]:
                self._leave(leg, "them", BYE)
            self._forget(window)

    def is_on(self, window: Window) -> bool:
        """Whether a window has the softphone still."""
        return self._windows.get(window.device) is window

    def _forget(self, window: Window) -> None:
        """It is called no more. What rings ends; what is spoken goes on until its voice is gone too."""
        del self._windows[window.device]
        for leg in [leg for leg in window.lines if leg not in window.voiced]:
            self._leave(leg, "nobody", GONE)
        self._hear(Unregistered(window.device, _contact(window), "asked"))
        window.changed()

    def window_of(self, name: str, person: str) -> Window | None:
        """The window of a person that has a softphone on, by the name that it gave itself."""
        return next((one for one in self._windows.values() if one.id == name and one.person == person), None)

    async def dial(self, window: Window, number: str, offer: str) -> tuple[str, str] | Rejection:
        """The new line and the answer to its offer.

        Rejections: `number_needed`, `lines_taken`, `offer_refused`, `softphone_off` (by now).
        """
        if not number:
            return Rejection("number_needed")
        if len(window.lines) >= MOST_LINES:
            return Rejection("lines_taken", {"at_most": MOST_LINES})
        leg = self._new_leg()
        answer = await self._engine.attach(leg, offer)
        if answer is None:
            return Rejection("offer_refused")
        if not self.is_on(window):  # it was switched off in between
            self._engine.hang_up(leg, "over")
            return Rejection("softphone_off")
        self._hold_others(window, leg)
        self._enrol(window, SoftphoneLine(leg, incoming=False, number=number))
        window.voiced.add(leg)
        arrival = Arrival(
            line=LineKind.ADMIN,
            target=f"sip:{number}@{self._realm}",
            number=window.number,
            transport="webrtc",
            dialog=leg,
        )
        self._hear(Offer(leg, arrival, window.device))
        return leg, answer

    async def speak(self, window: Window, leg: str, offer: str) -> str | Rejection:
        """Answer a line that rings, or bring its voice again: the answer to an offer.

        Rejections: `line_unknown` (it may be over), `offer_refused`.
        """
        line = window.lines.get(leg)
        if line is None:
            return Rejection("line_unknown", {"leg": leg})
        rang, answer = line.state is LineState.RINGS, await self._engine.attach(leg, offer)
        if answer is None:
            return Rejection("offer_refused")
        if leg not in window.lines:  # who called has given up in between
            self._engine.hang_up(leg, "over")
            return Rejection("line_unknown", {"leg": leg})
        window.voiced.add(leg)
        if rang and line.state is LineState.RINGS:
            self._hold_others(window, leg)
            self._move(leg, LineState.CONNECTING)
        return answer

    def end(self, window: Window, leg: str) -> Rejection | None:
        """Hang up, or decline. Rejections: `line_unknown`."""
        line = window.lines.get(leg)
        if line is None:
            return Rejection("line_unknown", {"leg": leg})
        self._leave(leg, "them", DECLINED if line.state is LineState.RINGS else BYE)
        return None

    def put_on_hold(self, window: Window, leg: str, *, held: bool) -> Rejection | None:
        """Hold it, or speak again, which holds the others. Rejections: `line_unknown`, `not_spoken`."""
        line = window.lines.get(leg)
        if line is None:
            return Rejection("line_unknown", {"leg": leg})
        if line.state is not LineState.SPEAKS:
            return Rejection("not_spoken", {"leg": leg})
        if held:
            self._hold(window, line)
        else:
            self._hold_others(window, leg)
            line.held = False
            self._let_go(window, leg)
            self._hear_again(leg)
        window.changed()
        return None

    def _hold_others(self, window: Window, leg: str) -> None:
        for line in window.lines.values():
            if line.leg != leg and line.state is LineState.SPEAKS:
                self._hold(window, line)

    def _hold(self, window: Window, line: SoftphoneLine) -> None:
        if line.held:
            return
        line.held, far = True, self._far(line.leg)
        self._engine.hold(line.leg, None)
        if far:
            window.holding[line.leg] = far
            self._engine.hold(far, self._holding)

    def _let_go(self, window: Window, leg: str) -> None:
        """Who heard a tone because of us is heard again."""
        far = window.holding.pop(leg, "")
        if far:
            self._hear_again(far)

    def _hear_again(self, leg: str) -> None:
        """Unless it is on hold at either end still."""
        line = self._line(leg)
        by_others = any(leg in window.holding.values() for window in self._of.values())
        if not by_others and (line is None or not line.held):
            self._engine.resume(leg)

    def press(self, window: Window, leg: str, keys: str) -> Rejection | None:
        """Keys, as of a telephone. Rejections: `line_unknown`, `not_spoken` (it is held, too), `key_unknown`."""
        line = window.lines.get(leg)
        if line is None:
            return Rejection("line_unknown", {"leg": leg})
        if line.state is not LineState.SPEAKS or line.held:
            return Rejection("not_spoken", {"leg": leg})
        if not keys or any(key not in KEYS for key in keys):
            return Rejection("key_unknown", {"expected": KEYS})
        for key in keys:
            self._hear(Digit(leg, key, "info"))
        return None

    def hand_on(self, window: Window, leg: str, to: str = "", attended: str = "") -> Rejection | None:
        """Ask that whoever is on a line speaks with a number, or with who is on another line.

        Rejections: `line_unknown`, `not_spoken`, `number_needed`.
        """
        line, other = window.lines.get(leg), window.lines.get(attended)
        if line is None or (attended and other is None):
            return Rejection("line_unknown", {"leg": attended if line is not None else leg})
        if line.state is not LineState.SPEAKS or (other is not None and other.state is not LineState.SPEAKS):
            return Rejection("not_spoken", {"leg": leg})
        if not attended and not to.strip():
            return Rejection("number_needed")
        line.transfer = "asked"
        window.changed()
        self._hear(TransferAsked(leg, "" if attended else f"sip:{to.strip()}@{self._realm}", attended))
        return None


def _contact(window: Window) -> str:
    return f"window:{window.id}"
