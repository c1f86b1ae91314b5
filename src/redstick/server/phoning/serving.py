"""What the house itself says to somebody who calls, and hears of them: sounds, keys, a recording."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from redstick.comms.ports import Digit, MediaPort, RecordingFailed, Sound, Speech
from redstick.kernel.errors import Corruption, Unavailable
from redstick.phones.ports import Sounds

RATE = 8_000  # samples a second


@dataclass(frozen=True)
class Studio:
    """Where what is said is kept; `beep` is heard before somebody speaks, `refused` where something cannot be done.

    `word` gives a word of the house by its name, G.711 mu-law.
    """

    sounds: Sounds
    beep: Sound
    refused: Sound
    word: Callable[[str], bytes]

    async def speech(self, sha256: str) -> Speech | None:
        """What was kept under a hash, None where nothing is, or nothing can be read."""
        try:
            octets = await asyncio.to_thread(self.sounds.octets, sha256) if sha256 else None
        except (Unavailable, Corruption):
            return None
        return Speech(octets) if octets else None

    async def words(self, *names: str) -> Speech | None:
        """Words of the house one after another, None where nobody has spoken one of them."""
        octets = await asyncio.to_thread(lambda: b"".join(map(self.word, names)))
        return Speech(octets) if octets else None


class Hears(Protocol):
    """What is heard of a caller before a time of the loop: None at that time. Raises where they are gone."""

    def __call__(self, until: float | None) -> Awaitable[object | None]:
        """The next."""


class Line:
    """The leg of somebody whom the house itself has answered; `hear` raises once they are gone."""

    def __init__(self, engine: MediaPort, leg: str, hear: Hears) -> None:
        self.leg, self._engine, self._hear = leg, engine, hear

    async def say(self, said: Sound | Speech | None) -> str:
        """Say it once. A key that is pressed cuts it short, and is given; "" for none."""
        if said is None:
            return ""
        length = len(said.octets if isinstance(said, Speech) else said.samples)
        self._engine.play(self.leg, said)
        try:
            return await self.key(length / RATE)
        finally:
            self._engine.play(self.leg, None)

    async def key(self, seconds: float) -> str:
        """The next key within so many seconds, "" for none."""
        until = _now() + seconds
        while True:
            match await self._hear(until):
                case None:
                    return ""
                case Digit(leg=leg, digit=digit) if leg == self.leg:
                    return digit

    async def digits(self, first: str, between_s: float, most: int) -> str:
        """The first key and those behind it, until one is #, none comes for so long, or there are so many."""
        key, pressed = first, ""
        while key not in ("", "#"):
            pressed += key
            key = await self.key(between_s) if len(pressed) < most else ""
        return pressed

    async def record(self, seconds: float) -> bool:
        """Record what they say until they press #, or so long; whether it was kept."""
        if not self._engine.record(self.leg):
            return False
        until = _now() + seconds
        try:
            while True:
                match await self._hear(until):
                    case None | Digit(digit="#"):
                        return True
                    case RecordingFailed(leg=leg) if leg == self.leg:
                        return False
        finally:
            self._engine.stop_recording(self.leg)


def _now() -> float:
    return asyncio.get_running_loop().time()


Listen = Callable[[float | None], Awaitable[object | None]]
