"""A process that is killed while it takes lines in: rows and position are of one transaction, whatever the moment."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from tests.adapters.ledgers.lived_story import HOUSE

from redstick.adapters.ledgers import open_database
from redstick.adapters.ledgers.check import rebuild_check
from redstick.kernel.ledgers import catch_up

LOADER = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.adapters.ledgers.lived_story import HOUSE, lived
from redstick.adapters.ledgers import SqlLedger, SubjectIndex, open_database
from redstick.dispatch.reads.projections import LEDGER
from redstick.kernel.ledgers import catch_up
from pathlib import Path
engine = open_database(Path(sys.argv[2]))
kept = SqlLedger(engine, LEDGER) if sys.argv[3] == "ledger" else SubjectIndex(engine)
journal = lived()
print("ready", flush=True)
while True:
    catch_up(kept, journal, HOUSE, batch=1)
    kept.clear()
"""


@pytest.mark.slow
def test_killed_at_any_moment_it_goes_on(make, place, journal, request):
    """After kill -9, 20 times over: what is there is as the journal says, and catching up goes on from it."""
    dice, kind = random.Random(5), request.node.callspec.params["make"]
    stops = set()
    for _ in range(20):
        command = [sys.executable, "-c", LOADER, str(Path(__file__).parents[3]), str(place), kind]
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        process.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0.02, 0.4))
        process.kill()
        process.wait()
        process.stdout.close()
        kept = make(open_database(place))
        stops.add(kept.standing().position)
        assert rebuild_check(kept, journal, HOUSE).findings == []
        catch_up(kept, journal, HOUSE)
        assert kept.standing() == journal.head()
        kept.engine.dispose()
    assert len(stops) > 5
