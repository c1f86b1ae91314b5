"""What a caller has to say: one happening, and one of the people who call about it."""

from dataclasses import dataclass
from enum import StrEnum

from redstick.dispatch.place import Place
from redstick.kernel.values import Instant
from redstick.simulation.natures import Nature

NOWHERE = Place()


class Speech(StrEnum):
    """What is heard when a call is answered."""

    TELLS = "tells"
    SILENT = "silent"  # a ghost call, a phone in a pocket
    TEST = "test"  # somebody tries out a line


@dataclass(frozen=True, slots=True)
class Happening:
    """What befell: its nature, and where it really is."""

    key: str
    at: Instant
    nature: Nature
    place: Place


@dataclass(frozen=True, slots=True)
class Contact:
    """One call as it will be told.

    `device` is the position that comes with it. `told` is the address as it is first said, another than the
    happening's where the caller errs; `nature` likewise. After `patience_ms` of ringing the caller hangs up, and with
    `calls_again_ms` rings again so long after. `moves_to` is where the caller is seen a while into the call.
    """

    at: Instant
    callback: str
    speech: Speech
    device: Place
    patience_ms: int
    happening: Happening | None = None
    nature: Nature | None = None
    told: Place = NOWHERE
    said: str = ""
    calls_again_ms: int | None = None
    moves_to: Place | None = None
    picks_up_percent: int = 85
