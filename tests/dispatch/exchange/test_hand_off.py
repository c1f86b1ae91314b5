"""The hand-off to a records system: one value for each agency, with what is missing in it."""

import msgspec

from redstick.dispatch.exchange.hand_off import HandOff, hand_off
from redstick.dispatch.rules.assignments import ReleaseUnit
from redstick.dispatch.rules.case_numbers import IssueCaseNumber
from redstick.dispatch.rules.incidents import CloseIncident


def test_a_report_begins_with_everything_that_is_known(desk, profile, incident):
    """Case number, common codes, times of the agency's units, narrative; and it survives being written as JSON."""
    desk.run(IssueCaseNumber("inc_0000000001", "FIRE", 2023))
    desk.run(ReleaseUnit("inc_0000000001", "E1"), CloseIncident("inc_0000000001", "fire out"))
    value = hand_off(desk.state, incident(), "FIRE", profile)
    assert value.cases == ("FIRE-2023-000001",)
    assert (value.common_type, value.common_disposition, value.gaps) == ("FSTRU", "23", ())
    [engine] = value.units
    assert (engine.unit, engine.ending, sorted(engine.times)) == (
        "E1",
        "cleared",
        ["assigned", "dispatched", "en_route"],
    )
    assert msgspec.json.decode(msgspec.json.encode(value), type=HandOff) == value


def test_what_is_missing_is_named(desk, profile, incident):
    """For an agency that sent nobody and has no number, while the incident is open."""
    gaps = hand_off(desk.state, incident(), "POLICE", profile).gaps
    assert gaps == ("no case number", "not closed", "no common disposition", "no unit of this agency")
