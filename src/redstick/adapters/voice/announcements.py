"""What callers hear who wait in a queue: `QUEUE.wav` in a folder, 8,000 samples of 16 bits a second, one channel.

Said again and again, with silence in between. A file that is put there counts from the next caller on; one that is
none, or is too long, is passed over.
"""

from pathlib import Path
from urllib.parse import quote

from redstick.adapters.voice.g711 import RATE
from redstick.adapters.voice.spoken import samples_of
from redstick.comms.ports import Sound

PAUSE_S, MOST_S = 15, 120


class Announcements:
    """Of one folder, which may not be there."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[Path, tuple[int, Sound | None]] = {}  # with the time at which each file was changed

    def __call__(self, queue: str) -> Sound | None:
        """That of a queue, None where it has none that can be played."""
        path = self._folder / f"{quote(queue, safe='')}.wav"
        try:
            changed = path.stat().st_mtime_ns
            if self._read.get(path, (0, None))[0] != changed:
                self._read[path] = changed, _sound(path)
        except OSError:
            return None
        return self._read[path][1]


def _sound(path: Path) -> Sound | None:
    try:
        samples = samples_of(path.read_bytes())
    except ValueError:
        return None
    return Sound((*samples, *([0] * PAUSE_S * RATE))) if 0 < len(samples) <= MOST_S * RATE else None
