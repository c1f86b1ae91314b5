"""`redstick serve --data DIR`: a live city behind its HTTP interface."""

import asyncio
import json
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from redstick.cli.errors import Failure, Misuse

if TYPE_CHECKING:
    from redstick.server.operations import LiveOperations


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
    json_out: Annotated[bool, typer.Option("--json", help="say the address as JSON")] = False,
) -> None:
    """Serve the city in a folder: commands in, rows out, a stream for each seat.

    People are enrolled with `redstick people`, before the server begins or through it.
    """
    from redstick.adapters.alerts.configuration import Unusable, read_paths
    from redstick.bootstrap import open_live
    from redstick.cli.keys import open_keys
    from redstick.kernel.errors import Corruption, Unavailable

    try:
        paths = read_paths(alerting) if alerting is not None else {}
    except Unusable as error:
        raise Misuse(str(error)) from error
    listening = listen(port)
    try:
        opened = open_keys(keys) if keys is not None else None
        operations = open_live(data, opened and opened.signer, opened and opened.ring(), paths)
    except (Corruption, Unavailable, OSError) as error:
        raise Failure(
            f"{data}: {error}; what is beside the journal can be rebuilt: `redstick ledger {data} rebuild`"
        ) from error
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=_fast_loop()) as runner:
        runner.run(_serve(operations, listening, host or [], secure=secure, json_out=json_out))


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster loop where there is one: it halves what a request costs."""
    try:
        from uvloop import new_event_loop
    except ImportError:
        return None
    return new_event_loop


def listen(port: int) -> socket.socket:
    """Take the port before anything else is done, so that a taken one is said at once."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(512)
    except OSError as error:
        listening.close()
        raise Misuse(f"port {port} cannot be used ({error.strerror}); stop what uses it, or choose another") from error
    return listening


async def _serve(
    operations: "LiveOperations", listening: socket.socket, hosts: list[str], *, secure: bool, json_out: bool
) -> None:
    import uvicorn

    from redstick.kernel.errors import Corruption, Unavailable
    from redstick.server.api.application import create_api
    from redstick.server.app import LOOPBACK

    try:
        await operations.start()
    except (Corruption, Unavailable) as error:
        raise Failure(f"the journal cannot be served: {error}; `redstick verify` tells more") from error
    config = uvicorn.Config(
        create_api(operations, hosts=[*LOOPBACK, *hosts], secure=secure),
        log_level="warning", access_log=False, lifespan="off", ws="websockets-sansio", timeout_graceful_shutdown=2,
        server_header=False,
    )  # fmt: skip
    address = f"http://localhost:{listening.getsockname()[1]}"
    head = operations.driver.executor.durable
    told = json.dumps({"url": address, "position": head.position, "head": head.hash.hex()})
    sys.stdout.write((told if json_out else f"Redstick serves at {address}  (Ctrl-C ends it)") + "\n")
    sys.stdout.flush()
    try:
        await uvicorn.Server(config).serve(sockets=[listening])
    finally:
        await operations.close()
