"""Ten simulated years of work: nothing that is kept grows with them, and no counter has an end."""

from redstick.dispatch.rules.accountability import AnswerRoll, OpenRoll, StartAccountability
from redstick.dispatch.rules.assignments import AssignUnits, ReleaseUnit
from redstick.dispatch.rules.incidents import CloseIncident, OpenIncident
from redstick.dispatch.rules.shifts import BeginShift, EndShift
from redstick.dispatch.rules.stops import ConfirmStatus, MakeStop
from redstick.dispatch.rules.units import AcknowledgeEmergency, ClearEmergency, RaiseEmergency, ReportStatus
from redstick.dispatch.rules.warnings import BUDGET_AN_HOUR
from redstick.dispatch.timers.welfare import CHECK_STOP_MS
from redstick.dispatch.timers.work import WELFARE_MS

YEARS, DAY_MS, EVERY_DAYS = 10, 86_400_000, 30


def kept(shift):
    """How many things units, their clocks and their warnings keep in the live state, and how many timers run."""
    state = shift.state
    lately = [len(times) for times in state.warned_at.values()]
    assert max(lately, default=0) <= BUDGET_AN_HOUR
    held = (state.warnings, state.rolls, state.stops, state.shifts, state.incidents)
    return [len(one) for one in held], shift.driver.executor.next_due()


def a_day(shift, day):
    """A shift with an incident that is warned of, a roll call, a stop and an emergency."""
    name = f"i{day}"
    shift.run(EndShift("day"), BeginShift("day", "E2", "engine", ["Ann"], shift.now + DAY_MS // 2))
    shift.run(ReportStatus("E2", "AR"), OpenIncident(name), AssignUnits(name, ["E2"]))
    shift.wait(WELFARE_MS)
    shift.run(ReportStatus("E2", "ONS"), StartAccountability(name), AnswerRoll(name, "E2", 1, "Capt. Doe"))
    shift.run(RaiseEmergency("E2"), AcknowledgeEmergency("E2", "J. Doe"), ClearEmergency("E2", "J. Doe", "well"))
    shift.run(ReleaseUnit(name, "E2"), CloseIncident(name, "done"))
    shift.run(MakeStop("P7", "Main"))
    shift.wait(CHECK_STOP_MS)
    shift.run(ConfirmStatus("P7", "Ofc. Roe"), ReportStatus("P7", "AR"))
    shift.wait(EVERY_DAYS * DAY_MS)


def test_nothing_grows_with_the_years(shift):
    """After ten years as many things are kept, and as many timers run, as after the first month."""
    shift.run(BeginShift("day", "E2", "engine", ["Ann"]))
    seen = []
    for day in range(0, YEARS * 365, EVERY_DAYS):
        a_day(shift, day)
        seen.append(kept(shift))
    assert seen[0] == seen[-1]
    assert len({str(one) for one in seen}) == 1


def test_a_count_goes_on_beyond_any_width_of_a_register(shift):
    """The round after 2**63 is the next one."""
    shift.run(AssignUnits("i", ["E2"]), ReportStatus("E2", "ENR"), ReportStatus("E2", "ONS"), StartAccountability("i"))
    shift.driver.executor.committed["dispatch"].rolls["i"].round = 2**63
    shift.driver.executor._decided.states["dispatch"].rolls["i"].round = 2**63
    shift.run(AnswerRoll("i", "E2", 4, "Capt. Doe"), OpenRoll("i"))
    assert shift.state.rolls["i"].round == 2**63 + 1
