"""What the ledger keeps of telling people: alerts and their proof, looks at sensitive cautions, turns, marks, paper."""

from redstick.dispatch.rules import alerts, cards, cautions, command_board, rotation, triage
from redstick.kernel.envelope import Envelope
from redstick.kernel.ledgers import Change, Column, Kind, Known, Project, Put, Revise, Row, Table
from redstick.kernel.values import Event

_INCIDENT, _LINE, _AT = Column("incident"), Column("line", Kind.LINE), Column("at", Kind.INSTANT)

ALERTS = Table(
    "alerts",
    "Who was to be told of what, and how that ended; `alerted` only where a receipt or the unit's word proves it.",
    (Column("alert"),),
    (
        _INCIDENT,
        Column("unit"),
        Column("recipient"),
        Column("purpose"),
        Column("raised_at", Kind.INSTANT),
        Column("standing"),
        Column("settled_at", Kind.INSTANT),
        Column("evidence"),
    ),
)

ALERT_STEPS = Table(
    "alert_steps",
    "Every step of every attempt to tell somebody, from `queued` on, with the provider's words.",
    (Column("attempt"), Column("step"), _LINE),
    (Column("alert"), _INCIDENT, Column("path"), _AT, Column("evidence")),
)

CAUTION_LOOKS = Table(
    "caution_looks",
    "Who was shown a sensitive caution, when and what for.",
    (Column("caution"), _LINE),
    (Column("by"), _INCIDENT, Column("why"), _AT),
)

TURNS = Table(
    "rotation_turns",
    "What became of each offer of a rotation; `turn` says that it counted. An owner's wish is no turn.",
    (Column("rotation"), Column("offer"), _LINE),
    (
        Column("contractor"),
        _INCIDENT,
        Column("answer"),
        Column("turn", Kind.FLAG),
        Column("by"),
        Column("reason"),
        _AT,
    ),
)

MARKS = Table(
    "benchmarks",
    "Benchmarks that commanders reported, and those that they took back.",
    (_INCIDENT, Column("benchmark"), _LINE),
    (_AT, Column("by"), Column("taken_back")),
)

DETERMINANTS = Table(
    "determinants",
    "What questioning came to, each time it changed, by which version of which protocol.",
    (_INCIDENT, _LINE),
    (Column("determinant"), Column("protocol"), Column("version"), _AT),
)

PAPER = Table(
    "paper",
    "Incidents that were worked on paper: the card, the clerk, and when it was entered. Their times are the true ones.",
    (_INCIDENT,),
    (Column("card"), Column("clerk"), Column("entered_at", Kind.INSTANT)),
)

TELLING_TABLES = (ALERTS, ALERT_STEPS, CAUTION_LOOKS, TURNS, MARKS, DETERMINANTS, PAPER)


def project_alert_raised(event: alerts.AlertRaised, envelope: Envelope, known: Known) -> list[Change]:
    """Nobody was told yet."""
    del known
    row: Row = {
        "incident": event.incident,
        "unit": event.unit,
        "recipient": event.recipient,
        "purpose": event.purpose.value,
        "raised_at": envelope.at,
        "standing": "trying",
        "evidence": "",
    }
    return [Put("alerts", (event.alert,), row)]


def project_alert_queued(event: alerts.AlertQueued, envelope: Envelope, known: Known) -> list[Change]:
    """On its way to a provider."""
    del known
    row = _step(event.alert, event.incident, event.path.kind.value, envelope, "")
    return [Put("alert_steps", (event.key, "queued", envelope.position), row), _standing(event.alert, "trying")]


def project_alert_receipt(event: alerts.AlertReceipt, envelope: Envelope, known: Known) -> list[Change]:
    """One more line of evidence."""
    del known
    row = _step(event.alert, event.incident, "", envelope, event.evidence)
    return [Put("alert_steps", (event.key, event.step.value, envelope.position), row)]


def project_voice_needed(event: alerts.VoiceNeeded, envelope: Envelope, known: Known) -> list[Change]:
    """A person must."""
    del envelope, known
    return [_standing(event.alert, "to_voice")]


def project_alert_settled(event: alerts.AlertSettled, envelope: Envelope, known: Known) -> list[Change]:
    """How it ended."""
    del known
    row: Row = {"standing": event.standing.value, "settled_at": envelope.at, "evidence": event.evidence}
    return [Revise("alerts", (event.alert,), row)]


def _step(alert: str, incident: str, path: str, envelope: Envelope, evidence: str) -> Row:
    return {"alert": alert, "incident": incident, "path": path, "at": envelope.at, "evidence": evidence}


def _standing(alert: str, standing: str) -> Revise:
    return Revise("alerts", (alert,), {"standing": standing, "settled_at": None})


def project_caution_viewed(event: cautions.CautionViewed, envelope: Envelope, known: Known) -> list[Change]:
    """Somebody looked."""
    del known
    row: Row = {"by": event.by, "incident": event.incident, "why": event.why, "at": envelope.at}
    return [Put("caution_looks", (event.caution, envelope.position), row)]


def project_rotation_answered(event: rotation.RotationAnswered, envelope: Envelope, known: Known) -> list[Change]:
    """The turn was had, or not."""
    del known
    row: Row = {
        "contractor": event.contractor,
        "incident": event.incident,
        "answer": event.answer.value,
        "turn": event.turn,
        "by": event.by,
        "reason": event.reason,
        "at": envelope.at,
    }
    return [Put("rotation_turns", (event.rotation, event.offer, envelope.position), row)]


def project_owner_requested(event: rotation.OwnerRequested, envelope: Envelope, known: Known) -> list[Change]:
    """No turn."""
    del known
    row: Row = {
        "contractor": event.contractor,
        "incident": event.incident,
        "answer": "owner",
        "turn": False,
        "by": event.by,
        "reason": "",
        "at": envelope.at,
    }
    return [Put("rotation_turns", (event.rotation, "", envelope.position), row)]


def project_benchmark_reached(event: command_board.BenchmarkReached, envelope: Envelope, known: Known) -> list[Change]:
    """A mark."""
    del known
    row: Row = {"at": envelope.at, "by": event.by, "taken_back": ""}
    return [Put("benchmarks", (event.incident, event.benchmark.value, envelope.position), row)]


def project_benchmark_taken_back(
    event: command_board.BenchmarkTakenBack, envelope: Envelope, known: Known
) -> list[Change]:
    """A row of its own: the mark before it does not count."""
    del known
    row: Row = {"at": envelope.at, "by": event.by, "taken_back": event.reason}
    return [Put("benchmarks", (event.incident, event.benchmark.value, envelope.position), row)]


def project_determinant_set(event: triage.DeterminantSet, envelope: Envelope, known: Known) -> list[Change]:
    """What the questions came to."""
    del known
    row: Row = {
        "determinant": event.determinant,
        "protocol": event.protocol,
        "version": event.version,
        "at": envelope.at,
    }
    return [Put("determinants", (event.incident, envelope.position), row)]


def project_incident_from_paper(event: cards.IncidentFromPaper, envelope: Envelope, known: Known) -> list[Change]:
    """Tagged."""
    del envelope, known
    row: Row = {"card": event.card, "clerk": event.clerk, "entered_at": event.entered_at}
    return [Put("paper", (event.incident,), row)]


TELLING_PROJECTIONS: dict[type[Event], Project] = {
    alerts.AlertRaised: project_alert_raised,
    alerts.AlertQueued: project_alert_queued,
    alerts.AlertReceipt: project_alert_receipt,
    alerts.VoiceNeeded: project_voice_needed,
    alerts.AlertSettled: project_alert_settled,
    cautions.CautionViewed: project_caution_viewed,
    rotation.RotationAnswered: project_rotation_answered,
    rotation.OwnerRequested: project_owner_requested,
    command_board.BenchmarkReached: project_benchmark_reached,
    command_board.BenchmarkTakenBack: project_benchmark_taken_back,
    triage.DeterminantSet: project_determinant_set,
    cards.IncidentFromPaper: project_incident_from_paper,
}
