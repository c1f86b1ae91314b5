"""What the ledger keeps of crews and cases: who rode on what, and under which numbers an incident is filed."""

from redstick.dispatch.reads.tables import json_text
from redstick.dispatch.rules import case_numbers, shifts
from redstick.kernel.envelope import Envelope
from redstick.kernel.ledgers import Change, Column, Kind, Known, Project, Put, Revise, Row, Table
from redstick.kernel.values import Event

SHIFTS = Table(
    "shifts",
    "Who rode on which unit and vehicle, from when until when; `until` is when the shift was meant to end.",
    (Column("shift"), Column("line", Kind.LINE)),
    (
        Column("unit"),
        Column("vehicle"),
        Column("responders"),
        Column("began_at", Kind.INSTANT),
        Column("until", Kind.INSTANT),
        Column("ended_at", Kind.INSTANT),
    ),
)

CASES = Table(
    "cases",
    "The numbers under which agencies file an incident, as they count: by agency and year.",
    (Column("agency"), Column("year", Kind.INTEGER), Column("sequence", Kind.INTEGER)),
    (Column("incident"), Column("issued_at", Kind.INSTANT)),
)

CREW_TABLES = (SHIFTS, CASES)


def project_shift_began(event: shifts.ShiftBegan, envelope: Envelope, known: Known) -> list[Change]:
    """They ride, and the unit is staffed with them."""
    del known
    row: Row = {
        "unit": event.unit,
        "vehicle": event.vehicle,
        "responders": json_text(event.responders),
        "began_at": envelope.at,
        "until": event.until,
    }
    return [
        Put("shifts", (event.shift, envelope.position), row),
        Revise("units", (event.unit,), {"staffing": event.staffing}),
    ]


def project_shift_ended(event: shifts.ShiftEnded, envelope: Envelope, known: Known) -> list[Change]:
    """Nobody is known to ride on the unit."""
    changes: list[Change] = [Revise("units", (event.unit,), {"staffing": None})]
    key = known.last("shifts", (event.shift,))
    return changes if key is None else [*changes, Revise("shifts", key, {"ended_at": envelope.at})]


def project_case_number_issued(event: case_numbers.CaseNumberIssued, envelope: Envelope, known: Known) -> list[Change]:
    """The incident is filed."""
    del known
    row: Row = {"incident": event.incident, "issued_at": envelope.at}
    return [Put("cases", (event.agency, event.year, event.sequence), row)]


CREW_PROJECTIONS: dict[type[Event], Project] = {
    shifts.ShiftBegan: project_shift_began,
    shifts.ShiftEnded: project_shift_ended,
    case_numbers.CaseNumberIssued: project_case_number_issued,
}
