"""The live state of comms: the fold of its events."""

import msgspec

from redstick.comms.rules.legs import Leg


class Comms(msgspec.Struct):
    """Legs that are here, by id; one that is over is in the journal alone."""

    legs: dict[str, Leg] = msgspec.field(default_factory=dict)
