"""An hour on the dispatch floor in which everything about what is pending, and who watches it, happens once."""

from redstick.dispatch.plans.requirement import Requirement, Substitute
from redstick.dispatch.rules import (
    aid,
    assignments,
    callbacks,
    calls,
    case_numbers,
    closures,
    coverage,
    exchanges,
    groups,
    incidents,
    needs,
    overdue,
    seats,
    stacking,
    talkgroups,
    units,
)
from redstick.kernel.values import Command

ENGINE = Requirement("engine", ("engine",), count=2, agency="fire", min_staffing=3, ceiling_s=480)
MEDIC = Requirement(
    "medic", (), ("als",), agency="ems", role="care", substitutes=(Substitute(("engine",), ("als",), 90),)
)


def floor_story(now: int) -> list[tuple[Command, int | None]]:
    """(command, how late it is written down), each half a minute after the one before; it begins at `now`."""
    return [
        (command, None)
        for command in [*_the_watch(), *_a_need(), *_a_wait(now), *_an_exchange(), *_the_night(), *_what_is_left()]
    ]


def _the_watch() -> list[Command]:
    return [
        groups.DefineGroup("fire", ["fire"]),
        groups.DefineGroup("ems", ["ems"], [groups.Area("beat", "4"), groups.Area("beat", "5")]),
        groups.DefineGroup("lead", supervises=True),
        seats.SignOn("seat-1", "A. Watcher", ["fire", "ems"]),
        seats.SignOn("seat-9", "L. Lead", ["lead"]),
        talkgroups.ListTalkgroup("TAC-1", "fire"),
        talkgroups.ListTalkgroup("TAC-2"),
        talkgroups.DelistTalkgroup("TAC-2"),
        *(units.EnrollUnit(name, "engine", "fire", "2", ["pump", "als"], 4) for name in ("E5", "E6")),
        units.EnrollUnit("X7", "engine", "county", "9", ["pump"], 4),
        *(units.ReportStatus(name, "AQ") for name in ("E5", "E6", "X7")),
    ]


def _a_need() -> list[Command]:
    return [
        incidents.OpenIncident("n1", "F-9", "structure fire", "fire", 1, zones={"beat": "4"}),
        needs.SetNeeds("n1", [ENGINE, MEDIC], "v7", "structure fire, city"),
        assignments.AssignUnits("n1", ["E5"]),
        needs.AddNeeds("n1", [Requirement("engine/2", ("engine",), agency="fire")], "v7", "second alarm"),
        overdue.AcknowledgeOverdue("n1", "pending", "A. Watcher"),
        talkgroups.AssignTalkgroup("n1"),
        aid.RecordAgreement("county-fire", "county", "fire", conditions="two at most"),
        aid.RequestAid("n1", "r1", "county", "fire", "one engine"),
        aid.RefuseAid("n1", "r1", "County chief", "all out"),
        aid.GrantAid("n1", "r1", "County chief"),
        assignments.AssignUnits("n1", ["X7"], fills={"X7": "engine"}),
        needs.WaiveNeed("n1", "engine/2", "I. Command", "fire knocked down"),
        needs.ReinstateNeed("n1", "engine/2", "I. Command", "it has spread"),
        aid.EndAgreement("county-fire", "not renewed"),
        case_numbers.IssueCaseNumber("n1", "fire", 2023),
    ]


def _a_wait(now: int) -> list[Command]:
    return [
        incidents.OpenIncident("n2", "F-10", "alarm bell", "fire", 4, zones={"beat": "5"}),
        stacking.StackIncident("n2", "E5"),
        stacking.UnstackIncident("n2", "E5", "another is nearer"),
        stacking.HoldIncident("n2", "A. Watcher", "keyholder is on the way", now + 3_600_000),
        stacking.EndHold("n2", "keyholder is there"),
        stacking.PreassignUnit("n2", "E6"),
        stacking.EndPreassignment("E6", "needed elsewhere"),
    ]


def _an_exchange() -> list[Command]:
    return [
        exchanges.SwapUnits("n1", "E5", "E6"),
        exchanges.BorrowUnit("n2", "E6", "n1", "smoke in a stairway"),
        assignments.AssignUnits("n1", ["E6"], despite="next door"),
        exchanges.ChoosePrimary("E6", "n1"),
    ]


def _the_night() -> list[Command]:
    quiet = [coverage.AcknowledgeCoverage("ems", "L. Lead")] * 3  # time for what nobody acknowledges to go up
    return [
        closures.CloseRoad("bridge", ["7", "8"], "high water", "L. Lead", line=[-911_500_000, 304_500_000]),
        closures.ReopenRoad("bridge", "L. Lead"),
        groups.CombineGroups("ems", "fire", "L. Lead"),
        groups.SplitGroup("ems", "L. Lead"),
        seats.RelieveSeat("seat-1", "seat-2", "B. Watcher", 40),
        seats.LoseSeat("seat-2"),
        seats.FindSeat("seat-2"),
        seats.SignOff("seat-2"),  # refused: needs would be unseen
        seats.SignOff("seat-2", despite="taken ill"),
        coverage.AcknowledgeCoverage("ems", "L. Lead"),
        *quiet,
        seats.SignOn("seat-3", "C. Watcher", ["fire", "ems"]),
        *(assignments.ReleaseUnit(incident, unit) for incident, unit in (("n1", "E6"), ("n1", "X7"), ("n2", "E6"))),
        incidents.CloseIncident("n2", "false alarm"),
        incidents.CloseIncident("n1", "fire out"),
    ]


def _what_is_left() -> list[Command]:
    """A seat goes that speaks with one caller and is calling another back."""
    return [
        *(calls.ReceiveCall(name, "911", callback=f"225555019{name[-1]}") for name in ("left-1", "left-2")),
        calls.AnswerCall("left-1", "seat-3"),
        calls.AbandonCall("left-2"),
        callbacks.ClaimCallback("2255550192", "seat-3"),
        seats.SignOff("seat-3", despite="taken ill"),
        calls.AnswerCall("left-1", "seat-1"),
        callbacks.AttemptCallback("2255550192", "seat-1", callbacks.Attempt.REACHED),
        *(calls.EndCall(name) for name in ("left-1", "left-2")),
    ]
