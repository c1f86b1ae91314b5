"""What a line of the journal says of an incident, in one plain sentence."""

from collections.abc import Callable, Mapping
from typing import Any

Payload = Mapping[str, Any]


def _place(payload: Payload) -> str:
    return str((payload.get("place") or {}).get("text") or "a place without an address")


SAYS: dict[str, Callable[[Payload], str]] = {
    "call_received": lambda p: f"Call received by {p['source']} {p.get('callback', '')}".strip(),
    "call_answered": lambda p: f"Answered at seat {p['seat']}",
    "call_held": lambda _: "Call on hold",
    "call_resumed": lambda p: f"Call resumed at seat {p['seat']}",
    "call_left": lambda p: f"Nobody is at seat {p['seat']} any more: the call is to be taken up",
    "call_transferring": lambda p: f"Call offered to {p['to']}",
    "call_abandoned": lambda _: "The caller hung up before an answer",
    "call_ended": lambda _: "Call ended",
    "call_attached": lambda _: "A call speaks of it",
    "call_detached": lambda _: "A call speaks of it no more",
    "incident_opened": lambda p: f"Opened: {p.get('kind') or 'no kind'}, priority {p.get('priority', 3)}, {_place(p)}",
    "incident_retyped": lambda p: f"Now {p['kind']}, was {p['was'] or 'of no kind'}",
    "priority_changed": lambda p: f"Priority {p['priority']}, was {p['was']}",
    "incident_moved": lambda p: f"Moved to {_place(p)}",
    "alarm_raised": lambda p: f"Alarm {p['level']}",
    "note_added": lambda p: f"Note: {p['text']}",
    "incident_closed": lambda p: "Cancelled" if p.get("cancelled") else f"Closed: {p['disposition'] or '-'}",
    "incident_reopened": lambda p: f"Reopened: {p['reason']}",
    "unit_assigned": lambda p: f"{p['unit']} {'dispatched' if p.get('alerted', True) else 'assigned'}",
    "assignment_ended": lambda p: f"{p['unit']} {p['ending']}",
    "status_reported": lambda p: f"{p['unit']} {p['status']}",
    "time_corrected": lambda p: f"{p['unit']}: {p['stamp']} corrected: {p['reason']}",
    "incident_replaced": lambda _: "Merged with another incident",
    "incident_split": lambda _: "Split",
    "needs_set": lambda _: "Response planned",
    "needs_added": lambda _: "Response extended",
    "need_waived": lambda p: f"{p['need']} waived by {p['by']}",
    "address_confirmed": lambda _: "The caller confirms the address",
    "address_differed": lambda _: "The caller names another address",
    "emergency_raised": lambda p: f"{p.get('unit', 'A unit')}: emergency",
    "benchmark_marked": lambda p: f"Benchmark: {str(p.get('benchmark', '')).replace('_', ' ')}",
    "recommendation_recorded": lambda _: "Recommendation shown",
}  # fmt: skip


def sentence(kind: str, payload: Payload) -> str:
    """A sentence for a line; a kind that has none of its own is named."""
    name = kind.partition(".")[2]
    try:
        return SAYS[name](payload)
    except (KeyError, TypeError):
        return name.replace("_", " ").capitalize()
