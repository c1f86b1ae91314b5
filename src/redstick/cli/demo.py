"""`redstick demo`: a whole generated parish, living behind the real server, with a seat for whoever comes."""

import asyncio
import json
import signal
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.output import progress

if TYPE_CHECKING:
    from uvicorn import Server

    from redstick.simulation.demo.city import DemoCity
    from redstick.simulation.demo.opening import Wanted
    from redstick.simulation.training.recorded import RecordedCalls


def command(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0 takes any free one.")] = 8080,
    speed: Annotated[int, typer.Option(min=1, max=240, help="City seconds per second.")] = 1,
    scenario: Annotated[str, typer.Option(help="ordinary, storm, football, festival, pile-up or ghosts.")] = "ordinary",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same shift.")] = 7,
    size: Annotated[
        Literal["full", "small"], typer.Option(help="The whole parish of 450,000 people, or a few quarters of it.")
    ] = "full",
    data: Annotated[Path | None, typer.Option(help="Keep the journal and the city here; else a temporary one.")] = None,
    prepare: Annotated[bool, typer.Option("--prepare", help="Make the parish ready, once, and end.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="One machine-readable line on standard output.")] = False,
) -> None:
    """Run a made-up parish that lives, at http://localhost:8080: take a seat in it, or look on. Ctrl-C ends it."""
    if prepare:
        _prepare(size, quiet=json_)
        return
    live(port, speed, scenario, seed, size, data, json_=json_)
    if not json_:
        sys.stdout.write("\nThe shift has ended.\n")


def live(
    port: int,
    speed: int,
    scenario: str,
    seed: int,
    size: str,
    data: Path | None,
    *,
    json_: bool,
    call_takers: int | None = None,
    recorded: Path | None = None,
) -> None:
    """Serve a city until it is ended, in `data` or a folder that goes with it; with calls that were `recorded`."""
    from redstick.cli.serve import listen
    from redstick.server.processes import OF_A_CITY, come_up, share

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it, the temporary folder goes too
    with ExitStack() as stack:
        listening = stack.enter_context(listen(port))
        share(*OF_A_CITY)
        come_up()  # on another core, while this one lives through the hour before
        folder = _empty(data) if data else Path(stack.enter_context(TemporaryDirectory(prefix="redstick-demo-")))
        wanted = _wanted(scenario, seed, speed, call_takers, recorded)
        demo = _opened(folder, size, wanted, quiet=json_)
        with suppress(KeyboardInterrupt):
            asyncio.run(_serve(demo, listening, folder, json_=json_))


def _empty(folder: Path) -> Path:
    """The folder to keep a demo in, made if it is not there. Raises Misuse when something is in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise Misuse(f"{folder} is not empty, and a demo begins a new journal; choose another folder for --data")
    except OSError as error:
        raise Misuse(f"{folder} cannot hold a demo ({error.strerror}); choose another folder for --data") from error
    return folder


def _prepare(size: str, *, quiet: bool) -> None:
    from redstick.simulation.demo.base import open_base

    with progress("making the parish ready", quiet=quiet) as tell:
        try:
            open_base(size, tell)
        except OSError as error:
            raise Failure(f"the parish cannot be kept beside the environment: {error}") from error


def _wanted(scenario: str, seed: int, speed: int, call_takers: int | None, recorded: Path | None) -> "Wanted":
    from redstick.simulation.city.life import Staffing, Ways
    from redstick.simulation.city.scenarios import SCENARIOS
    from redstick.simulation.demo.opening import HABITS, Wanted

    known = scenario.replace("-", "_")
    if known not in SCENARIOS:
        raise Misuse(f"--scenario {scenario}: there are {', '.join(SCENARIOS)}")
    staffing = Staffing() if call_takers is None else Staffing(call_takers=call_takers)
    return Wanted(seed, known, speed, Ways(staffing, HABITS), None if recorded is None else _recorded(recorded))


def _recorded(data: Path) -> "RecordedCalls":
    from redstick.cli.journals import looked_at
    from redstick.simulation.training.recorded import RecordedCalls

    with looked_at(data) as journal:
        calls = RecordedCalls.of(journal.read(0))
    if not calls.contacts:
        raise Misuse(f"--from {data}: no call in it")
    return calls


def _opened(folder: Path, size: str, wanted: "Wanted", *, quiet: bool) -> "DemoCity":
    """The city, lived in for an hour, on a journal in `folder`."""
    from redstick.simulation.demo.base import open_base
    from redstick.simulation.demo.opening import open_demo

    with progress("opening the parish", quiet=quiet) as tell:
        try:
            base = open_base(size, tell)
        except OSError as error:
            raise Failure(f"the parish cannot be made or read: {error}") from error
        return open_demo(folder, base, wanted, tell)


async def _serve(demo: "DemoCity", listening: socket.socket, folder: Path, *, json_: bool) -> None:
    import uvicorn

    from redstick.server.api.application import create_api

    await demo.start()
    config = uvicorn.Config(
        create_api(demo.operations, demo=demo), log_level="warning", access_log=False, lifespan="off",
        ws="websockets-sansio", timeout_graceful_shutdown=2, server_header=False,
    )  # fmt: skip
    _announce(f"http://localhost:{listening.getsockname()[1]}", folder, json_=json_)
    life = asyncio.ensure_future(demo.run())
    server = asyncio.ensure_future(_until_ended(uvicorn.Server(config), listening))
    try:
        done, _ = await asyncio.wait({life, server}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (life, server):
            task.cancel()
        await asyncio.gather(life, server, return_exceptions=True)
        await demo.close()
    for task in done:
        if not task.cancelled() and task.exception() is not None:
            raise Failure(f"the demo stopped: {task.exception()}; start it again") from task.exception()


async def _until_ended(server: "Server", listening: socket.socket) -> None:
    """Serve until a signal ends it; uvicorn closes its links, then raises the signal again for us."""
    with suppress(KeyboardInterrupt):
        await server.serve(sockets=[listening])


def _announce(address: str, folder: Path, *, json_: bool) -> None:
    line = json.dumps({"url": address, "data": str(folder)}) if json_ else f"Redstick demo: {address}  (Ctrl-C ends it)"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
