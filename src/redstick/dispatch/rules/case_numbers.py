"""Case numbers: what an agency files an incident under, by agency and year.

An incident may hold several. Numbers of an agency and year count up without a gap and are never used twice; the year is
the agency's own, so that New Year comes at its midnight.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

DAY_MS = 24 * 3_600_000


class CaseNumber(msgspec.Struct, frozen=True):
    """One number: whose it is, of which year, which of that year."""

    agency: str
    year: int
    sequence: int

    @property
    def text(self) -> str:
        """As it is written: `BRPD-2026-000117`."""
        return f"{self.agency}-{self.year}-{self.sequence:06d}"


@event("dispatch.case_number_issued", subjects=("incident",))
class CaseNumberIssued(Event, frozen=True):
    """The incident is filed under this number."""

    incident: str
    agency: str
    year: int
    sequence: int


@command("dispatch.issue_case_number")
class IssueCaseNumber(Command, frozen=True):
    """File an incident for an agency; with `another` under one more number than it has there."""

    incident: str
    agency: str
    year: int
    another: bool = False


def decide_issue_case_number(state: Dispatch, asked: IssueCaseNumber, now: Instant) -> Decision:
    """Asking again changes nothing, unless another number is wanted.

    Rejections: `incident_unknown`, `agency_needed`, `year_unlikely` (it is no year anywhere on earth right now).
    """
    incident = state.incidents.get(asked.incident)
    if incident is None:
        return Rejection("incident_unknown", {"incident": asked.incident})
    if not asked.agency.strip():
        return Rejection("agency_needed")
    years = {datetime.fromtimestamp((now + days * DAY_MS) / 1000, tz=UTC).year for days in (-1, 0, 1)}
    if asked.year not in years:
        return Rejection("year_unlikely", {"said": asked.year})
    if not asked.another and any(case.agency == asked.agency for case in incident.cases):
        return []
    last = state.last_cases.get(series(asked.agency, asked.year), 0)
    return [CaseNumberIssued(asked.incident, asked.agency, asked.year, last + 1)]


def apply_case_number_issued(state: Dispatch, happened: CaseNumberIssued, at: Instant) -> None:
    """The incident holds it, and the next is one more."""
    del at
    state.last_cases[series(happened.agency, happened.year)] = happened.sequence
    state.incidents[happened.incident].cases.append(CaseNumber(happened.agency, happened.year, happened.sequence))


def series(agency: str, year: int) -> str:
    """What counts by itself: an agency and its year."""
    return f"{year} {agency}"


DECIDERS: Deciders = {IssueCaseNumber: decide_issue_case_number}
APPLIERS: Appliers = {CaseNumberIssued: apply_case_number_issued}
