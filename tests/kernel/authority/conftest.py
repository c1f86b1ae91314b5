"""An office that is ruled by an access domain alone."""

import sys
from pathlib import Path

import pytest

from redstick.kernel.authority.adoption import Bootstrap

sys.path.insert(0, str(Path(__file__).parent))
from office import Office, make_policy


@pytest.fixture
def empty_office():
    return Office()


@pytest.fixture
def office(empty_office):
    """Begun, with Ada as its administrator."""
    empty_office.run(Bootstrap("ada", ["administrator"], make_policy(), {"house": ["house"]}), actor="nobody")
    return empty_office
