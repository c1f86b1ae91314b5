"""A morning in which everything happens once: every command of dispatch, every kind of event, some refusals.

Golden journals are made of it, and tests that need one of each kind. Times, ids and names are fixed.
"""

from tests.golden.calls_story import calls_story
from tests.golden.crew_story import crew_story
from tests.golden.floor_story import floor_story
from tests.golden.plan_story import plan_story
from tests.golden.recommendation_story import recommendation_story
from tests.golden.telling_story import telling_story

from redstick.dispatch.place import Place
from redstick.dispatch.rules import assignments, calls, incidents, units
from redstick.kernel.drivers import SynchronousDriver
from redstick.kernel.values import Command, Instant, Request

NOON = 1_700_000_000_000  # a fixed instant; what it is does not matter
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000

OAK = Place("12 Oak Street", -912_000_000, 304_000_000, "Testville", "rooftop", "geofile", 5, in_geofile=True)
ELM = Place("9 Elm Street", -912_010_000, 304_020_000, "Testville", "block", "caller", 80, caller_confirmed=True)


def story() -> list[tuple[Instant, Command, Instant | None]]:
    """(now, command, at) in order; `at` is given where something is written down later than it happened."""
    told: list[tuple[Instant, Command, Instant | None]] = []
    chapters = [
        (NOON, _morning()),
        (NOON + 5 * MINUTE, _a_fire()),
        (NOON + 40 * MINUTE, recommendation_story(NOON + 40 * MINUTE)),
        (NOON + HOUR, _an_end()),
        (NOON + 2 * HOUR, floor_story(NOON + 2 * HOUR)),
        (NOON + 4 * HOUR, crew_story(NOON + 4 * HOUR)),
        (NOON + 6 * HOUR, calls_story()),
        (NOON + 8 * HOUR, plan_story(NOON + 8 * HOUR)),
        (NOON + 12 * HOUR, telling_story(NOON + 12 * HOUR)),
        (NOON + DAY, _much_later()),
    ]
    for begun, commands in chapters:
        for number, (command, late) in enumerate(commands):
            now = begun + number * 30 * SECOND
            told.append((now, command, None if late is None else now - late))
    return told


def live(driver: SynchronousDriver, actor: str = "tester") -> SynchronousDriver:
    """Have a driver live through all of it."""
    for number, (now, command, at) in enumerate(story()):
        driver.run([Request(f"s{number}", command, actor, at)], now)
    return driver


def _morning() -> list[tuple[Command, int | None]]:
    return [
        (units.EnrollUnit("E2", "engine", "fire", "2", ["pump", "als"], 4), None),
        (units.EnrollUnit("M4", "medic", "ems", "2"), None),
        (units.EnrollUnit("M4", "medic", "ems", "3", ["als"], 2), None),
        (units.ReportStatus("E2", "LOG"), None),
        (units.ReportStatus("E2", "AQ", x=OAK.x, y=OAK.y), None),
        (units.ReportStatus("M4", "AR"), None),
        (units.ReportStatus("M4", "on the moon"), None),  # refused
        (units.ReportStatus("M4", "AQ"), 10 * MINUTE),  # a paper card
    ]


def _a_fire() -> list[tuple[Command, int | None]]:
    return [
        (calls.ReceiveCall("c1", "911", "555-0100", OAK), None),
        (calls.AnswerCall("c1", "seat-1"), None),
        (calls.AnswerCall("c1", "seat-2"), None),  # refused: taken
        (incidents.OpenIncident("i1", "F-1", "smoke", "fire", 2, OAK, {"beat": "4"}, 1, "c1"), None),
        (calls.ReceiveCall("c2", "alarm"), None),
        (calls.AbandonCall("c2"), None),
        (calls.AttachCall("c2", "i1"), None),
        (assignments.AssignUnits("i1", ["E2"]), None),
        (assignments.AssignUnits("i1", ["E2"]), None),  # refused: already there
        (incidents.RetypeIncident("i1", "structure fire"), None),
        (incidents.ChangePriority("i1", 1), None),
        (incidents.MoveIncident("i1", ELM, {"beat": "5", "area": "n\N{LATIN SMALL LETTER O WITH DIAERESIS}rth"}), None),
        (incidents.RaiseAlarm("i1", 2), None),
        (units.ReportStatus("E2", "ENR"), None),
        (units.ReportStatus("E2", "ONS", x=ELM.x, y=ELM.y), None),
        (incidents.AddNote("i1", 'Smoke from the roof.\nSecond floor reported "clear".'), MINUTE),
        (units.RaiseEmergency("E2", "button"), None),
        (units.ClearEmergency("E2", "A. Officer", "spoke on channel 2"), None),
        (assignments.CorrectTime("i1", "E2", "on_scene", NOON + 10 * MINUTE, "pressed late"), None),
        (assignments.CorrectTime("i1", "E2", "acknowledged", NOON + 8 * MINUTE, "never pressed"), None),
    ]


def _an_end() -> list[tuple[Command, int | None]]:
    return [
        (incidents.OpenIncident("i2", "M-2", "fall", "ems", 3, ELM), None),
        (calls.AttachCall("c2", "i2"), None),
        (calls.DetachCall("c2"), None),
        (assignments.AssignUnits("i2", ["M4"], alerted=False), None),
        (assignments.ReleaseUnit("i2", "M4", "withdrawn"), None),
        (incidents.CloseIncident("i2", "called off", cancelled=True), None),
        (calls.EndCall("c1"), None),
        (calls.EndCall("c1"), None),  # nothing to do
        (incidents.CloseIncident("i1", "fire out"), None),  # refused: a unit is there
        (units.ReportStatus("E2", "AR", "i1", leaves=True), None),
        (assignments.AssignUnits("i1", ["E2"], despite="rekindled"), None),
        (assignments.ReleaseUnit("i1", "E2"), None),
        (incidents.CloseIncident("i1", "fire out"), None),
        (incidents.ReopenIncident("i1", "smoke again"), None),
        (incidents.CloseIncident("i1", "overhaul complete"), None),
        (units.RaiseEmergency("M4", "voice"), None),
        (units.ReportStatus("M4", "OOS"), None),
    ]


def _much_later() -> list[tuple[Command, int | None]]:
    """What was over has retired by now, by its timer; a note brings it back."""
    return [
        (incidents.AddNote("i1", "Report filed."), None),
        (calls.AbandonCall("c2"), None),  # refused: it was, long ago
    ]
