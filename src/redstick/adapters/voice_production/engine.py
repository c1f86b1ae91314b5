"""The production engine: calls as the embedded one has them, SIP by Kamailio at the edge, browsers by Janus.

Both run beside the server, in a private folder, for as long as it does. Either may die: a caller's leg, its recording
and what it hears live here.
"""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from redstick.adapters.voice.engine import EmbeddedEngine, Listening
from redstick.adapters.voice.outgoing import Credentials
from redstick.adapters.voice_production.daemon import Absent, dying_with_us
from redstick.adapters.voice_production.edge_server import EdgePorts, EdgeServer, require_kamailio
from redstick.adapters.voice_production.media_server import MediaPorts, MediaServer, require_janus
from redstick.adapters.voice_production.seats import janus_seats
from redstick.comms.signalling import PhoneUsers


def missing(*, secure: bool) -> str:
    """What of the programs is not installed, and which package brings it; "" where all is there."""
    try:
        require_janus()
        require_kamailio(secure=secure)
        dying_with_us()
    except Absent as absent:
        return str(absent)
    return ""


PARTS = ("Janus, the voice of seats", "Kamailio, the edge")


class ProductionEngine(EmbeddedEngine):
    """`listening` is the engine's own end behind the edge, whose ports are `ports`. Raises Absent.

    Absent is what is not installed, at once; or, when it opens, an edge that does not come up.
    """

    name = "production"
    parting_s = 2.0  # an edge that ends at once would take the goodbyes with it

    def __init__(
        self,
        listening: Listening,
        ports: EdgePorts,
        new_leg: Callable[[], str],
        users: PhoneUsers | None = None,
        credentials: Credentials = lambda _: None,
        recordings: Path | None = None,
        media: MediaPorts | None = None,
    ) -> None:
        # Short, since the name of a socket may have 107 letters; it goes with this program, unless that is killed.
        self._private = tempfile.TemporaryDirectory(prefix="redstick-", ignore_cleanup_errors=True)
        self._folder = Path(self._private.name)
        try:
            janus, kamailio = (partial(self._runs, part) for part in PARTS)
            self.media_server = MediaServer(self._folder / "janus", media or MediaPorts(), janus)
            self.edge_server = EdgeServer(self._folder / "kamailio", ports, kamailio)
        except BaseException:
            self._private.cleanup()
            raise
        seats, self._janus = janus_seats(self.media_server.socket)
        behind = msgspec.structs.replace(listening, edge=ports.edge)
        super().__init__(behind, new_leg, users, credentials, recordings=recordings, seats=seats)

    def _runs(self, part: str, runs: bool) -> None:
        if runs:
            self._health.works(part)
        else:
            self._health.failed(part, "it ended, and is begun again")

    async def open(self) -> None:
        """Janus first, so that a seat finds it; the edge last, so that what it lets in finds somebody."""
        await self.media_server.start()
        await super().open()
        await self.edge_server.start()

    async def close(self) -> None:
        """Say goodbye by the edge, then end both; nothing of them stays, even where this is cut short."""
        try:
            await super().close()
            await self.edge_server.stop()
            await self._janus.close()
            await self.media_server.stop()
        finally:
            self._private.cleanup()
