"""What a caller hears while nobody speaks, made once."""

import math

from redstick.adapters.voice.g711 import RATE
from redstick.comms.ports import Sound

LEVEL = 4_000  # of each of the two, of 32,768


def tone(frequencies: tuple[int, ...], seconds_on: float, seconds_off: float) -> Sound:
    """Sines together for a while, then silence."""
    turn = 2 * math.pi / RATE
    on = (
        round(sum(LEVEL * math.sin(turn * one * at) for one in frequencies)) for at in range(round(seconds_on * RATE))
    )
    return Sound((*on, *([0] * round(seconds_off * RATE))))


WAITING = tone((440, 480), 2.0, 4.0)  # the audible ringing of North America: it rings where one is answered
HOLDING = tone((440,), 0.2, 4.8)  # on hold: a short tone every five seconds says that the line stands
BEEP = tone((1_000,), 0.4, 0.1)  # now somebody may speak, or is heard
REORDER = tone((480, 620), 1.0, 0.0)  # it cannot be done
