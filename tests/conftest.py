"""What every test may use: third-party data where it is present, and no network unless a test says so."""

import asyncio
import os
import sys
from functools import cache, partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

DATA = Path(os.environ.get("REDSTICK_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))

# Where bytecode may not be kept, every server and command that a test begins would compile the whole house anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Machines that run tests are shared: no test passes or fails by a clock. The integration judges a commit, and the same
# commit is judged the same each time; a person's runs, `make test-slow` among them, search on at random.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True,
    derandomize="CI" in os.environ,
)  # fmt: skip
settings.load_profile("house")


@pytest.fixture(autouse=True)
def _a_loop_of_its_own(request):
    """A browser of earlier tests leaves its loop marked as running here; a test without one begins its own."""
    left = asyncio.events._get_running_loop()
    if request.node.get_closest_marker("browser"):
        left = None
    if left is not None:
        asyncio.events._set_running_loop(None)
    yield
    if left is not None:
        asyncio.events._set_running_loop(left)


@pytest.fixture(autouse=True)
def _no_sockets(request):
    """A test opens a socket only when it is marked `sockets` or `browser`, and then on loopback only."""
    from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

    if request.node.get_closest_marker("sockets") or request.node.get_closest_marker("browser"):
        socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(scope="session")
def third_party():
    """Path of one piece of third-party data, by its name below ../shared/data; skips, saying so, where it is absent."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"third-party data is absent: {name} (looked in ../shared/data)")
        return path

    return find


@pytest.fixture(scope="session")
def edmonton(third_party, tmp_path_factory):
    """The folder of Edmonton's ambulances. Its drives take ten seconds to work out: once for all who open it."""
    from tests.once import value_made_once

    from redstick.simulation.ems import opening

    folder, open_study = third_party("ems/edmonton"), opening.open_study

    @cache
    def opened(place, workload="train"):
        name = f"study-{place.name}-{workload}"
        return value_made_once(tmp_path_factory, name, partial(open_study, place, workload))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "open_study", opened)
        yield folder
