"""`redstick serve --data DIR`: a live city behind its HTTP interface."""

import asyncio
import json
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse
from redstick.cli.voice import VoiceEngine, bind_line

if TYPE_CHECKING:
    import uvicorn

    from redstick.cli.conveyance import Settings
    from redstick.cli.cot import Settings as CotSettings
    from redstick.dispatch.alerting.paths import PathKind
    from redstick.dispatch.ports import AlertPath
    from redstick.phones.credentials import CredentialBook
    from redstick.phones.ports import Sounds
    from redstick.server.operations import LiveOperations
    from redstick.server.phoning.pins import BoxPins
    from redstick.server.voice import Voice

    Peers = tuple[Settings, socket.socket]

SUBSCRIPTIONS = "/eido/subscriptions"  # where `server.conveyance` offers them; it is imported when it is served
EVERYWHERE = "0.0.0.0"  # noqa: S104  (peers are other machines, each known by its certificate)

EngineChosen = Annotated[VoiceEngine, typer.Option("--voice-engine", help="production: Kamailio and Janus beside it")]
ElementNamed = Annotated[
    str, typer.Option("--voice-element", help="this system's domain name, in ids that it gives to calls")
]


def command(
    data: Annotated[Path, typer.Option("--data", help="the city's data folder; made if it is not there")],
    port: Annotated[int, typer.Option("--port", help="on loopback; 0 takes a free one", min=0, max=65535)] = 8080,
    keys: Annotated[
        Path | None, typer.Option("--keys", help="the folder of `redstick keys create`: heads are signed with its key")
    ] = None,
    host: Annotated[
        list[str] | None, typer.Option("--host", help="a name that a proxy before this server answers to; repeat")
    ] = None,
    secure: Annotated[bool, typer.Option("--secure", help="cookies travel over TLS only: behind a proxy")] = False,
    alerting: Annotated[
        Path | None, typer.Option("--alerting", help="a TOML file: who carries alerts (a webhook, e-mail)")
    ] = None,
    conveyance: Annotated[
        Path | None,
        typer.Option("--conveyance", help="a TOML file: EIDOs for peers, over TLS with client certificates"),
    ] = None,
    city: Annotated[
        Path | None,
        typer.Option("--city", help="a city folder: places, plans and recommendations are computed from it"),
    ] = None,
    cot: Annotated[
        Path | None, typer.Option("--cot", help="a TOML file: whose maps are told of units and incidents (CoT)")
    ] = None,
    voice: Annotated[str | None, typer.Option("--voice", help="HOST:PORT of this machine: calls over SIP")] = None,
    voice_tls: Annotated[
        Path | None, typer.Option("--voice-tls", help="PEM, certificate and key: TLS too, on the port after it")
    ] = None,
    voice_engine: EngineChosen = VoiceEngine.EMBEDDED,
    voice_element: ElementNamed = "psap.invalid",
    ali: Annotated[int | None, typer.Option("--ali", help="a port of this machine for ALI records")] = None,
    ali_seat: Annotated[str, typer.Option("--ali-seat", help="the seat at which those telephones are answered")] = "",
    voice_lis: Annotated[
        list[str] | None,
        typer.Option("--voice-lis", help="a location server that may be asked (HELD, https) where a call refers to it"),
    ] = None,
    json_out: Annotated[bool, typer.Option("--json", help="say the address as JSON")] = False,
) -> None:
    """Serve the city in a folder: commands in, rows out, a stream for each seat.

    People are enrolled with `redstick people`, before the server begins or through it.
    """
    from redstick.bootstrap import open_live, open_phone_book, open_pins, open_sounds, open_voice
    from redstick.cli.conveyance import read_settings
    from redstick.cli.cot import read_settings as read_cot
    from redstick.cli.keys import open_keys
    from redstick.kernel.errors import Corruption, Unavailable

    paths = {} if alerting is None else _alert_paths(alerting)
    _require_city(city)
    settings, maps = read_settings(conveyance) if conveyance else None, read_cot(cot) if cot else None
    heard = None if voice is None else bind_line(voice, voice_tls, voice_engine)
    listening, records = listen(port), None if ali is None else listen(ali)
    _come_up(city)
    peers = None if settings is None else (settings, listen(settings.port, EVERYWHERE))
    try:
        opened = open_keys(keys) if keys is not None else None
        operations = open_live(data, opened and opened.signer, opened and opened.ring(), paths, city)
        book, sounds = open_phone_book(operations, data), open_sounds(operations, data)
        pins = open_pins(operations, book)
        line = None if heard is None else (heard[0], voice_element, data, book, sounds, pins, heard[1])
        phone = None if line is None else open_voice(operations, *line)
        _beside(operations, maps, records, ali_seat, voice_lis, paths)
    except (Corruption, Unavailable, OSError) as error:
        rebuilt = f"what is beside the journal can be rebuilt: `redstick ledger {data} rebuild`"
        raise Failure(f"{data}: {error}; {rebuilt}") from error
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=fast_loop()) as runner:
        kept = book, sounds, pins
        told = _serve(operations, listening, host or [], peers, phone, kept, secure=secure, json_out=json_out)
        runner.run(told)


def _require_city(city: Path | None) -> None:
    if city is not None and not (city / "city.json").is_file():
        raise Misuse(f"--city {city}: no city in it; `redstick city import` makes such a folder")


def _come_up(city: Path | None) -> None:
    """Have the processes begin that compute, while the journal is folded."""
    from redstick.server.processes import OF_A_CITY, come_up, share

    if city is not None:
        share(*OF_A_CITY)
    come_up()


def _beside(
    operations: "LiveOperations",
    maps: "CotSettings | None",
    records: socket.socket | None,
    seat: str,
    servers: list[str] | None,
    paths: "Mapping[PathKind, AlertPath]",
) -> None:
    """What else runs beside the city: maps that are told, ALI records, location servers that are asked, letters."""
    from redstick.bootstrap import follow_references, open_ali
    from redstick.server.cot import CotOut

    if maps is not None:
        operations.beside(CotOut(maps.receivers, maps.element, maps.disclosure, operations.states, operations.now))
    if records is not None:
        open_ali(operations, records, seat)
    if servers:
        follow_references(operations, servers)
    _write_letters(operations, paths)


def _write_letters(operations: "LiveOperations", paths: "Mapping[PathKind, AlertPath]") -> None:
    """Where e-mail leaves the house, notices of the phones do."""
    from redstick.adapters.alerts.email import EmailPath
    from redstick.bootstrap import carry_notices
    from redstick.dispatch.alerting.paths import PathKind

    if isinstance(letters := paths.get(PathKind.EMAIL), EmailPath):
        carry_notices(operations, letters)


def _alert_paths(alerting: Path) -> "Mapping[PathKind, AlertPath]":
    """Who carries alerts, as a file says it."""
    from redstick.adapters.alerts.configuration import Unusable, read_paths

    try:
        return read_paths(alerting)
    except Unusable as error:
        raise Misuse(str(error)) from error


@contextmanager
def ended_by_signals(server: "uvicorn.Server") -> Iterator[None]:
    """A signal ends a server, also one that comes before the server listens for it.

    What ended it is raised again once it is down, and cuts nothing short behind it.
    """
    loop, signals = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)
    with suppress(NotImplementedError):  # a loop of Windows hears none
        for one in signals:
            loop.add_signal_handler(one, lambda: setattr(server, "should_exit", True))
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for one in signals:  # whoever asks twice does not want to wait
                loop.remove_signal_handler(one)


def fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop where there is one: it halves what a request costs."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def listen(port: int, address: str = "127.0.0.1") -> socket.socket:
    """Take the port before anything else is done, so that a taken one is said at once."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((address, port))
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise Misuse(f"port {port} cannot be used ({error.strerror}); stop what uses it, or choose another") from error
    return listening


@asynccontextmanager
async def _told_to(operations: "LiveOperations", peers: "Peers | None") -> AsyncIterator[dict[str, str]]:
    """The conveyance service while the city is served; gives what to say of it."""
    from redstick.cli.conveyance import open_conveyance

    if peers is None:
        yield {}
        return
    settings, listening = peers
    server = open_conveyance(operations, settings)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield {"conveyance": f"wss://{settings.element}:{listening.getsockname()[1]}{SUBSCRIPTIONS}"}
    finally:
        server.should_exit = True
        await serving


async def _taking_calls(phone: "Voice", operations: "LiveOperations") -> None:
    from redstick.kernel.errors import Unavailable

    try:
        await phone.ready()
    except (Unavailable, OSError) as error:
        await operations.close()
        raise Failure(f"--voice: {error}") from error


async def _serve(
    operations: "LiveOperations",
    listening: socket.socket,
    hosts: list[str],
    peers: "Peers | None",
    phone: "Voice | None",
    kept: "tuple[CredentialBook, Sounds, BoxPins]",
    *,
    secure: bool,
    json_out: bool,
) -> None:
    import uvicorn

    from redstick.kernel.errors import Corruption, Unavailable
    from redstick.server.api.application import create_api
    from redstick.server.hosts import LOOPBACK

    try:
        await operations.start()
    except (Corruption, Unavailable) as error:
        raise Failure(f"the journal cannot be served: {error}; `redstick verify` tells more") from error
    refused = None if phone is None else phone.refusal()
    if refused is not None:
        await operations.close()
        raise Failure(
            f"--voice: the policy in force lets no call be written down ({refused.data}); adopt one with the group "
            "`housekeeping` of this version (`redstick policy adopt`)"
        )
    if phone is not None:
        await _taking_calls(phone, operations)
    book, sounds, pins = kept
    named = [*LOOPBACK, *hosts]
    config = uvicorn.Config(
        create_api(
            operations, hosts=named, secure=secure, voice=phone, book=book, sounds=sounds, pins=pins,
            softphones=None if phone is None else phone.softphones,
        ),
        log_level="warning", access_log=False, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=2,
        server_header=False,
    )  # fmt: skip
    address = f"http://localhost:{listening.getsockname()[1]}"
    head = operations.driver.executor.durable
    told = {"url": address, "position": head.position, "head": head.hash.hex()}
    told |= {} if phone is None else {"voice": phone.where}
    try:
        async with _told_to(operations, peers) as beside:
            words = "".join(f"; EIDOs at {where}" for where in beside.values())
            words += "" if phone is None else f"; calls at {', '.join(phone.where)}"
            line = json.dumps(told | beside) if json_out else f"Redstick serves at {address}{words}  (Ctrl-C ends it)"
            server = uvicorn.Server(config)
            with ended_by_signals(server):
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
                await server.serve(sockets=[listening])
    finally:
        await operations.close()
