"""The golden story lived through a real executor on a journal, and what to compare of what is kept beside it."""

import sys
from pathlib import Path

from redstick.dispatch import live as dispatch
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.values import Request

sys.path.insert(0, str(Path(__file__).parents[2] / "golden"))
from story import story

HOUSE = House([dispatch])


def live(journal, actor="tester"):
    """The story on a journal."""
    driver = SynchronousDriver(Executor([dispatch]), journal)
    for number, (now, command, at) in enumerate(story()):
        driver.run([Request(f"s{number}", command, actor, at)], now)
    return journal


def everything(kept):
    """Every stored row of a follower, table by table."""
    with kept.engine.connect() as connection:
        return {
            contents.table.name: sorted(map(tuple, connection.execute(contents.table.select())), key=repr)
            for contents in kept.contents()
        }
