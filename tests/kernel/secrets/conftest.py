"""An office that has declared its retention classes."""

import pytest
from tests.kernel.secrets.office import Office


@pytest.fixture
def office():
    made = Office()
    made.declare()
    return made
