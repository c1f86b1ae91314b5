"""The console's own files: one page for every seat, kept for good where a name says the content, sent packed."""

import asyncio
import gzip

import pytest

from redstick.server.api.console import ConsoleFiles

PAGE, CODE = b"<!doctype html>", b"export {};" * 200


@pytest.fixture
def files(tmp_path):
    """A console of a page and one packed file."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "assets" / "a-1f.js").write_bytes(CODE)
    (tmp_path / "assets" / "a-1f.js.gz").write_bytes(gzip.compress(CODE))
    return ConsoleFiles(tmp_path)


def scope_of(path, method="GET", **headers):
    """A request."""
    told = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "headers": told}


def ask(files, path, method="GET", **headers):
    """Status, headers and body of an answer."""
    said = []

    async def send(message):
        said.append(message)

    asyncio.run(files(scope_of(path, method, **headers), None, send))
    start, body = said
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, body["body"]


@pytest.mark.parametrize("path", ["/", "/dispatch", "/calls/deeper"])
def test_every_seat_is_the_one_page(files, path):
    """A link to a seat leads to the console, whichever seat it is; it is asked for again each time."""
    status, headers, body = ask(files, path)
    assert (status, body) == (200, PAGE)
    assert headers["cache-control"] == "no-cache"
    assert headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/api/session", "/assets/none.js", "/assets/a-1f.js.gz", "/../secret.txt", "/\0.js"])
def test_what_is_no_file_of_the_console_is_not_taken(files, path):
    """The API, files that are not there, what is only the packed form of another, ways out of the folder."""
    assert not files.takes(scope_of(path))


def test_only_looking_is_taken(files):
    """A POST to a page's path is for somebody else."""
    assert files.takes(scope_of("/dispatch", "HEAD"))
    assert not files.takes(scope_of("/dispatch", "POST"))


def test_a_name_with_a_stamp_is_kept_for_good_and_sent_packed_to_who_unpacks(files):
    """The same content either way, and a cache between knows that they differ."""
    _, plain, body = ask(files, "/assets/a-1f.js")
    _, packed, smaller = ask(files, "/assets/a-1f.js", accept_encoding="gzip, br;q=0.5")
    assert body == gzip.decompress(smaller) == CODE
    assert packed["content-encoding"] == "gzip"
    assert "content-encoding" not in plain
    assert plain["vary"] == packed["vary"] == "accept-encoding"
    assert packed["cache-control"] == "public, max-age=31536000, immutable"


def test_what_the_browser_has_is_not_sent_again(files):
    """By its tag, and without a body for HEAD."""
    _, headers, _ = ask(files, "/dispatch")
    assert ask(files, "/dispatch", if_none_match=headers["etag"])[::2] == (304, b"")
    assert ask(files, "/dispatch", if_none_match='"another"')[0] == 200
    assert ask(files, "/dispatch", "HEAD")[2] == b""


def test_a_console_that_is_not_built_takes_nothing(tmp_path):
    """The interface alone answers then."""
    assert not ConsoleFiles(tmp_path).takes(scope_of("/"))
