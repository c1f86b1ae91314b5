"""What seats see of telling people: alerts with their proof, what must be voiced, cautions, what is sought, and paper.

An alert's row says how far each path has come; *alerted* stands there only where there is proof. A sensitive caution's
text is in no row: it is asked for, and that is written down.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from redstick.dispatch.alerting.chase import Alert, Standing
from redstick.dispatch.reads.seats import FIELD, FLOOR, OVERSIGHT
from redstick.dispatch.reads.views import Row
from redstick.dispatch.rules import bolos, cards, cautions
from redstick.dispatch.rules.bolos import standing
from redstick.dispatch.rules.cards import waiting
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact

HIDDEN_OF_ALERT: dict[str, tuple[str, ...]] = {FLOOR: (), FIELD: ("evidence", "taken_by"), OVERSIGHT: ("text",)}


class AlertsView:
    """One row an incident, `alerts/…`: every alert while it is open, and those that are chased once it is closed."""

    name = "dispatch.view.alerts"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The incidents that a fact names; one that has retired is named only by its subject."""
        state: Dispatch = states["dispatch"]
        return [f"alerts/{subject}" for subject in fact.envelope.subjects if subject not in state.units]

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """Alerts as the floor sees them; crews see what they were sent, oversight no text; nobody else sees any."""
        incident = states["dispatch"].incidents.get(key.partition("/")[2])
        if incident is None or audience not in HIDDEN_OF_ALERT:
            return None
        shown = [alert for alert in incident.alerts.values() if alert.chased or incident.closed_at is None]
        hidden = HIDDEN_OF_ALERT[audience]
        rows = [{name: value for name, value in _alert_row(one).items() if name not in hidden} for one in shown]
        return {"incident": incident.id, "alerts": rows} if rows else None

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every live incident that has an alert."""
        return [f"alerts/{name}" for name, one in states["dispatch"].incidents.items() if one.alerts]


def _alert_row(alert: Alert) -> Row:
    return {
        "alert": alert.id,
        "unit": alert.unit,
        "recipient": alert.recipient,
        "purpose": alert.purpose,
        "standing": alert.standing,
        "text": alert.text,
        "raised_at": alert.raised_at,
        "settled_at": alert.settled_at,
        "evidence": alert.evidence,
        "to_voice": alert.standing is Standing.TO_VOICE,
        "taken_by": alert.taken_by,
        "reminders": alert.reminders,
        "attempts": [
            {
                "key": one.key,
                "path": one.path.kind,
                "step": one.step,
                "proof": one.path.proof,
                "queued_at": one.queued_at,
            }
            for one in alert.attempts
        ],
    }


class KnownView:
    """One row a caution, `caution/…`, one a BOLO, `bolo/…`, and one a paper card that waits to be settled, `card/…`."""

    name = "dispatch.view.known"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The caution, BOLO or card that a fact is about."""
        del states
        event = fact.event
        if type(event) in cautions.APPLIERS:
            yield f"caution/{fact.envelope.subjects[0]}"
        if type(event) in bolos.APPLIERS:
            yield f"bolo/{fact.envelope.subjects[0]}"
        if isinstance(event, cards.CardEntered | cards.CardSettled):
            yield f"card/{event.entry}"

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """As the floor and crews see it; paper is the floor's alone."""
        state: Dispatch = states["dispatch"]
        kind, _, name = key.partition("/")
        if audience not in {FLOOR, FIELD}:
            return None
        if kind == "caution":
            return _caution_row(state, name)
        if kind == "bolo":
            return _bolo_row(state, name)
        return _card_row(state, name) if audience == FLOOR else None

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Everything that is known, sought or waits."""
        state: Dispatch = states["dispatch"]
        yield from (f"caution/{name}" for name in state.cautions)
        yield from (f"bolo/{name}" for name in state.bolos)
        yield from (f"card/{entry.id}" for entry in waiting(state))


def _caution_row(state: Dispatch, name: str) -> Row | None:
    kept = state.cautions.get(name)
    if kept is None:
        return None
    caution = kept.caution
    return {
        "caution": caution.id,
        "shape": caution.shape,
        "about": caution.about,
        "hazard": caution.hazard,
        "sensitive": caution.sensitive,
        "text": None if caution.sensitive else caution.text,
        "place": caution.place.text,
        "x": caution.place.x,
        "y": caution.place.y,
        "suite": caution.suite,
        "buffer_m": caution.buffer_m,
        "key": None if caution.sensitive else caution.key,
        "source": caution.source,
        "author": caution.author,
        "effective_at": caution.effective_at,
        "review_at": caution.review_at,
        "review_overdue": kept.overdue,
    }


def _bolo_row(state: Dispatch, name: str) -> Row | None:
    bolo = state.bolos.get(name)
    if bolo is None:
        return None
    return {
        "bolo": bolo.id,
        "text": bolo.text,
        "subject": bolo.subject,
        "vehicle": bolo.vehicle,
        "area": list(bolo.area),
        "issued_by": bolo.issued_by,
        "issued_at": bolo.issued_at,
        "expires_at": bolo.expires_at,
        "cancelled": bolo.cancelled,
        "told": {
            recipient: {"step": standing(told.receipts), "cancel": standing(told.cancel_receipts)}
            for recipient, told in bolo.told.items()
        },
    }


def _card_row(state: Dispatch, name: str) -> Row | None:
    entry = state.paper.entries.get(name)
    if entry is None or not entry.conflicts or entry.settled:
        return None
    return {
        "entry": entry.id,
        "number": entry.card.number if entry.card is not None else "",
        "place": entry.card.place if entry.card is not None else "",
        "clerk": entry.clerk,
        "entered_at": entry.entered_at,
        "conflicts": [{"code": one.code, "unit": one.unit, "other": one.other} for one in entry.conflicts],
    }


TELLING_VIEWS = (AlertsView(), KnownView())
