"""Commands over HTTP, answered beside the router: every described path, every kind of bad request, nothing else."""

import asyncio
import json

import pytest

from redstick.dispatch import domain as dispatch
from redstick.kernel.authority import domain as access
from redstick.kernel.house import House
from redstick.kernel.ids import make_id
from redstick.kernel.values import Outcome
from redstick.server.api.asking import Asking
from redstick.server.api.commands import command_routes

LIMIT = 1_000


class Desk:
    """Operations that accept everything, or fail."""

    def __init__(self, fails=None):
        self.house, self.asked, self.fails = House([dispatch, access]), [], fails

    def person_of(self, token):
        """Dan, by his token."""
        return "dan" if token == "t" else None

    async def complete(self, person, command, purpose):
        """As it is."""
        return command

    async def ask(self, request, lane):
        """Accepted."""
        self.asked.append(request)
        if self.fails is not None:
            raise self.fails
        return Outcome(request.id, 7, ())


@pytest.fixture
def key():
    """The id of a command."""
    return make_id("cmd", 1_700_000_000_000, 5)


def asking(desk):
    """The application and what it says has failed."""
    failed = []
    return Asking(desk, LIMIT, failed.append), failed


def answered(application, parts, **headers):
    """Status and body of one request, its body in parts."""
    path = "/api/dispatch/open-incident"
    said = {"authorization": "Bearer t", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {"type": "http", "method": "POST", "path": path,
             "headers": [(name.encode(), value.encode()) for name, value in said.items()]}  # fmt: skip
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in parts[:-1]]
    messages.append({"type": "http.request", "body": parts[-1], "more_body": False} if parts else
                    {"type": "http.disconnect"})  # fmt: skip
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    if not sent:
        return None, None
    assert dict(sent[0]["headers"])[b"content-length"] == str(len(sent[1]["body"])).encode()
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_every_command_that_is_described_is_answered():
    """The router's description and what is answered are the same paths; another method is left to the router."""
    desk = Desk()
    application, _ = asking(desk)
    described = {path for route in command_routes(desk) for path in route.paths}
    assert len(described) > 100
    assert all(application.takes({"path": path, "method": "POST"}) for path in described)
    assert not any(application.takes({"path": path, "method": "GET"}) for path in described)
    assert not application.takes({"path": "/api/dispatch/no-such", "method": "POST"})


def test_a_body_in_parts_is_one_command(key):
    """However the network cut it."""
    desk = Desk()
    status, told = answered(asking(desk)[0], [b'{"inci', b'dent": "i', b'1"}'], idempotency_key=key)
    assert (status, told["position"], desk.asked[0].command.incident) == (200, 7, "i1")
    assert (desk.asked[0].id, desk.asked[0].actor) == (key, "dan")


@pytest.mark.parametrize(
    ("body", "says"),
    [(b"", "truncated"), (b"{", "truncated"), (b"\xff\xfe", "malformed"), (b'{"incident": 5}', "$.incident"),
     (b'{"incident": "i", "x": 1}', "unknown field"), (b"[" * 900, "object"), (b'{"incident": "\xff"}', "")],
)  # fmt: skip
def test_a_body_that_is_no_command_is_refused_by_what_is_wrong(key, body, says):
    """400 with the place; nothing is asked."""
    desk = Desk()
    status, told = answered(asking(desk)[0], [body], idempotency_key=key)
    assert (status, told["code"], desk.asked) == (400, "invalid", [])
    assert says in told["data"]["errors"][0]["message"]


def test_a_body_that_is_too_long_is_refused_unread(key):
    """At the limit it is read, beyond it is not."""
    body = b'{"incident": "' + b"x" * (LIMIT - 16) + b'"}'
    assert answered(asking(Desk())[0], [body], idempotency_key=key)[0] == 200
    status, told = answered(asking(Desk())[0], [body, b" "], idempotency_key=key)
    assert (status, told["code"]) == (413, "body_too_large")


def test_who_leaves_in_the_middle_has_asked_nothing(key):
    """No answer, no command."""
    desk = Desk()
    assert answered(asking(desk)[0], [], idempotency_key=key) == (None, None)
    assert desk.asked == []


def test_an_error_of_ours_is_kept_and_not_told(key):
    """500 with nothing of the inside; whoever looks into the server finds the error."""
    fault = RuntimeError("a secret place")
    application, failed = asking(Desk(fault))
    status, told = answered(application, [b'{"incident": "i1"}'], idempotency_key=key)
    assert (status, failed) == (500, [fault])
    assert "secret" not in json.dumps(told)
    assert told["code"] == "internal_server_error"


def test_a_stranger_is_refused_before_the_body_is_looked_at():
    """401, whatever is in it."""
    status, told = answered(asking(Desk())[0], [b"nonsense"], authorization="Bearer other")
    assert (status, told["code"]) == (401, "not_signed_in")


def test_the_session_may_come_in_a_cookie(key):
    """As a browser sends it, among others."""
    desk = Desk()
    said = {"authorization": "", "cookie": "a=b; redstick_session=t; c", "idempotency_key": key}
    assert answered(asking(desk)[0], [b'{"incident": "i1"}'], **said)[0] == 200
