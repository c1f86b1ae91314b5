"""An hour in which everything happens once to units: crews, shifts, words, positions, and who looks after them."""

from redstick.dispatch.avl.quality import Quality
from redstick.dispatch.rules import (
    accountability,
    assignments,
    crews,
    incidents,
    moveups,
    positions,
    shifts,
    silence,
    status_words,
    stops,
    units,
    warnings,
)
from redstick.dispatch.status_table import Status
from redstick.kernel.values import Command


def crew_story(now: int) -> list[tuple[Command, int | None]]:
    """(command, how late it is written down), each half a minute after the one before; it begins at `now`."""
    return [(command, None) for command in [*_a_morning(), *_a_boat(now), *_a_stop(), *_a_round(), *_a_trunk(now)]]


def _a_morning() -> list[Command]:
    return [
        *(units.EnrollUnit(name, "lifeboat", "harbor", "pier") for name in ("L1", "L2")),
        units.EnrollUnit("P9", "patrol", "harbor"),
        status_words.AdoptStatusWords(
            {"AR": Status.AR, "CAST OFF": Status.ENR, "ALONGSIDE": Status.ONS}, ["cast off"], "J. Doe", "lifeboat"
        ),
        crews.FormCrew("pier", ["L1", "L2"]),
        shifts.BeginShift("pier day", "L1", "boat 3", ["Ann", "Bo"]),
        units.ReportStatus("L1", "AR"),
        units.ChangeSecondaries("L1", ["Training"]),
        units.ChangeSecondaries("L1", [], ["Training"]),
    ]


def _a_boat(now: int) -> list[Command]:
    return [
        moveups.SuggestMoveUp("L1", "east pier", 900, 600, 240, "s1"),
        moveups.OrderMoveUp("L1", "east pier", "J. Doe"),
        moveups.DeclineMoveUp("L1", "J. Doe", "fog"),
        positions.NoteQuality("L1", Quality.SWAP, now, "L2"),
        positions.NoteQuality("L1", Quality.FRESH, now),
        incidents.OpenIncident("u1", "H-1", "boat adrift", "harbor", 2),
        assignments.AssignUnits("u1", ["L1"], expected_s={"L1": 300}),
        assignments.AssignUnits("u1", ["L2"], despite="both"),  # refused: one crew
        units.RaiseEmergency("L1", "radio", mayday=True),  # and nobody hears it for a minute
        stops.AskStatus("P9"),  # refused: no stop
        units.AcknowledgeEmergency("L1", "J. Doe"),
        warnings.AcknowledgeWarning("warning/acknowledge/u1/L1", "J. Doe"),
        units.ReportStatus("L1", "alongside"),  # steps were skipped; the warnings end
        units.ClearEmergency("L1", "J. Doe", "spoke to the crew"),
    ]


def _a_stop() -> list[Command]:
    return [
        units.ReportStatus("P9", "AR"),
        stops.MakeStop("P9", "Main & 4th", "abc 123"),
        stops.AskStatus("P9"),
        stops.ConfirmStatus("P9", "Ofc. Roe"),
        units.ReportStatus("P9", "AR"),  # ends it
    ]


def _a_round() -> list[Command]:
    return [
        accountability.StartAccountability("u1", 600),
        accountability.AnswerRoll("u1", "L1", 1, "Capt. Doe"),  # one of two is missing
        accountability.AnswerRoll("u1", "L1", 2, "Capt. Doe"),
        accountability.EndAccountability("u1", "J. Doe"),
        assignments.ReleaseUnit("u1", "L1"),
        incidents.CloseIncident("u1", "towed in"),
        shifts.EndShift("pier day"),
        crews.DisbandCrew("pier"),
    ]


def _a_trunk(now: int) -> list[Command]:
    return [
        silence.WatchSource("trunk 1", [60_000] * 168, 1_000),  # bears a minute
        silence.CheckSource("trunk 1", now),
        silence.CheckSource("trunk 1"),
        silence.CheckSource("trunk 1"),
        silence.CheckSource("trunk 1"),
        silence.UnwatchSource("trunk 1"),
    ]
