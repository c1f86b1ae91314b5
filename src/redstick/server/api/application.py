"""The application: sessions, commands, views, the seat stream, and a description of all of it (OpenAPI)."""

from collections import deque
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import Path

from litestar import Litestar
from litestar.datastructures import State
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.types import ASGIApp, Receive, Scope, Send

from redstick import __version__
from redstick.phones.credentials import CredentialBook
from redstick.phones.ports import Sounds
from redstick.server.api.admin import admin_routes
from redstick.server.api.asking import Asking
from redstick.server.api.bar import bar_routes
from redstick.server.api.boxes import box_routes
from redstick.server.api.cards import card_routes
from redstick.server.api.city import city_routes
from redstick.server.api.commands import command_routes
from redstick.server.api.console import STATIC, ConsoleFiles
from redstick.server.api.demo import demo_routes
from redstick.server.api.floor import floor_routes
from redstick.server.api.gateways import gateway_routes
from redstick.server.api.lookback import lookback_routes
from redstick.server.api.map import map_routes
from redstick.server.api.phones import phone_routes
from redstick.server.api.ports import Operations
from redstick.server.api.problems import on_error
from redstick.server.api.reports import report_routes
from redstick.server.api.savings import savings_routes
from redstick.server.api.seats import Seats
from redstick.server.api.sessions import session_routes
from redstick.server.api.softphone import STREAM as SOFTPHONE
from redstick.server.api.softphone import SoftphoneStreams, softphone_routes
from redstick.server.api.supervising import supervising_routes
from redstick.server.api.views import view_routes
from redstick.server.api.voice import SeatVoice, voice_routes
from redstick.server.demo import Demo
from redstick.server.hosts import LOOPBACK, guarded, host_of, refuse_host
from redstick.server.phoning.pins import BoxPins
from redstick.server.phoning.softphones import Softphones

STREAM = "/api/seat"
BODY_BYTES = 1 << 20
FAILURES_KEPT = 100  # unforeseen errors, for whoever looks into the server


def create_api(
    operations: Operations,
    *,
    hosts: Iterable[str] = LOOPBACK,
    secure: bool = False,
    demo: Demo | None = None,
    book: CredentialBook | None = None,
    sounds: Sounds | None = None,
    pins: BoxPins | None = None,
    voice: SeatVoice | None = None,
    softphones: Softphones | None = None,
    static: Path = STATIC,
) -> ASGIApp:
    """The application of a live city. `hosts` are the names it answers to; `secure` cookies travel over TLS only.

    The console is served from `static` where it is built; phones can be added where there is a `book` of credentials,
    boxes are heard where there are `sounds`, and their PINs set where there are `pins`. Windows may have `softphones`
    where there is voice. A `demo` lets anybody sit down: on loopback only.
    """
    failures: deque[Exception] = deque(maxlen=FAILURES_KEPT)
    http = Litestar(
        route_handlers=[
            *session_routes(operations, secure=secure),
            *view_routes(operations),
            *command_routes(operations),
            *bar_routes(operations),
            *gateway_routes(operations),
            *floor_routes(operations),
            *card_routes(operations),
            *([] if operations.desk is None else city_routes(operations, operations.desk)),
            *([] if operations.map is None else map_routes(operations, operations.map)),
            *([] if operations.lookback is None else lookback_routes(operations, operations.lookback)),
            *([] if operations.lookback is None else report_routes(operations, operations.lookback)),
            *([] if operations.lookback is None else supervising_routes(operations, operations.lookback)),
            *([] if operations.savings is None else savings_routes(operations, operations.savings)),
            *admin_routes(operations),
            *phone_routes(operations, book),
            *box_routes(operations, sounds, pins),
            *voice_routes(operations, voice),
            *softphone_routes(operations, softphones),
            *demo_routes(operations, demo),
        ],
        exception_handlers={HTTPException: on_error, Exception: on_error},
        openapi_config=OpenAPIConfig(title="Redstick", version=__version__, path="/api/schema"),
        logging_config=None,
        request_max_body_size=BODY_BYTES,
        state=State({"failures": failures}),
    )
    streams: dict[str, ASGIApp] = {STREAM: Seats(operations)}
    if softphones is not None:
        streams[SOFTPHONE] = SoftphoneStreams(operations, softphones)
    asking = Asking(operations, BODY_BYTES, failures.append)
    return _by_what_is_asked(http, asking, ConsoleFiles(static), streams, frozenset(hosts))


def _by_what_is_asked(
    http: ASGIApp, asking: Asking, files: ConsoleFiles, streams: Mapping[str, ASGIApp], ours: frozenset[str]
) -> ASGIApp:
    """Commands, files and streams are answered at once, everything else by Litestar; no host but `ours`."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP and scope["type"] != ScopeType.WEBSOCKET:
            await http(scope, receive, send)
        elif host_of(scope) not in ours:
            await refuse_host(scope, receive, send)
        elif scope["type"] == ScopeType.HTTP and asking.takes(scope):
            await asking(scope, receive, guarded(send))
        elif scope["type"] == ScopeType.HTTP and files.takes(scope):
            await files(scope, receive, guarded(send))
        elif scope["type"] == ScopeType.HTTP:
            await http(scope, receive, guarded(send))
        elif scope["path"] in streams:
            await streams[scope["path"]](scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": HTTPStatus.NOT_FOUND + 4000, "reason": "no such stream"})

    return application
