"""The gate before every read: nothing is shown that may not be, nor before it is written down where law asks that."""

import asyncio
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from redstick.kernel.authority.adoption import AdoptPolicy
from redstick.kernel.authority.people import EnrollPerson, SuspendPerson
from redstick.kernel.authority.policy import Cells, Purpose
from redstick.kernel.authority.records import ReadAllowed, ReadRefused
from redstick.server.accounts.reading import ReadGate

sys.path.insert(0, str(Path(__file__).parent))
from front_desk import MINUTE, POLICY, FrontDesk

VIEW = "demo.view.files"
OPEN = replace(
    POLICY,
    roles=[*POLICY.roles, "clerk"],
    audiences=["floor", "public"],
    purposes=[Purpose("none"), Purpose("audit")],
    permits=[
        *POLICY.permits,
        *(Cells("house", f"access.record_read_{what}", ["none"]) for what in ("allowed", "refused")),
        Cells("clerk", VIEW, ["audit"], "floor"),
        Cells("clerk", VIEW, ["none", "audit"], "public"),
    ],
)


class Lobby(FrontDesk):
    """A front desk with a gate."""

    def open(self):
        """Begin, with a gate over the same state."""
        super().open()
        self.gate = ReadGate(lambda: self.driver.executor.committed["access"], self.as_house)

    def read(self, person="cleo", audience=None, purpose=None):
        """The gate's answer."""
        return asyncio.run(self.gate.admit(person, VIEW, audience, self.now, purpose))


@pytest.fixture
def lobby(tmp_path):
    """Where Cleo is a clerk and Ben is nothing."""
    made = Lobby(tmp_path)
    assert made.command(AdoptPolicy(OPEN)).accepted
    assert made.command(EnrollPerson("cleo", ["clerk"])).accepted
    made.enroll("ben", "ben.b")
    yield made
    made.close()


def test_a_read_for_a_purpose_is_durable_before_it_is_shown(lobby):
    """The record stands in the journal when the gate opens; a read without purpose needs none."""
    assert lobby.read(purpose="audit").audience == "floor"
    assert lobby.journaled("access.read_allowed") == [ReadAllowed("cleo", VIEW, "floor", "audit")]
    assert lobby.read().audience == "public"
    assert len(lobby.journaled("access.read_allowed")) == 1


def test_refused_reads_are_journaled_and_counted(lobby):
    """The first at once, the others of the minute as one; what was asked for is what is recorded."""
    assert [lobby.read(audience="floor").rejection.code for _ in range(5)] == ["purpose_needed"] * 5
    assert lobby.read("ben").rejection.code == "not_permitted"
    lobby.now += MINUTE
    asyncio.run(lobby.gate.tidy(lobby.now))
    assert lobby.journaled("access.read_refused") == [
        ReadRefused("cleo", VIEW, "floor", "", "purpose_needed"),
        ReadRefused("ben", VIEW, "public", "", "not_permitted"),
        ReadRefused("cleo", VIEW, "floor", "", "purpose_needed", 4),
    ]


def test_what_cannot_be_recorded_is_not_shown(lobby):
    """When the house may not write the record, the gate stays shut."""
    barred = replace(OPEN, forbids=[Cells("house", "access.record_read_allowed", ["none"])])
    assert lobby.command(AdoptPolicy(barred)).accepted
    assert lobby.read(purpose="audit").rejection.code == "not_recorded"
    assert lobby.read().permitted


def test_who_is_suspended_while_the_record_is_written_sees_nothing(lobby):
    """The answer is asked again when people or policy changed meanwhile."""
    journal = lobby.gate._journal

    async def slow(command):
        outcome = await journal(command)
        lobby.command(SuspendPerson("cleo", "just now"))
        return outcome

    lobby.gate._journal = slow
    assert lobby.read(purpose="audit").rejection.data["because"] == "suspended"


def test_an_answer_goes_stale_with_any_change_of_authority(lobby):
    """A seat that shows something learns from one number that it must ask again."""
    reading = lobby.read()
    assert not lobby.gate.stale(reading)
    lobby.command(SuspendPerson("ben", "left"))
    assert lobby.gate.stale(reading)
    assert lobby.read().permitted


def test_before_there_is_a_policy_the_gate_is_shut(tmp_path):
    """With nobody to record it for, too."""
    made = FrontDesk(tmp_path)
    made.driver.executor.committed["access"].policy = None
    gate = ReadGate(lambda: made.driver.executor.committed["access"], made.as_house)
    assert asyncio.run(gate.admit("ada", VIEW, None, made.now)).rejection.data["because"] == "no_policy"
    made.close()
