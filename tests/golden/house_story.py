"""What happens in the other domains of a city's journal, once each: people and policies, keys and holds."""

from redstick.kernel.authority import adoption, emergencies, people, records, sessions
from redstick.kernel.authority.policy import Cells, Policy, PolicyText, Purpose
from redstick.kernel.secrets import classes, holds, retention
from redstick.kernel.secrets.periods import Length, period_of
from redstick.kernel.secrets.state import RetentionClass
from redstick.kernel.values import Command, Instant

DAY = 86_400_000
POLICY = Policy(
    texts=[PolicyText("10-floor.cedar", "0" * 64)],
    roles=["admin", "floor", "glass"],
    audiences=["floor"],
    purposes=[Purpose("none"), Purpose("records_request", reference=True)],
    permits=[
        Cells("admin", "access.grant_role", ["none"]),
        Cells("admin", "access.adopt_policy", ["none"]),
        Cells("floor", "dispatch.add_note", ["none"]),
        Cells("floor", "incidents", ["none", "records_request"], "floor"),
    ],
    emergency_role="glass",
    emergency_ms=3_600_000,
)


def access_story() -> list[Command]:
    """A policy, people, a broken glass, reads and sessions."""
    return [
        adoption.Bootstrap("ada", ["admin"], POLICY, {"importer": ["floor"]}),
        people.EnrollPerson("bo", ["floor"]),
        people.GrantRole("bo", "admin"),
        people.RevokeRole("bo", "admin"),
        people.RevokeRole("ada", "admin"),  # refused: nobody would administer
        people.SuspendPerson("bo", "badge lost"),
        people.RestorePerson("bo"),
        emergencies.BreakGlass("bo", "the city is under water"),
        emergencies.EndEmergency("bo"),
        records.RecordSignIn(records.SignedIn("bo", "192.0.2.1")),
        records.RecordSignInFailed(records.SignInFailed("", "192.0.2.2", "wrong_password", 3)),
        records.RecordReadAllowed(records.ReadAllowed("bo", "incidents", "floor", "records_request:2023-7")),
        records.RecordReadRefused(records.ReadRefused("bo", "incidents", "floor", "none", "purpose_needed", 2)),
        records.RecordSignOut(records.SignedOut("bo", "192.0.2.1")),
        sessions.EndSessions("bo"),
    ]


def secrets_story(now: Instant) -> list[tuple[Instant, Command]]:
    """(now, command): a class of a day's retention, a hold, a court's order, and the sweeps that its timer asks."""
    kept = RetentionClass("calls", Length.DAY, DAY, DAY, "R.S. 44:36")
    period = period_of(Length.DAY, now)
    return [
        (now, classes.DeclareClass(kept)),
        (now, holds.PlaceHold("h1", "case-1", "clerk of court", "docket 12")),
        (now, holds.LiftHold("h1")),
        (now, retention.Expunge("case-2", [f"calls/{period}"], "order 34")),
        (now, retention.ConfirmErasure("calls", period, "case-2")),
        (now + 4 * DAY, retention.ConfirmErasure("calls", period)),
        (now + 7 * DAY, holds.PlaceHold("h2", "case-2", "clerk of court", "docket 13")),  # refused: nothing is left
    ]
