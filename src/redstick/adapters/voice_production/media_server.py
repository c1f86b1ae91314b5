"""Janus as it is begun beside the server, with one plugin, one transport, and a socket in a folder of its own."""

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from redstick.adapters.voice_production.daemon import Absent, Daemon, installed
from redstick.adapters.voice_production.rendering import render

PLUGIN, TRANSPORT = "libjanus_nosip.so", "libjanus_websockets.so"
READY_S, MOST_LOOPS = 20.0, 8


class MediaPorts(msgspec.Struct, frozen=True):
    """Ports of UDP from and to: towards browsers, and on loopback towards us. `only` is the one address, "" for all."""

    browsers: tuple[int, int] = (20_000, 29_999)
    relay: tuple[int, int] = (30_000, 39_999)
    only: str = ""


class MediaServer:
    """Runs Janus in `folder`; `changed` is told whether it runs. Raises Absent where it is not installed."""

    def __init__(self, folder: Path, ports: MediaPorts, changed: Callable[[bool], None] = lambda _: None) -> None:
        self._folder, self._ports = folder, ports
        program, self._modules = require_janus()
        words = (program, "-F", str(folder), "-C", str(folder / "janus.jcfg"))
        self.daemon = Daemon(words, folder, self._prepare, changed)

    @property
    def socket(self) -> Path:
        """Where it is asked."""
        return self._folder / "janus.sock"

    async def start(self) -> None:
        """Begin it; returns once it listens, or when it should have."""
        self._prepare()
        await self.daemon.start()
        with suppress(TimeoutError):
            async with asyncio.timeout(READY_S):
                while not self.socket.exists():  # noqa: ASYNC110  (another process makes it, and tells nobody)
                    await asyncio.sleep(0.02)

    async def stop(self) -> None:
        """End it."""
        await self.daemon.stop()

    def _prepare(self) -> None:
        ports = self._ports
        render("janus", self._folder, {
            "loops": min(MOST_LOOPS, os.cpu_count() or 1), "folder": self._folder, "modules": self._modules,
            "browser_ports": f"{ports.browsers[0]}-{ports.browsers[1]}",
            "relay_ports": f"{ports.relay[0]}-{ports.relay[1]}",
            "only": f'\tice_enforce_list = "{ports.only}"' if ports.only else "",
            "no_plugins": _others(self._modules / "plugins", PLUGIN),
            "no_transports": _others(self._modules / "transports", TRANSPORT),
        })  # fmt: skip
        self.socket.unlink(missing_ok=True)


def _others(folder: Path, but: str) -> str:
    """Every module that is not wanted: Janus loads whatever is not named."""
    return ",".join(sorted(one.name for one in folder.glob("*.so") if one.name != but))


def require_janus() -> tuple[str, Path]:
    """The program, and the folder of its modules. Raises Absent."""
    program = installed("janus", "janus")
    for one in (Path("/usr/lib/janus"), *sorted(Path("/usr/lib").glob("*/janus"))):
        if (one / "plugins" / PLUGIN).exists() and (one / "transports" / TRANSPORT).exists():
            return program, one
    raise Absent("Janus lacks its plugin NoSIP or its WebSockets; Debian's package is janus")
