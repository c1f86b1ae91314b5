"""The conveyance service beside a live city: its settings, and how it is opened.

element = "cad.parish.example"        # this system's domain name; ids of EIDOs end in it
port = 8443                           # on every interface; TLS with client certificates only
certificate = "ours.pem"              # PEM files, beside the settings unless named from the root
key = "ours.key"
authorities = "pca.pem"               # whose certificates peers must show

[agency]
id = "ecc.parish.example"
types = ["psap"]
roles = ["CallReceiving"]

[peers]                               # SHA-256 of a peer's certificate (DER) = the id of an enrolled person
"5d3d…" = "per_…"
"""

import secrets
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from redstick.cli.errors import Misuse
from redstick.dispatch.exchange.profile import Agency

if TYPE_CHECKING:
    import uvicorn

    from redstick.server.operations import LiveOperations

NAME_BYTES = 16


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the file says; `responders` are agencies by the name that their units carry."""

    element: str
    port: int
    certificate: str
    key: str
    authorities: str
    agency: Agency
    responders: dict[str, Agency] = {}
    peers: dict[str, str] = {}
    hosts: tuple[str, ...] = ()


def read_settings(path: Path) -> Settings:
    """The settings of a file, its PEM files named from the root. Raises Misuse, naming what is wrong."""
    try:
        said = msgspec.toml.decode(path.read_bytes(), type=Settings)
    except OSError as error:
        raise Misuse(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Misuse(f"{path}: {error}") from error
    files = {name: path.parent / getattr(said, name) for name in ("certificate", "key", "authorities")}
    for name, file in files.items():
        if not file.is_file():
            raise Misuse(f"{path}: {name}: there is no file {file}")
    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=files["authorities"])
        context.load_cert_chain(files["certificate"], files["key"])
    except ssl.SSLError as error:
        raise Misuse(f"{path}: the certificates cannot be used: {error}") from error
    return msgspec.structs.replace(said, **{name: str(file) for name, file in files.items()})


def open_conveyance(operations: "LiveOperations", settings: Settings) -> "uvicorn.Server":
    """The service of a city that has started; whoever serves it sets `should_exit` when the city goes down."""
    import uvicorn

    from redstick.dispatch.exchange.feed import EidoFeed
    from redstick.dispatch.exchange.profile import Profile
    from redstick.server.conveyance import create_conveyance
    from redstick.server.peers import mutual_tls

    class Beside(uvicorn.Server):
        """A server beside another one, which hears the signals."""

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """None."""
            yield

    feed = EidoFeed(operations.states, Profile(settings.element, settings.agency, settings.responders))
    operations.driver.listen(feed.note)
    hosts = (settings.element, *settings.hosts)
    app = create_conveyance(
        operations, feed, peers=settings.peers, hosts=hosts, new_id=lambda: secrets.token_urlsafe(NAME_BYTES)
    )
    config = mutual_tls(app, Path(settings.certificate), Path(settings.key), Path(settings.authorities))
    return Beside(config)
