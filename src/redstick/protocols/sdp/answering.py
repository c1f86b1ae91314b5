"""Offers and answers (RFC 3264): which streams are taken, with which codecs, in which direction.

What the transport needs (ICE candidates, a DTLS fingerprint, SDES keys) comes from the media engine as attributes; here
it is only put in its place, and the roles of DTLS are turned round (RFC 5763 section 5).
"""

import msgspec

from redstick.protocols.sdp.codecs import (
    COMFORT,
    EVENTS,
    EVENTS_PAYLOAD,
    REDUNDANT,
    TEXT,
    Codec,
    attributes_of,
    codecs_of,
)
from redstick.protocols.sdp.session import DIRECTIONS, Attributes, Media, Origin, Session

REVERSED = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
RTP = ("RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF")
MSRP = ("TCP/MSRP", "TCP/TLS/MSRP")
ECHOED = ("label", "mid", "content", "rtcp-mux", "rtt-mixer")  # said back where they were offered
PSAP_AUDIO = (("opus", 48_000), ("g722", 8_000), ("pcmu", 8_000), ("pcma", 8_000))
PSAP_VIDEO = (("h264", 90_000), ("vp8", 90_000))
PSAP_TEXT = ((TEXT, 1_000), (REDUNDANT, 1_000))


class Local(msgspec.Struct, frozen=True, kw_only=True):
    """Our end of one stream: port and address, what the engine can code, and its own lines for the transport.

    `transports` are those that the engine speaks; `direction` is what we want (held: sendonly or inactive).
    """

    port: int
    codecs: tuple[tuple[str, int], ...] = ()
    transports: tuple[str, ...] = RTP
    direction: str = "sendrecv"
    attributes: Attributes = ()
    connection: tuple[str, str] | None = None


def answer_to(
    offer: Session, ours: dict[int, Local], origin: Origin, connection: tuple[str, str], *extra: str
) -> Session:
    """Our answer: one stream for each that was offered, in the same order; declined ones have port 0 (section 6).

    `ours` holds our end by the place of a stream in the offer; a stream that it lacks is declined. `extra` are
    attributes of the session without a value.
    """
    media = tuple(_answered(offer, one, ours.get(index)) for index, one in enumerate(offer.media))
    mids = {mid for one in media if one.port and (mid := one.first("mid")) is not None}
    groups = tuple(("group", kept) for value in offer.all("group") if (kept := _group(value, mids)))
    attributes = (*((name, None) for name in extra), *groups)
    return Session(origin=origin, connection=connection, attributes=attributes, media=media)


def _group(value: str, mids: set[str]) -> str:
    kind, *members = value.split()[:40] or [""]
    kept = [mid for mid in members if mid in mids]
    return " ".join([kind, *kept]) if kind == "BUNDLE" and kept else ""


def _answered(offer: Session, media: Media, ours: Local | None) -> Media:
    if ours is None or media.port == 0 or media.transport not in ours.transports:
        return declined(media)
    if media.transport in MSRP:
        return _taken(offer, media, ours, media.formats, ())
    codecs = common(codecs_of(media), ours.codecs)
    if not any(codec.name.lower() not in {EVENTS, COMFORT.lower(), REDUNDANT} for codec in codecs):
        return declined(media)
    return _taken(offer, media, ours, tuple(codec.payload for codec in codecs), attributes_of(codecs))


def _taken(offer: Session, media: Media, ours: Local, formats: tuple[str, ...], lines: Attributes) -> Media:
    echoed = tuple((name, value) for name, value in media.attributes if name in ECHOED)
    setup = offer.first(media, "setup")
    own = tuple(pair for pair in ours.attributes if pair[0] not in {"setup", *DIRECTIONS})
    if setup is not None:
        connects = setup == "passive" or (setup == "actpass" and media.transport not in MSRP)
        own = (*own, ("setup", "active" if connects else "passive"))  # of messages we rather wait (RFC 6135 section 4)
    direction = _direction(offer.direction(media), ours.direction)
    return Media(
        kind=media.kind, port=ours.port, transport=media.transport, formats=formats, connection=ours.connection,
        attributes=(*lines, *echoed, *own, (direction, None)),
    )  # fmt: skip


def _direction(offered: str, wanted: str) -> str:
    """What is possible of what we want (section 6.1): we send only where they receive, and receive where they send."""
    theirs = REVERSED[offered]
    sends = theirs in {"sendrecv", "sendonly"} and wanted in {"sendrecv", "sendonly"}
    hears = theirs in {"sendrecv", "recvonly"} and wanted in {"sendrecv", "recvonly"}
    return {(True, True): "sendrecv", (True, False): "sendonly", (False, True): "recvonly"}.get(
        (sends, hears), "inactive"
    )


def declined(media: Media) -> Media:
    """A stream that we do not take: port 0, and one format, for the line must have one (section 6)."""
    kept = tuple(pair for pair in media.attributes if pair[0] == "mid")
    return Media(kind=media.kind, port=0, transport=media.transport, formats=media.formats[:1], attributes=kept)


def common(offered: list[Codec], known: tuple[tuple[str, int], ...]) -> list[Codec]:
    """What both can, in the order and by the payload types of the offer; tones at the rate of a codec taken."""
    taken = [codec for codec in offered if codec.key in known]
    rates = {codec.rate for codec in taken}
    tones = [codec for codec in offered if codec.name.lower() == EVENTS and codec.rate in rates]
    return taken + [codec for codec in tones if codec not in taken]


def offer_of(streams: list[tuple[str, str, Local]], origin: Origin, connection: tuple[str, str]) -> Session:
    """An offer of ours: kind, transport and our end of each stream. Payload types are given out from 96 on."""
    return Session(origin=origin, connection=connection, media=tuple(_offered(*stream) for stream in streams))


def _offered(kind: str, transport: str, ours: Local) -> Media:
    fixed = {("pcmu", 8_000): "0", ("pcma", 8_000): "8", ("g722", 8_000): "9"}
    names = {"pcmu": "PCMU", "pcma": "PCMA", "g722": "G722", "h264": "H264", "vp8": "VP8"}
    codecs: list[Codec] = []
    free = 96
    for name, rate in ours.codecs:
        payload = fixed.get((name, rate))
        if payload is None:
            payload, free = str(free), free + 1
        channels = 2 if name == "opus" else 1
        text = next((codec.payload for codec in codecs if codec.name == TEXT), None)
        redundancy = f"{text}/{text}/{text}" if name == REDUNDANT and text else ""
        codecs.append(
            Codec(payload=payload, name=names.get(name, name), rate=rate, channels=channels, parameters=redundancy)
        )  # fmt: skip
    if kind == "audio":
        codecs.append(Codec(payload=str(EVENTS_PAYLOAD), name=EVENTS, rate=8_000, parameters="0-15"))
    formats = tuple(codec.payload for codec in codecs) or ("*",)
    return Media(
        kind=kind, port=ours.port, transport=transport, formats=formats, connection=ours.connection,
        attributes=(*attributes_of(codecs), *ours.attributes, (ours.direction, None)),
    )  # fmt: skip
