"""The console's own files: one page for every seat, so that a link to `/dispatch` leads there too.

They are read once, as they were built: a console that is built anew under a running server is served whole at its next
start, never half. A file whose name is stamped with its content is kept by browsers for good; any other is asked for
again, and answered with 304 while it is the same.
"""

import hashlib
import mimetypes
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import msgspec
from litestar.types import HTTPScope, Receive, Send

STATIC = Path(__file__).parents[1] / "static"
INDEX = "index.html"
API, STAMPED = "/api/", "/assets/"
METHODS = ("GET", "HEAD")
FOR_GOOD, ASK_AGAIN = b"public, max-age=31536000, immutable", b"no-cache"
PACKED = {"br": ".br", "gzip": ".gz"}  # beside a file, made when the console is built; the smaller first
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".woff2": "font/woff2"}
TEXT = ("text/", "image/svg")


class File(msgspec.Struct, frozen=True):
    """One file: what it is, its tag, its body as it is ("") and as it is packed, by `content-encoding`."""

    media_type: str
    etag: bytes
    kept: bytes
    bodies: dict[str, bytes]

    def body_for(self, accepted: str) -> tuple[str, bytes]:
        """The encoding ("" for none) and the body for a request that accepts these encodings."""
        offered = {part.partition(";")[0].strip() for part in accepted.split(",")}
        name = next((one for one in PACKED if one in offered and one in self.bodies), "")
        return name, self.bodies[name]


class ConsoleFiles:
    """The ASGI application of the built console; it takes nothing where none is built."""

    def __init__(self, static: Path = STATIC) -> None:
        self._files = _read(static) if (static / INDEX).is_file() else {}

    def takes(self, scope: HTTPScope) -> bool:
        """Whether a request asks for a file that is there."""
        return scope["method"] in METHODS and _name_of(scope["path"]) in self._files

    async def __call__(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        """Answer one request; without a body where the browser has it, or asks for none."""
        del receive
        file, headers = self._files[_name_of(scope["path"])], dict(scope["headers"])
        encoding, body = file.body_for(headers.get(b"accept-encoding", b"").decode("latin-1"))
        same = file.etag in headers.get(b"if-none-match", b"")
        told = [(b"etag", file.etag), (b"cache-control", file.kept), (b"vary", b"accept-encoding")]
        if not same:
            told += [(b"content-type", file.media_type.encode()), (b"content-length", str(len(body)).encode())]
            told += [(b"content-encoding", encoding.encode())] if encoding else []
        status = HTTPStatus.NOT_MODIFIED if same else HTTPStatus.OK
        await send({"type": "http.response.start", "status": status, "headers": told})
        sent = b"" if same or scope["method"] == "HEAD" else body
        await send({"type": "http.response.body", "body": sent, "more_body": False})


def _name_of(path: str) -> str:
    """The file for a path: the one page for every path that names no file and no part of the API."""
    return path if path.startswith(API) or "." in path.rpartition("/")[2] else f"/{INDEX}"


def _read(static: Path) -> Mapping[str, File]:
    packed = tuple(PACKED.values())
    paths = [path for path in static.rglob("*") if path.is_file() and path.suffix not in packed]
    return {f"/{path.relative_to(static).as_posix()}": _file(path, static) for path in paths}


def _file(path: Path, static: Path) -> File:
    body = path.read_bytes()
    beside = {name: path.with_name(path.name + suffix) for name, suffix in PACKED.items()}
    media_type = TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    stamped = f"/{path.relative_to(static).as_posix()}".startswith(STAMPED)
    return File(
        f"{media_type}; charset=utf-8" if media_type.startswith(TEXT) else media_type,
        f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode(),
        FOR_GOOD if stamped else ASK_AGAIN,
        {"": body, **{name: one.read_bytes() for name, one in beside.items() if one.is_file()}},
    )
