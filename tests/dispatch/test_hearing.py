"""From a leg to a call: what comes in on a 911 line rings on the floor, and nothing else does."""

import pytest
from tests.dispatch.live_desk import LiveDesk

from redstick.adapters.memory import MemoryJournal
from redstick.comms import domain as comms
from redstick.comms.rules.legs import EndLeg, OfferLeg, RelocateLeg
from redstick.dispatch import live
from redstick.dispatch.hearing import CELL_REACH_M, place_of
from redstick.dispatch.place import Place
from redstick.dispatch.rules.calls import AnswerCall, CallState
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.executor import Executor
from redstick.kernel.values import Request
from redstick.published.comms import Arrival, Fix, LineKind

COARSE = Fix(x=-911_871_000, y=304_515_000, radius_m=850, method="Cell")
ADDRESS = Fix(text="1200 Main St, floor 3, Baton Rouge", municipality="Baton Rouge", method="Manual")
SHARP = Fix(x=-911_871_500, y=304_515_200, radius_m=12, method="GPS")


class Floor(LiveDesk):
    """Dispatch and comms on one journal, as the city has them."""

    def __init__(self):
        super().__init__()
        self.driver = SynchronousDriver(Executor([live, comms]), self.journal)

    def restart(self):
        """Lose everything but the journal."""
        self.driver = SynchronousDriver(Executor([live, comms]), self.journal)
        self.driver.drain(self.now)


@pytest.fixture
def floor():
    """Nothing rings."""
    return Floor()


def offer(*fixes, line=LineKind.EMERGENCY, call="call"):
    """A leg that rings."""
    return OfferLeg("leg", Arrival(line=line, number="+12255550142", fixes=fixes), call)


def test_a_911_leg_rings_as_a_call_with_its_number_and_its_first_place(floor):
    """Coarse as it was said; a reference without a place is passed over, further places stand beside the first."""
    floor.run(offer(Fix(uri="https://lis.example/1"), COARSE, ADDRESS))
    call = floor.state.calls["call"]
    assert (call.state, call.source, call.callback) == (CallState.PRESENTED, "911", "+12255550142")
    assert (call.place.x, call.place.uncertainty_m, call.place.quality) == (COARSE.x, 850, "cell")
    assert [one.place.text for one in call.supplemental] == [ADDRESS.text]


def test_a_call_without_a_readable_place_rings_too(floor):
    """Number and time are enough."""
    floor.run(offer())
    assert floor.state.calls["call"].place == Place()


def test_admin_and_test_lines_make_no_call(floor):
    """Whatever they bring."""
    floor.run(offer(COARSE, line=LineKind.ADMIN, call=""))
    floor.run(EndLeg("leg", "them", "bye"), offer(COARSE, line=LineKind.TEST, call=""))
    assert floor.state.calls == {}


def test_a_leg_that_is_over_at_once_is_owed_a_callback(floor):
    """Also where its end is decided before its call is here, as of somebody who gives up in the same moment."""
    both = [Request("offer", offer(ADDRESS), "house"), Request("end", EndLeg("leg", "them", "cancelled"), "house")]
    floor.driver.run(both, floor.now)
    assert floor.state.calls["call"].state in (CallState.ABANDONED, CallState.CALLBACK_QUEUED)
    assert "2255550142" in floor.state.callbacks


def test_a_better_place_stands_beside_what_is_known(floor):
    """It overwrites nothing; a person promotes it."""
    floor.run(offer(COARSE), RelocateLeg("leg", (SHARP,)))
    call = floor.state.calls["call"]
    assert call.place.uncertainty_m == 850
    assert [(one.place.uncertainty_m, one.place.quality) for one in call.supplemental] == [(12, "device")]


def test_who_hangs_up_before_an_answer_is_owed_a_callback_and_after_one_is_not(floor):
    """The number is kept in both."""
    floor.run(offer(), EndLeg("leg", "them", "cancelled"))
    assert floor.state.calls["call"].state is CallState.CALLBACK_QUEUED
    assert [one.callback for one in floor.state.callbacks.values()] == ["+12255550142"]
    floor = Floor()
    floor.run(offer(), AnswerCall("call", "seat"), EndLeg("leg", "them", "bye"))
    assert floor.state.calls["call"].state is CallState.ENDED
    assert floor.state.callbacks == {}


def test_a_leg_that_is_durable_becomes_its_call_after_a_crash_between_the_two(floor):
    """The journal is cut behind the leg's own line: what it owes follows from that line alone, once."""
    floor.run(offer(COARSE))
    lines = list(floor.journal.read(0))
    cut = next(number for number, line in enumerate(lines) if b"comms.leg_offered" in line) + 1
    assert not any(b"call_received" in line for line in lines[:cut])
    crashed = Floor()
    probe = MemoryJournal()
    crashed.journal = probe
    rest = SynchronousDriver(Executor([live, comms]), _holding(probe, lines[:cut]))
    rest.drain(floor.now + 1)
    calls = rest.executor.committed["dispatch"].calls
    assert [(name, call.callback) for name, call in calls.items()] == [("call", "+12255550142")]


def _holding(journal, lines):
    """A journal with these lines."""
    executor = Executor([live, comms])
    executor.refold(lines)
    journal.append(lines, journal.head(), executor.durable)
    return journal


@pytest.mark.parametrize(
    ("fix", "reach", "quality"),
    [
        (COARSE, 850, "cell"),
        (SHARP, 12, "device"),
        (Fix(x=1, y=2, method="Cell"), CELL_REACH_M, "cell"),  # a tower's own point is not where the caller is
        (Fix(x=1, y=2, method="GPS"), 100, "device"),  # nothing said: as a device usually is
    ],
)
def test_what_is_coarse_is_marked_as_coarse(fix, reach, quality):
    """By its own radius where it says one; a bare point of a cell is never as good as a device's."""
    place = place_of(fix)
    assert (place.reach_m, place.quality) == (reach, quality)
