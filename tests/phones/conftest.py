"""A city hall for every test of the phones."""

import pytest
from tests.phones.switchboard import city_hall


@pytest.fixture
def hall():
    """Three people with a phone each, two trunks, a plan, one site."""
    return city_hall()
