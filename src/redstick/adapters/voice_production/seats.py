"""A seat's standing leg by Janus: it speaks WebRTC with the browser, and plain RTP with us on loopback.

Janus decodes and mixes nothing (its plugin NoSIP passes packets on), so that what a seat says is counted, heard in
rooms and kept here octet for octet, as a caller's is, and every role and hold is the same on both engines.
"""

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from redstick.adapters.voice.g711 import LAWS, PCMU
from redstick.adapters.voice.rtp import Address, Stream
from redstick.adapters.voice.standing import Changed, Refused, voice_in
from redstick.adapters.voice_production.janus import Handle, Janus, JanusLost, JanusRefused, Told
from redstick.adapters.voice_production.loopback import LOOPBACK, Loopback
from redstick.protocols.faults import Malformed
from redstick.protocols.sdp.answering import Local, answer_to
from redstick.protocols.sdp.codecs import codecs_of
from redstick.protocols.sdp.session import Origin, Session, read_sdp, write_sdp

PLUGIN = "janus.plugin.nosip"


class JanusSeat:
    """One browser. A browser that has no G.711 is refused: nothing is decoded here."""

    def __init__(self, janus: Janus, changed: Changed) -> None:
        self._janus, self._changed = janus, changed
        self._handle: Handle | None = None
        self._over = False
        self.codec, self.stream = PCMU.name, Stream(PCMU, None, secrets.randbits(32), self._send)
        self._loopback = Loopback(self.stream.heard)

    async def answer(self, offer: str) -> str:
        """Janus's description. Raises Refused."""
        offered = {codec.key for codec in codecs_of(voice_in(offer))}
        law = next((law for key, law in LAWS.items() if key in offered), None)
        if law is None:
            raise Refused("no codec in common")
        self.codec, self.stream.law = law.name, law
        try:
            self._handle = handle = await self._janus.attach(PLUGIN, self._hear)
            plain = await handle.ask({"request": "generate"}, {"type": "offer", "sdp": offer, "trickle": False})
            theirs = read_sdp(plain["plugindata"]["data"]["result"]["sdp"].encode())
            await self._join(theirs)
            ours = self._plain(theirs)
            told = await handle.ask({"request": "process", "type": "answer", "sdp": ours})
            return str(told["jsep"]["sdp"])
        except (JanusLost, JanusRefused, Malformed, KeyError, OSError) as error:
            raise Refused(str(error)) from error

    async def _join(self, theirs: Session) -> None:
        [media] = theirs.media
        self.stream.remote = (LOOPBACK, media.port)
        self.stream.hosts = {LOOPBACK}
        await self._loopback.open(self.stream.remote)

    def _plain(self, theirs: Session) -> str:
        """Our end: the one law, on loopback."""
        codec = (self.stream.law.name.lower(), 8_000)
        local = Local(port=self._loopback.port, codecs=(codec,), transports=(theirs.media[0].transport,))
        origin = Origin("redstick", str(secrets.randbits(48)), "1", "IP4", LOOPBACK)
        return write_sdp(answer_to(theirs, {0: local}, origin, ("IP4", LOOPBACK))).decode()

    def _send(self, data: bytes, to: Address) -> None:
        del to
        self._loopback.put(data)

    def _hear(self, told: Told | None) -> None:
        """What Janus tells of it: connected, silent for too long, hung up, or gone with Janus itself."""
        match told:
            case None:
                self._end("failed")
            case {"janus": "webrtcup"}:
                self._changed("connected")
            case {"janus": "media", "receiving": False}:
                self._end("failed")
            case {"janus": "hangup", "reason": str(reason)}:
                self._end("closed" if reason in {"DTLS alert", "Close PC"} else "failed")

    def _end(self, state: str) -> None:
        if not self._over:
            self._over = True
            self._changed(state)

    async def close(self) -> None:
        """Hang up: Janus tells the browser."""
        self._over = True
        self._loopback.close()
        if self._handle is not None:
            with suppress(JanusLost, JanusRefused):  # it is gone already
                await self._handle.detach()


def janus_seats(path: Path) -> tuple[Callable[[Changed], JanusSeat], Janus]:
    """Seats by the Janus that listens at `path`, and that Janus, to be closed behind them."""
    janus = Janus(path)
    return (lambda changed: JanusSeat(janus, changed)), janus
