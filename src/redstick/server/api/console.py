"""The console's own files: one page for every seat, so that a link to `/dispatch` leads there too."""

from http import HTTPStatus
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.exceptions import NotFoundException
from litestar.router import Router
from litestar.static_files import create_static_files_router

from redstick.server.api.problems import on_error

STATIC = Path(__file__).parents[1] / "static"
INDEX = "index.html"
API = "/api/"


def console_files(static: Path = STATIC) -> list[Router]:
    """The router of the built console; none where it is not built."""
    if not (static / INDEX).is_file():
        return []
    files = create_static_files_router(
        path="/", directories=[static], html_mode=True, exception_handlers={ValueError: _no_such_file}
    )
    return [files]


def page_of(path: str) -> str:
    """The file for a path of the console: its one page for every path that names no file and no part of the API."""
    return path if path.startswith(API) or "." in path.rpartition("/")[2] else "/"


def _no_such_file(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A path that no file can have, such as one with a null in it."""
    del error
    return on_error(request, NotFoundException(status_code=HTTPStatus.NOT_FOUND))
