"""The words of the house: spoken by a voice that came with it, or by one of the city's own.

`words/en.toml` has what each says. A city's own is `NAME.wav` in its folder: one channel, 16 bits, 8,000 a second. It
counts from the next time it is said; what is no such sound is passed over.
"""

from functools import cache
from pathlib import Path

from redstick.adapters.voice.g711 import PCMU, RATE
from redstick.adapters.voice.spoken import samples_of

WORDS = Path(__file__).parent / "words"
MOST_S = 60  # of one word of a city


class Vocabulary:
    """Those of `folder`, which may not be there, before those of the house."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, name: str) -> bytes:
        """A word as it is heard, G.711 mu-law; nothing for one that nobody has spoken."""
        return self._own(name) or _of_the_house(name)

    def _own(self, name: str) -> bytes:
        try:
            samples = samples_of((self._folder / f"{name}.wav").read_bytes())
        except (OSError, ValueError):
            return b""
        return PCMU.encode(tuple(samples)) if len(samples) <= MOST_S * RATE else b""


@cache
def _of_the_house(name: str) -> bytes:
    path = WORDS / f"{name}.ulaw"
    return path.read_bytes() if path.is_file() else b""
