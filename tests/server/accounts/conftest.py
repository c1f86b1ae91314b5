"""A front desk with one person who has an account."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from front_desk import FrontDesk


@pytest.fixture
def desk(tmp_path):
    made = FrontDesk(tmp_path)
    made.enroll("ben", "ben.b")
    yield made
    made.close()
