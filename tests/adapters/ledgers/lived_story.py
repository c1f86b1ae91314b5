"""The golden story lived through a real executor on a journal, and what to compare of what is kept beside it."""

from tests.golden.story import live

from redstick.adapters.memory import MemoryJournal
from redstick.dispatch import live as dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.house import House

HOUSE = House([dispatch])


def lived(actor="tester"):
    """A journal of the story."""
    return live(SynchronousDriver(Executor([dispatch]), MemoryJournal()), actor).journal


def everything(kept):
    """Every stored row of a follower, table by table."""
    with kept.engine.connect() as connection:
        return {
            contents.table.name: sorted(map(tuple, connection.execute(contents.table.select())), key=repr)
            for contents in kept.contents()
        }
