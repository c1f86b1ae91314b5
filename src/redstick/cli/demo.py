"""`redstick demo`: a small generated city, living, on a map."""

import asyncio
import json
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress

if TYPE_CHECKING:
    from uvicorn import Server

FRIDAY_EVENING = datetime(2026, 11, 20, 17, 40, tzinfo=ZoneInfo("America/Chicago"))
WARM_UP_MS = 50 * 60_000  # lived before the first visitor, so that work is under way


def command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes any free one.")] = 8080,
    speed: Annotated[int, typer.Option(help="City seconds per second: 1, 2, 4, 8, 15, 30 or 60.")] = 4,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same city and the same shift.")] = 7,
    data: Annotated[Path | None, typer.Option(help="Keep the journal and the city here; else a temporary one.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="One machine-readable line on standard output.")] = False,
) -> None:
    """Run a small made-up city on a journal and show it on a map, at http://localhost:8080. Ctrl-C ends it."""
    from redstick.cli.serve import listen
    from redstick.simulation.living import SPEEDS

    if speed not in SPEEDS:
        raise Misuse(f"--speed is one of {', '.join(map(str, SPEEDS))}, not {speed}")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it, the temporary folder goes too
    with ExitStack() as stack:
        listening = stack.enter_context(listen(port))
        folder = _empty(data) if data else Path(stack.enter_context(TemporaryDirectory(prefix="redstick-demo-")))
        with progress("making the city", quiet=json_) as tell:
            application, living = _city(folder, seed, speed, tell)
        _announce(f"http://localhost:{listening.getsockname()[1]}", folder, json_)
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(application, living, listening))
    if not json_:
        sys.stdout.write("\nThe shift has ended.\n")


def _empty(folder: Path) -> Path:
    """The folder to keep a demo in, made if it is not there. Raises Misuse when something is in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Misuse(f"{folder} is not empty, and a demo begins a new journal; choose another folder for --data")
    except OSError as error:
        raise Misuse(f"{folder} cannot hold a demo ({error.strerror}); choose another folder for --data") from error
    return folder


def _city(folder: Path, seed: int, speed: int, tell: Any) -> tuple[Any, Any]:
    """The application and its living city, on a journal in `folder`."""
    from redstick.bootstrap import open_journaled
    from redstick.geo.city import save_city
    from redstick.geo.routing import open_router
    from redstick.server.app import Unbuilt, create_app
    from redstick.server.board import Board
    from redstick.server.city_view import CityDocuments
    from redstick.simulation.living import LivingCity, warmed_up
    from redstick.simulation.parish import generate
    from redstick.simulation.shift import Shift

    parish = generate(seed)
    save_city(folder / "city", parish.city)
    tell("living through the first hour")
    driver = open_journaled(folder)
    start = round(FRIDAY_EVENING.timestamp() * 1000)
    shift = Shift(parish, driver, open_router(parish.city.roads), seed, start - WARM_UP_MS)
    board = Board()
    living = LivingCity(warmed_up(shift, start), driver, board, speed)
    try:
        return create_app(CityDocuments(parish.city), board, living), living
    except Unbuilt as error:
        raise Failure(str(error)) from error


async def _serve(application: Any, living: Any, listening: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        application, log_level="warning", access_log=False, lifespan="off", ws="websockets-sansio",
        timeout_graceful_shutdown=2, server_header=False,
    )  # fmt: skip
    life = asyncio.ensure_future(living.run())
    server = asyncio.ensure_future(_until_ended(uvicorn.Server(config), listening))
    done, _ = await asyncio.wait({life, server}, return_when=asyncio.FIRST_COMPLETED)
    for task in (life, server):
        task.cancel()
    await asyncio.gather(life, server, return_exceptions=True)
    for task in done:
        if not task.cancelled() and task.exception() is not None:
            raise Failure(f"the demo stopped: {task.exception()}; start it again") from task.exception()


async def _until_ended(server: "Server", listening: socket.socket) -> None:
    """Serve until a signal ends it; uvicorn closes its links, then raises the signal again for us."""
    with suppress(KeyboardInterrupt):
        await server.serve(sockets=[listening])


def _announce(address: str, folder: Path, json_: bool) -> None:
    line = json.dumps({"url": address, "data": str(folder)}) if json_ else f"Redstick demo: {address}  (Ctrl-C ends it)"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
