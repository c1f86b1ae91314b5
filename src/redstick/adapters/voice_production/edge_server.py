"""Kamailio as it is begun beside the server: heard from outside, and speaking with the engine on loopback."""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from redstick.adapters.voice.edges import Address, Edge
from redstick.adapters.voice_production.daemon import LOG, Absent, Daemon, installed
from redstick.adapters.voice_production.rendering import render

TRUSTED = Path("/etc/ssl/certs")  # of the machine's authorities, by their hashes
READY_S, LOOK_S, ANSWER_S, MOST_MISSED = 60.0, 5.0, 1.0, 3
LOOPBACK = "127.0.0.1"


class EdgePorts(msgspec.Struct, frozen=True):
    """Where the edge is heard, by UDP and TCP at `port` and TLS at `secure` with a `certificate`; and the inner side.

    `core` is the engine's port on loopback, `inner` the edge's towards it. From one address come at most
    `most_in_two_seconds` requests outside of calls, 911 aside.
    """

    host: str
    port: int
    core: int
    inner: int
    secure: int = 0
    certificate: Path | None = None
    most_in_two_seconds: int = 200
    workers: int = 2

    @property
    def edge(self) -> Edge:
        """As the engine knows it."""
        bound = [("udp", self.port), ("tcp", self.port), *([("tls", self.secure)] if self.secure else [])]
        where = tuple(f"sip:{self.host}:{port};transport={by}" for by, port in bound)
        return Edge((LOOPBACK, self.inner), where, f"sip:redstick@{self.host}:{self.port}")


class EdgeServer:
    """Runs Kamailio in `folder`; `changed` is told whether it runs. Raises Absent where it is not installed."""

    def __init__(self, folder: Path, ports: EdgePorts, changed: Callable[[bool], None] = lambda _: None) -> None:
        self._folder, self._ports = folder, ports
        program, self._modules = require_kamailio(secure=ports.certificate is not None)
        words = (program, "-DD", "-E", "-f", str(folder / "kamailio.cfg"), "-w", str(folder), "-Y", str(folder),
                 "-m", "64", "-M", "8")  # fmt: skip
        self.daemon = Daemon(words, folder, self._prepare, changed)
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin it; returns once a request passes to the engine and back. Raises Absent when it never does."""
        self._prepare()
        await self.daemon.start()
        try:
            async with asyncio.timeout(READY_S):
                while await answer_of((self._ports.host, self._ports.port)) != 200:
                    pass
        except TimeoutError as error:
            await self.daemon.stop()
            said = (self._folder / LOG).read_text(errors="replace")[-400:]
            raise Absent(f"the edge does not answer at {self._ports.edge.where[0]}: {said}") from error
        self._looking = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """End it."""
        if self._looking is not None:
            self._looking.cancel()
        await self.daemon.stop()

    async def _look(self) -> None:
        """OPTIONS to the edge, again and again; one that says nothing is begun anew."""
        missed = 0
        while True:
            await asyncio.sleep(LOOK_S)
            self.daemon.trim()
            missed = 0 if await answer_of((self._ports.host, self._ports.port)) else missed + 1
            if missed >= MOST_MISSED:
                missed = 0
                self.daemon.kill()

    def _prepare(self) -> None:
        ports = self._ports
        secure = ports.certificate is not None
        render("kamailio", self._folder, {
            "host": ports.host, "port": ports.port, "secure": ports.secure, "inner": ports.inner, "core": ports.core,
            "workers": ports.workers, "modules": self._modules, "most_in_two_seconds": ports.most_in_two_seconds,
            "tls": "yes" if secure else "no", "certificate": ports.certificate or "", "trusted": TRUSTED,
            "listen_tls": f"listen=tls:{ports.host}:{ports.secure}" if secure else "",
            "load_tls": 'loadmodule "tls.so"\nmodparam("tls", "config", "' + str(self._folder / "tls.cfg") + '")'
            if secure else "",
        })  # fmt: skip


class _Answer(asyncio.DatagramProtocol):
    """The first answer."""

    def __init__(self) -> None:
        self.came: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

    def datagram_received(self, data: bytes, addr: Address) -> None:
        """It came."""
        del addr
        if not self.came.done():
            self.came.set_result(data)

    def error_received(self, exc: Exception) -> None:
        """Nobody is there yet."""


async def answer_of(at: Address) -> int:
    """The code that answers OPTIONS there, 0 for nothing within a second; 200 is the engine's, by the edge."""
    loop, unique = asyncio.get_running_loop(), secrets.token_hex(8)
    transport, answer = await loop.create_datagram_endpoint(_Answer, local_addr=(at[0], 0), remote_addr=at)
    host, port = transport.get_extra_info("sockname")[:2]
    lines = (
        f"OPTIONS sip:redstick@{at[0]}:{at[1]} SIP/2.0", f"Via: SIP/2.0/UDP {host}:{port};rport;branch=z9hG4bK{unique}",
        f"From: <sip:health@{host}>;tag={unique}", f"To: <sip:redstick@{at[0]}:{at[1]}>", f"Call-ID: {unique}",
        "CSeq: 1 OPTIONS", "Max-Forwards: 5", "Content-Length: 0", "", "",
    )  # fmt: skip
    try:
        transport.sendto("\r\n".join(lines).encode())
        with suppress(TimeoutError, OSError):
            return int((await asyncio.wait_for(answer.came, ANSWER_S)).split()[1])
        return 0
    finally:
        transport.close()


def require_kamailio(*, secure: bool) -> tuple[str, Path]:
    """The program, and the folder of its modules. Raises Absent."""
    program = installed("kamailio", "kamailio")
    wanted = ("corex.so", "path.so", "pike.so", "sanity.so", *(("tls.so",) if secure else ()))
    for one in (*sorted(Path("/usr/lib").glob("*/kamailio/modules")), Path("/usr/lib/kamailio/modules")):
        if all((one / name).exists() for name in wanted):
            return program, one
    packages = "kamailio and kamailio-tls-modules" if secure else "kamailio"
    raise Absent(f"Kamailio lacks a module of {', '.join(wanted)}; Debian's packages are {packages}")
