"""Who is at the other end of a TLS connection: its client certificate, for an application to ask for by scope.

ASGI's TLS extension is not filled by uvicorn; these protocol classes put the certificate where it can be found.
"""

import hashlib
import ssl
from pathlib import Path
from typing import Any

import uvicorn
from litestar.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

KEY = "redstick.client_certificate"


def fingerprint_of(scope: Scope) -> str | None:
    """SHA-256 of the client's certificate (DER) in hexadecimal; None where it showed none."""
    return scope.get(KEY)  # type: ignore[return-value]  # what ASGI does not know of has no type there


def _showing(app: Any, transport: Any) -> Any:
    """The application, told who calls."""
    ssl_object = transport.get_extra_info("ssl_object")
    certificate = None if ssl_object is None else ssl_object.getpeercert(binary_form=True)
    seen = None if certificate is None else hashlib.sha256(certificate).hexdigest()

    async def shown(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, KEY: seen}, receive, send)

    return shown


class PeerHttp(HttpToolsProtocol):
    """HTTP/1.1 whose scope knows the client's certificate."""

    def connection_made(self, transport: Any) -> None:
        """Remember who calls."""
        super().connection_made(transport)
        self.app = _showing(self.app, transport)


class PeerWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket whose scope knows the client's certificate."""

    def connection_made(self, transport: Any) -> None:
        """Remember who calls."""
        super().connection_made(transport)
        self.app = _showing(self.app, transport)


def mutual_tls(app: Any, certificate: Path, key: Path, authorities: Path) -> uvicorn.Config:
    """How to serve an application to peers alone: who shows no certificate of these authorities gets no connection.

    All three are PEM files; `authorities` are those whose certificates are taken, such as the PSAP Credentialing
    Agency's. TLS 1.2 at least.
    """

    def context(config: uvicorn.Config, usual: Any) -> ssl.SSLContext:
        del config
        made: ssl.SSLContext = usual()
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        return made

    return uvicorn.Config(
        app,
        http=PeerHttp,
        ws=PeerWebSocket,
        ssl_certfile=str(certificate),
        ssl_keyfile=str(key),
        ssl_ca_certs=str(authorities),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
        ssl_context_factory=context,
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=2,
    )
