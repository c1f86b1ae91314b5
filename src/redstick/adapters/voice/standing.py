"""What brings the voice of a seat's browser (WebRTC) to the engine, whatever terminates it."""

from collections.abc import Callable
from typing import Protocol

from redstick.adapters.voice.rtp import Stream
from redstick.protocols.faults import Malformed
from redstick.protocols.sdp.session import Media, read_sdp

MOST_OFFER = 64 << 10  # bytes: an offer of one voice has about 3,000


class Refused(Exception):  # noqa: N818  (named for what the offer is, not for the program)
    """An offer that gives us no voice, or none now."""


class Standing(Protocol):
    """One connection of a browser. `codec` is its name for people; `stream` its voice, which the engine drives."""

    codec: str
    stream: Stream

    async def answer(self, offer: str) -> str:
        """Our description. Raises Refused."""

    async def close(self) -> None:
        """Hang up."""


Changed = Callable[[str], None]  # told `connected`, then `failed` or `closed` once
Seats = Callable[[Changed], Standing]


def voice_in(offer: str) -> Media:
    """The one stream of an offer, which is a voice. Raises Refused."""
    if len(offer) > MOST_OFFER:
        raise Refused("an offer of that length")
    try:
        session = read_sdp(offer.encode())
    except Malformed as malformed:
        raise Refused(str(malformed.faults[0])) from malformed
    voices = [media for media in session.media if media.kind == "audio"]
    if len(session.media) != 1 or not voices:
        raise Refused("an offer of something else than one voice")
    return voices[0]
