"""What seats see of things that wait for a person: callbacks that are owed, and addresses that are looked into.

Only the floor sees them: both speak of callers. Exhausted callbacks stay in sight until somebody closes them.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from redstick.dispatch.reads.seats import FLOOR
from redstick.dispatch.reads.views import Row
from redstick.dispatch.rules import callbacks, follow_ups
from redstick.dispatch.state import Dispatch
from redstick.kernel.fold import Fact


class CallbacksView:
    """One row a number that is owed a callback, `callback/…`."""

    name = "dispatch.view.callbacks"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The number that a fact is of."""
        del states
        if type(fact.event) in callbacks.APPLIERS:
            yield f"callback/{getattr(fact.event, 'number', '')}"

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """An entry of the queue; None once nothing is owed."""
        owed = states["dispatch"].callbacks.get(key.partition("/")[2])
        return None if owed is None or audience != FLOOR else _callback_row(owed)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every entry."""
        return [f"callback/{number}" for number in states["dispatch"].callbacks]


class FollowUpsView:
    """One row an address that somebody must look into, `follow_up/…`."""

    name = "dispatch.view.follow_ups"

    def touched(self, states: Mapping[str, Any], fact: Fact) -> Iterable[str]:
        """The follow-up that a fact is of."""
        del states
        if type(fact.event) in follow_ups.APPLIERS:
            yield f"follow_up/{getattr(fact.event, 'follow_up', '')}"

    def row(self, states: Mapping[str, Any], key: str, audience: str) -> Row | None:
        """A follow-up; None once it is settled."""
        state: Dispatch = states["dispatch"]
        item = state.follow_ups.get(key.partition("/")[2])
        return None if item is None or audience != FLOOR else _follow_up_row(item)

    def keys(self, states: Mapping[str, Any]) -> Iterable[str]:
        """Every follow-up that is not settled."""
        return [f"follow_up/{name}" for name in states["dispatch"].follow_ups]


OWED_VIEWS = (CallbacksView(), FollowUpsView())


def _callback_row(owed: callbacks.Callback) -> Row:
    """`since` and the number of rings are what its urgency grows with; a seat computes it at its own time."""
    return {
        "number": owed.number,
        "callback": owed.callback,
        "since": owed.since,
        "calls": list(owed.calls),
        "attempts": [str(result) for result in owed.attempts],
        "seat": owed.seat,
        "exhausted": owed.exhausted,
        "called_again": owed.called_again,
    }


def _follow_up_row(item: follow_ups.FollowUp) -> Row:
    return {
        "follow_up": item.id,
        "incident": item.incident,
        "text": item.place.text,
        "municipality": item.place.municipality,
        "x": item.place.x,
        "y": item.place.y,
        "answer": item.place.answer,
        "doubts": list(item.place.doubts),
        "raised_at": item.raised_at,
        "report": item.report,
    }
