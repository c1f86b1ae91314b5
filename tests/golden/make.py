"""Makes the golden journal of this version: every kind of event once, written by the real code, and what it folds to.

    .venv/bin/python tests/golden/make.py

A golden journal is a promise: every later version reads it, and folds it to the same. That of a released version is
never made again; whoever adds a kind, or a version of one, after a release does so under the next version's name.
"""

import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import msgspec

from redstick import __version__
from redstick.adapters.disk import PosixDisk
from redstick.adapters.segments import SegmentJournal
from redstick.adapters.untouched import UntouchedDisk
from redstick.comms import live as comms
from redstick.dispatch import live as dispatch
from redstick.dispatch.rules.incidents import AddNote, NoteAdded
from redstick.kernel.authority import domain as access
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.envelope import Head
from redstick.kernel.evolution import ActivateKinds, DeclareNode, DismissNode
from redstick.kernel.executor import Executor
from redstick.kernel.house import House
from redstick.kernel.reactions import Reaction
from redstick.kernel.secrets import domain as secrets
from redstick.kernel.system import ReportBreak, ResumeDomain
from redstick.kernel.values import Request
from redstick.phones import domain as phones
from redstick.savings import domain as savings

sys.path.insert(0, str(Path(__file__).parents[2]))  # it is a command too
from tests.golden.house_story import access_story, secrets_story
from tests.golden.phones_story import phones_story
from tests.golden.savings_story import savings_story
from tests.golden.story import DAY, HOUR, MINUTE, NOON, story
from tests.golden.voice_story import voice_story

HERE = Path(__file__).parent
DOMAINS = (dispatch, comms, access, secrets, savings, phones)
SEGMENT_BYTES = 24_000  # several segments, the closed ones sealed


class Scribe:
    """Asks commands one by one, under ids that count."""

    def __init__(self, journal, domains=DOMAINS, first=0):
        self.driver = SynchronousDriver(Executor(domains), journal)
        self.asked = first

    def ask(self, command, now, at=None):
        """Decide a command at `now`, and make it durable; what is due by then comes first."""
        self.asked += 1
        self.driver.run([Request(f"golden-{self.asked:04d}", command, "golden", at)], now)


def write(folder):
    """Write the journal, and beside it what it folds to."""
    journal = SegmentJournal(PosixDisk(folder / "journal"), segment_bytes=SEGMENT_BYTES, allocate_bytes=0)
    scribe = Scribe(journal)
    begin(scribe)
    for now, command, at in story():
        scribe.ask(command, now, at)
    for number, command in enumerate(voice_story()):
        scribe.ask(command, NOON + DAY + HOUR // 2 + number * MINUTE)
    for number, command in enumerate(access_story()):
        scribe.ask(command, NOON + DAY + HOUR + number * MINUTE)
    for number, command in enumerate(savings_story()):
        scribe.ask(command, NOON + DAY + 2 * HOUR + number * MINUTE)
    for number, command in enumerate(phones_story()):
        scribe.ask(command, NOON + DAY + 4 * HOUR + number * MINUTE)
    for now, command in secrets_story(NOON + 2 * DAY):
        scribe.ask(command, now)
    accidents(scribe, NOON + 10 * DAY)
    while journal.tend():
        pass
    journal.close()
    (folder / "fold.json").write_text(json.dumps(fold_of(folder), indent=1, sort_keys=True) + "\n")


def begin(scribe):
    """A node leads, says what it knows; another comes and goes."""
    kinds = House(DOMAINS).kinds
    scribe.driver.lead("node-1", NOON - HOUR)
    scribe.ask(DeclareNode("node-1", kinds), NOON - HOUR)
    scribe.ask(DeclareNode("node-2", kinds), NOON - HOUR)
    scribe.ask(DismissNode("node-2"), NOON - HOUR)
    scribe.ask(ActivateKinds(), NOON - HOUR)  # nothing to do: all is active


def accidents(scribe, now):
    """What only goes wrong: a domain and a reaction whose code fails, another journal's head, a break in the chain."""
    journal = scribe.driver.journal
    careless = replace(dispatch, reactions=[Reaction("golden.careless", NoteAdded, fail)])
    scribe = Scribe(journal, (careless, comms, access, secrets, savings, phones), scribe.asked)
    scribe.ask(AddNote("i1", "A reaction fails on this."), now)
    broken = replace(dispatch, deciders={**dispatch.deciders, AddNote: fail})
    scribe = Scribe(journal, (broken, comms, access, secrets, savings, phones), scribe.asked)
    scribe.ask(AddNote("i1", "The domain fails on this."), now)
    scribe = Scribe(journal, DOMAINS, scribe.asked)
    scribe.ask(ResumeDomain("dispatch"), now)
    executor = scribe.driver.executor
    executor.anchor("council", Head(7, bytes(32)))
    executor._decide_one(Request("golden-break", ReportBreak(3, 9, 2), "golden"), internal=True)
    scribe.driver.commit()


def fail(*arguments):
    """Code with a fault in it."""
    raise RuntimeError("a fault, for the record")


def fold_of(folder):
    """What the journal of a folder folds to: its head, and the state of each domain."""
    journal = SegmentJournal(UntouchedDisk(PosixDisk(folder / "journal")))
    executor = Executor(DOMAINS)
    executor.refold(journal.read(), journal.gaps)
    journal.close()
    head = {"position": executor.durable.position, "hash": executor.durable.hash.hex()}
    states = {name: msgspec.to_builtins(state) for name, state in executor.committed.items()}
    return {"head": head, "states": states}


if __name__ == "__main__":
    target = HERE / __version__
    shutil.rmtree(target, ignore_errors=True)
    write(target)
