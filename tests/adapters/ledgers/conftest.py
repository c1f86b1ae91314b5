"""What is kept beside the journal of the golden story."""

import pytest
from tests.adapters.ledgers.lived_story import HOUSE, lived

from redstick.adapters.ledgers import SqlLedger, SubjectIndex
from redstick.dispatch.reads.projections import LEDGER
from redstick.kernel.ledgers import facts_behind


@pytest.fixture(scope="session")
def journal():
    """The journal of the story."""
    return lived()


@pytest.fixture(scope="session")
def facts(journal):
    """Its lines as facts."""
    return list(facts_behind(journal, HOUSE))


@pytest.fixture(params=["ledger", "subjects"])
def make(request):
    """Makes a follower of each kind on an engine."""
    return (lambda engine: SqlLedger(engine, LEDGER)) if request.param == "ledger" else SubjectIndex


@pytest.fixture
def place(tmp_path):
    """Where a database may be."""
    return tmp_path / "ledgers" / "kept.sqlite"
