"""A refusal in words: the code is stable, this is what a person reads."""

from __future__ import annotations

from typing import Any

from redstick.kernel.values import Rejection

WORDS = {
    "incident_unknown": "there is no such incident", "incident_closed": "that incident is closed",
    "unit_unknown": "there is no such unit", "already_assigned": "{unit} is on it already",
    "unit_not_available": "{unit} is not free ({status}): say despite and why, if it goes all the same",
    "crew_committed": "the crew of {unit} is out on {on}", "unit_named_twice": "a unit is named twice",
    "unit_reserved": "{unit} is kept for another incident: say despite and why, if it goes all the same",
    "assignment_unknown": "{unit} is not on that incident", "alarm_not_higher": "alarm {level} is struck already",
    "units_still_assigned": "units are still on it: {units}", "disposition_needed": "say how it ended",
    "incident_replaced": "another incident goes on for it", "call_taken": "another seat has that call",
    "call_over": "that call is over", "call_not_answered": "that call is not answered yet",
    "not_permitted": "you may not do that", "purpose_needed": "that needs a purpose",
    "would_uncover": "that would leave what is pending unwatched: say despite and why",
    "unit_assigned": "{unit} is on an incident: its stop belongs there", "stop_stands": "{unit} is on a stop already",
    "no_stop": "{unit} is on no stop", "no_emergency": "{unit} has no emergency",
    "unit_not_idle": "{unit} is not idle", "reason_needed": "say why",
    "units_missing": "units are not accounted for: {units}", "need_known": "it needs that already",
    "recommendation_outdated": "the world has changed since it was recommended",
}  # fmt: skip
LONGEST = 200


def in_words(rejection: Rejection) -> str:
    """What a person is told of a refusal."""
    said = WORDS.get(rejection.code, rejection.code.replace("_", " "))
    return said.format_map(_Shown(rejection.data))[:LONGEST]


class _Shown(dict[str, Any]):
    """Values as they are read; one that is not there is left out."""

    def __getitem__(self, name: str) -> str:
        value = self.get(name, "")
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)[:60]
