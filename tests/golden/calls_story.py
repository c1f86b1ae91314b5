"""An evening in which everything about calls, merges, places and reviews happens once."""

from redstick.dispatch.codes.default import DEFAULT
from redstick.dispatch.discovery.signals import Signal, Verdict
from redstick.dispatch.place import Extent, Place
from redstick.dispatch.relations import Relation
from redstick.dispatch.rules import (
    assignments,
    callbacks,
    calls,
    codes,
    extents,
    follow_ups,
    incidents,
    links,
    locations,
    reviews,
    units,
)
from redstick.kernel.values import Command

MILL = Place("Old Mill", municipality="Testville", source="caller")
FIX = Place("", -912_020_000, 304_030_000, quality="device", source="device", uncertainty_m=20)


def calls_story() -> list[tuple[Command, int | None]]:
    """(command, how late it is written down)."""
    return [(command, None) for command in [*_spoken(), *_owed(), *_placed(), *_merged()]]


def _spoken() -> list[Command]:
    return [
        calls.ReceiveCall("k1", "911", "225-555-0101", FIX),
        calls.AnswerCall("k1", "seat-1"),
        calls.HoldCall("k1"),
        calls.ResumeCall("k1", "seat-1"),
        calls.TransferCall("k1", "seat-2"),
        calls.ResumeCall("k1", "seat-2"),
        calls.ReceiveCall("k2", "911"),
        calls.DivertCall("k2", "next parish", "overflow"),
        calls.EndCall("k2"),
    ]


def _owed() -> list[Command]:
    tried = [callbacks.AttemptCallback("2255550102", "seat-1", result) for result in list(callbacks.Attempt)[1:4]]
    return [
        calls.ReceiveCall("k3", "911", "225-555-0102"),
        calls.AbandonCall("k3"),
        callbacks.ClaimCallback("2255550102", "seat-1"),
        *tried,
        calls.ReceiveCall("k4", "911", "225-555-0102"),
        calls.AnswerCall("k4", "seat-1"),
        callbacks.CloseCallback("2255550102", "A. Watcher", "heard on the next call"),
        calls.EndCall("k4"),
        calls.ReceiveCall("k5", "911", "225-555-0103"),
        calls.AbandonCall("k5"),
        callbacks.AttemptCallback("2255550103", "seat-2", callbacks.Attempt.REACHED),
        calls.EndCall("k5"),
    ]


def _placed() -> list[Command]:
    return [
        codes.AdoptCodes(DEFAULT, "A. Watcher"),
        extents.AdoptExtent(Extent((-920_000_000, 300_000_000, -900_000_000, 310_000_000)), "A. Watcher"),
        incidents.OpenIncident("p1", "F-7", "Structure fire", "fire", 3, MILL, call="k1"),
        locations.AddLocation("k1", FIX, by_machine=True),
        locations.ReadBackAddress("p1", "Old Mill", "Old Mill"),
        locations.ReadBackAddress("p1", "Old Mill", "New Mill"),
        locations.PromoteLocation("p1", "k1", 0),
        follow_ups.ReportDiscrepancy("p1/0", "geo-17"),
        follow_ups.ResolveFollowUp("p1/0", follow_ups.Resolution.GEOFILE_CORRECTED, "A. Keeper", "place added"),
    ]


def _merged() -> list[Command]:
    return [
        calls.ReceiveCall("k6", "alarm", place=MILL),
        incidents.OpenIncident("p2", "F-8", "smoke", "fire", 1, MILL, call="k6"),
        units.EnrollUnit("E8", "engine", "fire", "2"),
        units.ReportStatus("E8", "AQ"),
        assignments.AssignUnits("p2", ["E8"]),
        links.MergeIncidents("p1", "p2", "same smoke"),
        links.SplitIncident("p1", "p2", "two fires"),
        links.LinkIncidents("p1", "p2", Relation.RELATED),
        links.UnlinkIncidents("p1", "p2"),
        assignments.ReleaseUnit("p2", "E8"),
        calls.EndCall("k1"),
        calls.EndCall("k6"),
        incidents.CloseIncident("p1", "fire out"),
        incidents.CloseIncident("p2", "false alarm", dispositions={"fire": "no report"}),
        reviews.ReviewSuspect("p1", Signal.READ_BACK_DIFFERS, Verdict.CONFIRMED, "Q. Reviewer", "was the new mill"),
    ]
