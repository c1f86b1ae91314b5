"""Aid: units of one agency for the incidents of another.

Automatic aid stands in the plan and needs no request; mutual aid is requested under an agreement, and granted or
refused. Either way a unit that was lent is recorded as lent with its assignment, so that who helped whom, and for how
long, can be added up for each pair of agencies.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Agreement(msgspec.Struct, frozen=True):
    """`lender` helps `borrower`: without being asked when `automatic`, with units of `kinds`, of any when empty.

    One direction; agencies that help each other have two.
    """

    id: str
    lender: str
    borrower: str
    automatic: bool = False
    kinds: list[str] = []
    conditions: str = ""


class Answer(StrEnum):
    """What became of a request."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class AidRequest(msgspec.Struct):
    """Aid that was asked for an incident: of whom, for whom, what, and what they said."""

    id: str
    lender: str
    borrower: str
    what: str
    agreement: str
    at: Instant
    answer: Answer = Answer.OPEN
    answered_by: str = ""
    reason: str = ""


@event("dispatch.agreement_recorded", subjects=("agreement",))
class AgreementRecorded(Event, frozen=True):
    """Two agencies have agreed on aid in one direction, or agreed anew."""

    agreement: str
    lender: str
    borrower: str
    automatic: bool = False
    kinds: list[str] = []
    conditions: str = ""


@event("dispatch.agreement_ended", subjects=("agreement",))
class AgreementEnded(Event, frozen=True):
    """It holds no more."""

    agreement: str
    reason: str


@event("dispatch.aid_requested", subjects=("incident",))
class AidRequested(Event, frozen=True):
    """One agency asks another for help with an incident; `agreement` is "" when there is none between them."""

    incident: str
    request: str
    lender: str
    borrower: str
    what: str
    agreement: str = ""


@event("dispatch.aid_granted", subjects=("incident",))
class AidGranted(Event, frozen=True):
    """They come."""

    incident: str
    request: str
    by: str
    conditions: str = ""


@event("dispatch.aid_refused", subjects=("incident",))
class AidRefused(Event, frozen=True):
    """They do not come, or come no more."""

    incident: str
    request: str
    by: str
    reason: str


@command("dispatch.record_agreement")
class RecordAgreement(Command, frozen=True):
    """Write down what two agencies have agreed, in one direction."""

    agreement: str
    lender: str
    borrower: str
    automatic: bool = False
    kinds: list[str] = []
    conditions: str = ""


@command("dispatch.end_agreement")
class EndAgreement(Command, frozen=True):
    """Say that it holds no more."""

    agreement: str
    reason: str


@command("dispatch.request_aid")
class RequestAid(Command, frozen=True):
    """Ask an agency for help with an incident. Asking without an agreement is no fault: it is recorded as such."""

    incident: str
    request: str
    lender: str
    borrower: str
    what: str


@command("dispatch.grant_aid")
class GrantAid(Command, frozen=True):
    """Write down that they come."""

    incident: str
    request: str
    by: str
    conditions: str = ""


@command("dispatch.refuse_aid")
class RefuseAid(Command, frozen=True):
    """Write down that they do not come."""

    incident: str
    request: str
    by: str
    reason: str


def decide_record_agreement(state: Dispatch, asked: RecordAgreement, now: Instant) -> Decision:
    """Rejections: `agreement_unnamed`, `agencies_needed` (two different ones). What is known changes nothing."""
    del now
    if not asked.agreement.strip():
        return Rejection("agreement_unnamed")
    if not asked.lender.strip() or not asked.borrower.strip() or asked.lender == asked.borrower:
        return Rejection("agencies_needed", {"lender": asked.lender, "borrower": asked.borrower})
    facts = (asked.agreement, asked.lender, asked.borrower, asked.automatic, asked.kinds, asked.conditions)
    return [] if state.agreements.get(asked.agreement) == Agreement(*facts) else [AgreementRecorded(*facts)]


def apply_agreement_recorded(state: Dispatch, happened: AgreementRecorded, at: Instant) -> None:
    """It holds from now on."""
    del at
    state.agreements[happened.agreement] = Agreement(
        happened.agreement,
        happened.lender,
        happened.borrower,
        happened.automatic,
        list(happened.kinds),
        happened.conditions,
    )


def decide_end_agreement(state: Dispatch, asked: EndAgreement, now: Instant) -> Decision:
    """Rejections: `agreement_unknown`, `reason_needed`. Units that are lent already stay lent."""
    del now
    if asked.agreement not in state.agreements:
        return Rejection("agreement_unknown", {"agreement": asked.agreement})
    return [AgreementEnded(asked.agreement, asked.reason)] if asked.reason.strip() else Rejection("reason_needed")


def apply_agreement_ended(state: Dispatch, happened: AgreementEnded, at: Instant) -> None:
    """What it was is in the journal."""
    del at
    del state.agreements[happened.agreement]


def decide_request_aid(state: Dispatch, asked: RequestAid, now: Instant) -> Decision:
    """Rejections: `incident_unknown`, `incident_closed`, `request_known`, `agencies_needed`, `nothing_asked`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        return Rejection("incident_unknown" if incident is None else "incident_closed", {"incident": asked.incident})
    if asked.request in incident.aid:
        return Rejection("request_known", {"request": asked.request})
    if not asked.lender.strip() or not asked.borrower.strip() or asked.lender == asked.borrower:
        return Rejection("agencies_needed", {"lender": asked.lender, "borrower": asked.borrower})
    if not asked.what.strip():
        return Rejection("nothing_asked")
    held = agreements_between(state, asked.lender, asked.borrower)
    agreement = held[0].id if held else ""
    return [AidRequested(incident.id, asked.request, asked.lender, asked.borrower, asked.what, agreement)]


def apply_aid_requested(state: Dispatch, happened: AidRequested, at: Instant) -> None:
    """It waits for an answer."""
    request = AidRequest(happened.request, happened.lender, happened.borrower, happened.what, happened.agreement, at)
    state.incidents[happened.incident].aid[happened.request] = request


def decide_grant_aid(state: Dispatch, asked: GrantAid, now: Instant) -> Decision:
    """A refusal may still turn into a grant. Rejections: `request_unknown`, `name_needed`."""
    del now
    request = _request(state, asked.incident, asked.request)
    if request is None:
        return Rejection("request_unknown", {"incident": asked.incident, "request": asked.request})
    if not asked.by.strip():
        return Rejection("name_needed")
    if request.answer is Answer.GRANTED:
        return []
    return [AidGranted(asked.incident, asked.request, asked.by, asked.conditions)]


def apply_aid_granted(state: Dispatch, happened: AidGranted, at: Instant) -> None:
    """Their units may fill what the borrower owes."""
    del at
    request = state.incidents[happened.incident].aid[happened.request]
    request.answer, request.answered_by, request.reason = Answer.GRANTED, happened.by, happened.conditions


def decide_refuse_aid(state: Dispatch, asked: RefuseAid, now: Instant) -> Decision:
    """Rejections: `request_unknown`, `name_and_reason_needed`."""
    del now
    request = _request(state, asked.incident, asked.request)
    if request is None:
        return Rejection("request_unknown", {"incident": asked.incident, "request": asked.request})
    if not asked.by.strip() or not asked.reason.strip():
        return Rejection("name_and_reason_needed", {"request": asked.request})
    return [AidRefused(asked.incident, asked.request, asked.by, asked.reason)]


def apply_aid_refused(state: Dispatch, happened: AidRefused, at: Instant) -> None:
    """What is missing stays missing."""
    del at
    request = state.incidents[happened.incident].aid[happened.request]
    request.answer, request.answered_by, request.reason = Answer.REFUSED, happened.by, happened.reason


def _request(state: Dispatch, incident: str, request: str) -> AidRequest | None:
    known = state.incidents.get(incident)
    return None if known is None else known.aid.get(request)


def agreements_between(state: Dispatch, lender: str, borrower: str) -> list[Agreement]:
    """Every agreement by which one helps the other, by id."""
    held = [one for one in state.agreements.values() if (one.lender, one.borrower) == (lender, borrower)]
    return sorted(held, key=lambda one: one.id)


def aid_ground(state: Dispatch, incident: Incident, lender: str, borrower: str, kind: str) -> str | None:
    """Why a unit of a kind may stand in for another agency: the id of a granted request or of an automatic agreement.

    None when it may not.
    """
    for request in incident.aid.values():
        if (request.lender, request.borrower) == (lender, borrower) and request.answer is Answer.GRANTED:
            return request.id
    for one in agreements_between(state, lender, borrower):
        if one.automatic and (not one.kinds or kind in one.kinds):
            return one.id
    return None


DECIDERS: Deciders = {
    RecordAgreement: decide_record_agreement,
    EndAgreement: decide_end_agreement,
    RequestAid: decide_request_aid,
    GrantAid: decide_grant_aid,
    RefuseAid: decide_refuse_aid,
}
APPLIERS: Appliers = {
    AgreementRecorded: apply_agreement_recorded,
    AgreementEnded: apply_agreement_ended,
    AidRequested: apply_aid_requested,
    AidGranted: apply_aid_granted,
    AidRefused: apply_aid_refused,
}
