"""What a stream may carry: payload types with names, rates and parameters (RFC 3551, RFC 8866 section 6.6)."""

import re

import msgspec

from redstick.protocols.sdp.session import Media

STATIC = {
    "0": ("PCMU", 8_000), "3": ("GSM", 8_000), "4": ("G723", 8_000), "8": ("PCMA", 8_000), "9": ("G722", 8_000),
    "13": ("CN", 8_000), "15": ("G728", 8_000), "18": ("G729", 8_000), "26": ("JPEG", 90_000), "31": ("H261", 90_000),
    "32": ("MPV", 90_000), "34": ("H263", 90_000),
}  # fmt: skip
EVENTS_PAYLOAD = 101  # of ours, where we offer
EVENTS, COMFORT, REDUNDANT, TEXT = "telephone-event", "CN", "red", "t140"
_MAP = re.compile(r"(\S+) +([^/\s]+)/([0-9]{1,7})(?:/([0-9]{1,2}))?\s*")


class Codec(msgspec.Struct, frozen=True, kw_only=True):
    """One payload type of a stream. `parameters` is its fmtp, as written."""

    payload: str
    name: str
    rate: int
    channels: int = 1
    parameters: str = ""

    @property
    def key(self) -> tuple[str, int]:
        """Name in lower case and rate: what makes two payload types of two sides the same codec."""
        return (self.name.lower(), self.rate)


def codecs_of(media: Media) -> list[Codec]:
    """The payload types of an RTP stream in the order of preference; one that nothing names is left out."""
    mapped: dict[str, tuple[str, int, int]] = {}
    for value in media.all("rtpmap"):
        found = _MAP.fullmatch(value)
        if found:
            mapped.setdefault(found[1], (found[2], int(found[3]), int(found[4] or 1)))
    parameters = {payload: rest.strip() for payload, _, rest in (v.partition(" ") for v in media.all("fmtp"))}
    codecs = []
    for payload in dict.fromkeys(media.formats):
        if payload in mapped:
            name, rate, channels = mapped[payload]
        elif payload in STATIC:
            (name, rate), channels = STATIC[payload], 1
        else:
            continue
        codecs.append(
            Codec(payload=payload, name=name, rate=rate, channels=channels, parameters=parameters.get(payload, ""))
        )  # fmt: skip
    return codecs


def attributes_of(codecs: list[Codec]) -> tuple[tuple[str, str | None], ...]:
    """The rtpmap and fmtp lines of payload types."""
    lines: list[tuple[str, str | None]] = []
    for codec in codecs:
        channels = f"/{codec.channels}" if codec.channels != 1 else ""
        lines.append(("rtpmap", f"{codec.payload} {codec.name}/{codec.rate}{channels}"))
        if codec.parameters:
            lines.append(("fmtp", f"{codec.payload} {codec.parameters}"))
    return tuple(lines)
