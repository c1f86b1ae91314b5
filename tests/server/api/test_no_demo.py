"""A real city is no demo: each test states one fact."""

import pytest
from tests.server.api.conftest import Person

pytestmark = pytest.mark.sockets

PARTS = (
    ("GET", "/api/demo", None),
    ("POST", "/api/demo/seat", {"seat": "dispatch:1"}),
    ("DELETE", "/api/demo/seat?seat=dispatch:1", None),
    ("POST", "/api/demo/clock", {"speed": 20}),
    ("GET", "/api/demo/calls/any", None),
)


@pytest.mark.parametrize("who", [None, "ada"], ids=["a stranger", "an administrator"])
@pytest.mark.parametrize(("method", "path", "body"), PARTS, ids=[f"{method} {path}" for method, path, _ in PARTS])
def test_no_part_of_the_demo_is_there(server, who, method, path, body):
    """Nobody sits down without a password, and nobody sets the clock: 404, whoever asks, and no cookie is given."""
    asked = Person(server, who)
    answer = asked.http.request(method, path, json=body, headers=asked.headers)
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers
