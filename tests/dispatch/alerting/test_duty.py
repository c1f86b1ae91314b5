"""Off duty never, on duty always: over random shifts."""

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.live_desk import SECOND, LiveDesk

from redstick.dispatch.alerting.paths import Path, PathKind
from redstick.dispatch.rules.alerts import AlertQueued, AlertRaised, VoiceNeeded
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit, UnitAssigned
from redstick.dispatch.rules.incidents import OpenIncident
from redstick.dispatch.rules.recipients import EnrollRecipient
from redstick.dispatch.rules.units import EnrollUnit, ReportStatus, StatusReported
from redstick.dispatch.status_table import Status

ACTS = st.one_of(
    st.sampled_from(["OFF", "LOG", "AQ", "AR", "ENR", "MEAL"]).map(lambda word: ReportStatus("E1", word)),
    st.just(AssignUnits("i", ["E1"], despite="by order")),
    st.sampled_from(["cancelled", "cleared"]).map(lambda how: ReleaseUnit("i", "E1", how)),
    st.integers(1, 70).map(lambda seconds: seconds * SECOND),
)


@settings(max_examples=60)
@given(st.lists(ACTS, max_size=14))
def test_nobody_off_duty_is_tried_and_everyone_on_duty_is_told(acts):
    """By what the unit itself has said: sending it is not signing it on."""
    desk = LiveDesk()
    facts = []
    desk.driver.listen(facts.extend)
    desk.run(EnrollUnit("E1"), OpenIncident("i"), EnrollRecipient("s", "E1", [Path(PathKind.STATION, "1")]))
    for act in acts:
        if isinstance(act, int):
            desk.wait(act)
        else:
            desk.ask(act)
    on_duty, alerted, owed = False, 0, 0
    for event in (fact.event for fact in facts):
        match event:
            case StatusReported():
                on_duty = event.status is not Status.OFF
            case AlertQueued() | VoiceNeeded():
                assert on_duty
            case UnitAssigned():
                owed += on_duty
            case AlertRaised() if event.purpose == "dispatch":
                alerted += 1
            case _:
                pass
    assert alerted >= owed
