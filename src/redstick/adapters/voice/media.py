"""The voice of the engine: seats' standing legs, rooms and holding, over whatever brings the packets."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

from redstick.adapters.voice.calls import Leg
from redstick.adapters.voice.recording import Recorder
from redstick.adapters.voice.rooms import SEAT, Rooms
from redstick.adapters.voice.rtp import Stream
from redstick.adapters.voice.standing import Refused, Seats, Standing
from redstick.comms.ports import Answered, Digit, EngineEvent, Over, RecordingFailed, Role, Sound, Speech, Stats

PACE_S, MOST_LATE = 0.02, 10  # packets behind time that are made up for; more are left out
MOST_BROWSERS = 500


class Media:
    """`legs` are the calls that are alive, whoever changes them; standing legs are kept here.

    `recordings` is the folder of what is kept, None where nothing can be; `seats` makes the connection of a browser.
    """

    def __init__(
        self,
        legs: Mapping[str, Leg],
        tell: Callable[[EngineEvent], None],
        recordings: Path | None = None,
        seats: Seats | None = None,
    ) -> None:
        self._legs, self._tell, self._recordings = legs, tell, recordings
        self._seats = seats or _in_this_process()
        self._recorders: dict[str, Recorder] = {}
        self._rested: dict[str, Recorder] = {}  # of seats, which go on with theirs in the next call
        self._browsers: dict[str, Standing] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._rooms = Rooms(self._streams, lambda leg, pressed: tell(Digit(leg, *pressed)))

    def is_alive(self, leg: str) -> bool:
        """Whether it is here."""
        return leg in self._legs or leg in self._browsers

    def stream(self, leg: str) -> Stream | None:
        """Its voice, None where it has none yet."""
        if leg in self._browsers:
            return self._browsers[leg].stream
        return self._legs[leg].stream if leg in self._legs else None

    def alive(self) -> tuple[str, ...]:
        """Every leg."""
        return (*self._legs, *self._browsers)

    # Standing legs

    async def attach(self, leg: str, offer: str) -> str | None:
        """A browser in the place of the one that stood there, if any."""
        if leg in self._legs or (leg not in self._browsers and len(self._browsers) >= MOST_BROWSERS):
            return None
        browser = self._seats(lambda state: self._changed(leg, browser, state))
        try:
            answer = await browser.answer(offer)
        except Refused:
            await browser.close()
            return None
        before, self._browsers[leg] = self._browsers.get(leg), browser
        if before is not None:
            browser.stream.muted = before.stream.muted
            self._close(before)
        return answer

    def detach(self, leg: str, who: str, cause: str) -> bool:
        """End a standing leg; whether it was one."""
        browser = self._browsers.pop(leg, None)
        if browser is None:
            return False
        self._close(browser)
        self.forget(leg)
        said = browser.stream.stats()
        self._tell(Over(leg, who, cause, said.packets_in, said.packets_out))
        return True

    def _changed(self, leg: str, browser: Standing, state: str) -> None:
        if self._browsers.get(leg) is not browser:
            return  # it was replaced, and its end is ours
        if state == "connected":
            self._tell(Answered(leg, browser.codec))
        elif state in {"failed", "closed"}:
            self.detach(leg, "nobody" if state == "failed" else "them", f"the connection {state}")

    def _close(self, browser: Standing) -> None:
        task = asyncio.create_task(browser.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Every standing leg is over."""
        for leg in list(self._browsers):
            self.detach(leg, "us", "going down")
        await asyncio.gather(*self._closing, return_exceptions=True)

    # Who hears what

    def join(self, room: str, leg: str, role: Role) -> bool:
        """Into a room."""
        if not room or not self.is_alive(leg):
            return False
        self._rooms.join(room, leg, role)
        return True

    def take_place(self, leg: str, other: str) -> bool:
        """Be where another leg is, as what it is there; that leaves. False where it is not here."""
        if not self.is_alive(leg) or not self.is_alive(other):
            return False
        place = self._rooms.of(other)
        if place.room:
            self._rooms.join(place.room, leg, place.role)
        self._rooms.leave(other)
        return True

    def leave(self, leg: str, room: str = "") -> bool:
        """Out of its room, or out of that one alone; what it heard on hold is over too."""
        if not self.is_alive(leg):
            return False
        if room and self._rooms.of(leg).room != room:
            return True
        self.resume(leg)
        self._rooms.leave(leg)
        return True

    def hold(self, leg: str, sound: Sound | None) -> bool:
        """It hears the sound, and is heard by nobody."""
        if not self.is_alive(leg):
            return False
        place = self._rooms.of(leg)
        if not place.held:
            place.held = True
            self._play(leg, sound)
        return True

    def resume(self, leg: str) -> bool:
        """As before."""
        if not self.is_alive(leg):
            return False
        place = self._rooms.of(leg)
        if place.held:
            place.held = False
            self._play(leg, place.playing)
        return True

    def play(self, leg: str, sound: Sound | Speech | None) -> bool:
        """It is heard as soon as the leg has a voice, is in no room with others and not on hold."""
        if not self.is_alive(leg):
            return False
        place = self._rooms.of(leg)
        place.playing, place.echo = sound, False
        if not place.held:
            self._play(leg, sound)
        return True

    def _play(self, leg: str, sound: Sound | Speech | None) -> None:
        if leg in self._legs:
            self._legs[leg].play(sound)
        else:
            self._browsers[leg].stream.play(sound)

    def echo(self, leg: str) -> bool:
        """What it says comes back."""
        if self.stream(leg) is None:
            return False
        self._rooms.leave(leg)
        self._rooms.of(leg).echo = True
        return True

    def mute(self, leg: str, *, muted: bool) -> bool:
        """It is still heard and measured here, and goes nowhere."""
        stream = self.stream(leg)
        if stream is None:
            return False
        stream.muted = muted
        return True

    def send_key(self, leg: str, key: str, ms: int) -> bool:
        """It is heard by its far end alone, and not on hold."""
        stream = self.stream(leg)
        return stream is not None and not self._rooms.of(leg).held and stream.press(key, ms)

    def stats(self, leg: str) -> Stats | None:
        """Its voice so far."""
        stream = self.stream(leg)
        return stream.stats() if stream is not None else Stats() if self.is_alive(leg) else None

    def forget(self, leg: str) -> None:
        """It is over."""
        self._rooms.forget(leg)
        self.stop_recording(leg)

    def record(self, leg: str, known: int | None = None) -> bool:
        """In a folder of its own, as soon as it has a voice. What stands there may be beyond use: that is told."""
        if self._recordings is None or not self.is_alive(leg):
            return False
        if leg not in self._recorders:
            recorder = self._rested.pop(leg, None)
            try:
                recorder = recorder or Recorder(leg, self._recordings / quote(leg, safe=""), self._tell, known)
            except (OSError, ValueError) as error:
                self._tell(RecordingFailed(leg, str(error)))
                return False
            self._recorders[leg] = recorder
        return True

    def salvage(self, leg: str, known: int) -> bool:
        """What a killed server left of a leg, closed and told; a seat goes on behind it."""
        if self._recordings is None or leg in self._recorders or leg in self._rested:
            return False
        folder = self._recordings / quote(leg, safe="")
        if not folder.exists():
            return False
        try:
            recorder = Recorder(leg, folder, self._tell, known)
        except (OSError, ValueError) as error:
            self._tell(RecordingFailed(leg, str(error)))
            return False
        if leg.startswith(SEAT):
            self._rested[leg] = recorder
        return True

    def stop_recording(self, leg: str) -> bool:
        """Its last segment is closed."""
        recorder = self._recorders.pop(leg, None)
        if recorder is None:
            return False
        stream = self.stream(leg)
        if stream is not None:
            stream.keep = None
        recorder.close()
        if leg.startswith(SEAT) and not recorder.failed:
            self._rested[leg] = recorder
        return True

    def _streams(self) -> Iterator[tuple[str, Stream]]:
        for leg in self.alive():
            stream = self.stream(leg)
            if stream is None:
                continue
            if stream.keep is None and leg in self._recorders:  # a voice that is new, of a leg that is recorded
                stream.keep = self._recorders[leg].keep
            yield leg, stream

    async def pace(self) -> None:
        """A packet of each leg every 20 ms of the loop's own time, whatever a turn of it takes."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += PACE_S
            late = loop.time() - due
            if late > MOST_LATE * PACE_S:
                due += PACE_S * int(late / PACE_S)
            await asyncio.sleep(max(0.0, due - loop.time()))
            self._rooms.pace(time.monotonic_ns() / 1e6)


def _in_this_process() -> Seats:
    from redstick.adapters.voice.browser import Browser  # noqa: PLC0415  (60 MB that another engine needs not)

    return Browser
