"""What the ledger keeps of needs and aid: what an incident was to have by which plan, what was given up and by whom."""

from redstick.dispatch.rules import aid, needs
from redstick.kernel.envelope import Envelope
from redstick.kernel.ledgers import Change, Column, Kind, Known, Project, Put, Revise, Row, Table
from redstick.kernel.values import Event

_INCIDENT, _LINE = Column("incident"), Column("line", Kind.LINE)

NEEDS = Table(
    "needs",
    "What incidents needed, each time it was recorded: a row for each requirement of a plan, or of a further alarm.",
    (_INCIDENT, Column("need"), _LINE),
    (
        Column("count", Kind.INTEGER),
        Column("agency"),
        Column("role"),
        Column("plan"),
        Column("rule"),
        Column("further", Kind.FLAG),
    ),
)

WAIVERS = Table(
    "waivers",
    "Needs that a named person gave up, how many of them and why; or took back, with 0 of them.",
    (_INCIDENT, Column("need"), _LINE),
    (Column("count", Kind.INTEGER), Column("by"), Column("reason")),
)

AID = Table(
    "aid",
    "Help that one agency asked of another for an incident, and the answer.",
    (_INCIDENT, Column("request")),
    (
        Column("lender"),
        Column("borrower"),
        Column("what"),
        Column("agreement"),
        Column("answer"),
        Column("answered_by"),
        Column("reason"),
    ),
)

NEEDS_TABLES = (NEEDS, WAIVERS, AID)


def project_needs(event: needs.NeedsSet | needs.NeedsAdded, envelope: Envelope, known: Known) -> list[Change]:
    """A row for each requirement, by this line."""
    del known
    further = isinstance(event, needs.NeedsAdded)
    return [
        Put(
            "needs",
            (event.incident, one.id, envelope.position),
            {
                "count": one.count,
                "agency": one.agency,
                "role": one.role,
                "plan": event.plan,
                "rule": event.rule,
                "further": further,
            },
        )
        for one in event.requirements
    ]


def project_need_waived(event: needs.NeedWaived, envelope: Envelope, known: Known) -> list[Change]:
    """So many were given up."""
    del known
    row: Row = {"count": event.count, "by": event.by, "reason": event.reason}
    return [Put("waivers", (event.incident, event.need, envelope.position), row)]


def project_need_reinstated(event: needs.NeedReinstated, envelope: Envelope, known: Known) -> list[Change]:
    """Every waiver of it was taken back."""
    del known
    row: Row = {"count": 0, "by": event.by, "reason": event.reason}
    return [Put("waivers", (event.incident, event.need, envelope.position), row)]


def project_aid_requested(event: aid.AidRequested, envelope: Envelope, known: Known) -> list[Change]:
    """It waits for an answer."""
    del envelope, known
    row: Row = {
        "lender": event.lender,
        "borrower": event.borrower,
        "what": event.what,
        "agreement": event.agreement,
        "answer": aid.Answer.OPEN.value,
        "answered_by": "",
        "reason": "",
    }
    return [Put("aid", (event.incident, event.request), row)]


def project_aid_granted(event: aid.AidGranted, envelope: Envelope, known: Known) -> list[Change]:
    """They come."""
    del envelope, known
    row: Row = {"answer": aid.Answer.GRANTED.value, "answered_by": event.by, "reason": event.conditions}
    return [Revise("aid", (event.incident, event.request), row)]


def project_aid_refused(event: aid.AidRefused, envelope: Envelope, known: Known) -> list[Change]:
    """They do not come."""
    del envelope, known
    row: Row = {"answer": aid.Answer.REFUSED.value, "answered_by": event.by, "reason": event.reason}
    return [Revise("aid", (event.incident, event.request), row)]


NEEDS_PROJECTIONS: dict[type[Event], Project] = {
    needs.NeedsSet: project_needs,
    needs.NeedsAdded: project_needs,
    needs.NeedWaived: project_need_waived,
    needs.NeedReinstated: project_need_reinstated,
    aid.AidRequested: project_aid_requested,
    aid.AidGranted: project_aid_granted,
    aid.AidRefused: project_aid_refused,
}
