"""A unit's part as eDispatch and eTimes: what is known, and why the rest is not."""

import pytest
from tests.dispatch.live_desk import MINUTE

from redstick.dispatch.exchange.nemsis import REASONS, fragment_of
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.units import ReportStatus
from redstick.protocols.eido.codes import INCIDENT_TYPES
from redstick.protocols.nemsis.sections import Not, out_of_order, read_fragment, write_fragment
from redstick.protocols.times import write_time


@pytest.fixture
def fragment(desk, incident):
    """The fragment of engine 1's part."""
    return lambda: fragment_of(desk.state, incident(), incident().assignments["E1"], "CARDIAC")


def live(desk, *statuses):
    """Report statuses a minute apart, then leave."""
    for status in statuses:
        desk.now += MINUTE
        desk.run(ReportStatus("E1", status))
    desk.now += MINUTE
    desk.run(ReportStatus("E1", "AR", leaves=True))


def test_a_whole_transport_has_every_time(desk, fragment, incident):
    """Each of our stamps under its name; the fragment is written and read again."""
    live(desk, "ONS", "PTC", "TRN", "HSP")
    found = fragment()
    assert found.gaps == ()
    stamps = incident().assignments["E1"].stamps
    for name, stamp in (("eTimes.03", "dispatched"), ("eTimes.06", "on_scene"), ("eTimes.11", "at_hospital"),
                        ("eTimes.13", "available")):  # fmt: skip
        assert found.values[name] == write_time(stamps[stamp])
    assert found.values["eTimes.12"] is Not.RECORDED
    assert read_fragment(write_fragment(found.values)) == found.values
    assert out_of_order(found.values) == []


def test_a_unit_that_was_cancelled_reached_nobody(desk, fragment):
    """What cannot have happened is not applicable; the time of cancelling stands."""
    desk.now += MINUTE
    desk.run(ReleaseUnit("inc_0000000001", "E1", "cancelled"))
    desk.run(ReportStatus("E1", "AR"))
    values = fragment().values
    assert values["eTimes.14"] == write_time(desk.now)
    for name in ("eTimes.06", "eTimes.07", "eTimes.09", "eTimes.11", "eTimes.12"):
        assert values[name] is Not.APPLICABLE


def test_a_step_that_was_skipped_is_not_recorded(desk, fragment):
    """It may have happened, and nobody wrote it down: nothing is invented."""
    live(desk, "ONS", "TRN", "HSP")
    assert fragment().values["eTimes.07"] is Not.RECORDED


def test_who_transported_nobody_has_no_hospital(desk, fragment):
    """Not applicable, once its part is over."""
    live(desk, "ONS", "PTC")
    values = fragment().values
    assert {values[name] for name in ("eTimes.09", "eTimes.11", "eTimes.12")} == {Not.APPLICABLE}


def test_what_is_not_over_cannot_leave(fragment):
    """The time back in service is mandatory: it is a gap that is named, and nothing is written."""
    found = fragment()
    assert [gap.partition(":")[0] for gap in found.gaps] == ["/eTimes.13"]
    with pytest.raises(ValueError, match=r"eTimes\.13"):
        write_fragment(found.values)


def test_reasons_are_of_known_types():
    """Every common type that is mapped is one of the standard's."""
    assert REASONS.keys() <= INCIDENT_TYPES
