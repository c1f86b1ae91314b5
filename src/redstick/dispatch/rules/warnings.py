"""Warnings: what should have happened and did not, with an owner, until it happens or a named person answers for it.

One warning stands for one cause, however often it is noticed. A warning nobody acknowledges becomes an alarm and is the
supervisor's. Whoever is over the alarm budget is shown further warnings without sound; alarms are never quiet.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from redstick.dispatch.rules.assignments import Assignment
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

# Alarms that an operator can handle: 12 an hour are the most that alarm management calls manageable (EEMUA 191, R*).
BUDGET_AN_HOUR, HOUR_MS = 12, 3_600_000
SUPERVISOR = "supervisor"  # who owns what nobody has acknowledged


class What(StrEnum):
    """What should have happened."""

    ACKNOWLEDGE = "acknowledge"  # the alert was not acknowledged
    TURNOUT = "turnout"  # the unit has not left
    TRAVEL = "travel"  # it should have arrived by now
    WELFARE = "welfare"  # it has been on scene for long: is everyone well?
    ROLL_CALL = "roll_call"  # on scene and not accounted for
    STATUS_CHECK = "status_check"  # on a stop and does not answer
    EMERGENCY = "emergency"  # nobody has heard an emergency
    SHIFT = "shift"  # the shift should have ended
    SILENCE = "silence"  # a source of calls is improbably quiet


class Level(StrEnum):
    """How loudly it is said; never by colour alone."""

    WARN = "warn"
    ALARM = "alarm"


# What a unit's part in an incident is warned of; the rest concerns a unit, a shift or a source by itself.
OF_A_PART = (What.ACKNOWLEDGE, What.TURNOUT, What.TRAVEL, What.WELFARE)

# An answer by name is what these are for: it ends them.
ANSWERED_BY_NAME = frozenset({What.WELFARE})


class OpenWarning(msgspec.Struct):
    """One open warning. `unit`, `incident` and `about` (a source, a shift) say what it concerns, "" for nothing."""

    id: str
    what: What
    level: Level
    owner: str
    raised_at: Instant
    unit: str = ""
    incident: str = ""
    about: str = ""
    quiet: bool = False
    acknowledged_by: str = ""
    acknowledged_at: Instant | None = None


@event("dispatch.warning_raised", subjects=("warning", "unit", "incident"))
class WarningRaised(Event, frozen=True):
    """Something should have happened by now; or nobody has acknowledged that it did not."""

    warning: str
    what: What
    level: Level
    owner: str = ""
    unit: str = ""
    incident: str = ""
    about: str = ""
    quiet: bool = False


@event("dispatch.warning_acknowledged", subjects=("warning", "unit", "incident"))
class WarningAcknowledged(Event, frozen=True):
    """A named person sees to it."""

    warning: str
    what: What
    by: str
    unit: str = ""
    incident: str = ""


@event("dispatch.warning_ended", subjects=("warning", "unit", "incident"))
class WarningEnded(Event, frozen=True):
    """It happened after all, or is no longer due."""

    warning: str
    what: What
    unit: str = ""
    incident: str = ""


@command("dispatch.raise_warning")
class RaiseWarning(Command, frozen=True):
    """Its time has come: say so if it still has not happened. Timers alone ask this."""

    what: What
    level: Level = Level.WARN
    unit: str = ""
    incident: str = ""
    about: str = ""


@command("dispatch.acknowledge_warning")
class AcknowledgeWarning(Command, frozen=True):
    """Say by name that one sees to it."""

    warning: str
    by: str


@command("dispatch.end_warning")
class EndWarning(Command, frozen=True):
    """Take away a warning whose cause is gone. Reactions alone ask this."""

    warning: str


def warning_id(what: What, unit: str = "", incident: str = "", about: str = "") -> str:
    """One id for one cause: how often it is noticed makes no difference."""
    return "/".join(part for part in ("warning", what, incident, unit, about) if part)


def decide_raise_warning(state: Dispatch, asked: RaiseWarning, now: Instant) -> Decision:
    """Nothing, where it has happened meanwhile or is said already, as loudly."""
    name = warning_id(asked.what, asked.unit, asked.incident, asked.about)
    if not holds(state, asked.what, asked.unit, asked.incident, asked.about):
        return []
    known = state.warnings.get(name)
    if known is not None and (known.acknowledged_by or known.level is asked.level or known.level is Level.ALARM):
        return []
    owner = SUPERVISOR if known is not None else owner_of(state, asked.unit)
    quiet = asked.level is Level.WARN and over_budget(state, owner, now)
    return [
        WarningRaised(name, asked.what, asked.level, owner, asked.unit, asked.incident, asked.about, quiet=quiet),
    ]


def apply_warning_raised(state: Dispatch, happened: WarningRaised, at: Instant) -> None:
    """It stands; how often its owner was warned lately is remembered, as far as the budget needs it."""
    known = state.warnings.get(happened.warning)
    state.warnings[happened.warning] = OpenWarning(
        happened.warning,
        happened.what,
        happened.level,
        happened.owner,
        at if known is None else known.raised_at,
        happened.unit,
        happened.incident,
        happened.about,
        happened.quiet,
    )
    lately = state.warned_at.setdefault(happened.owner, [])
    lately.append(at)
    del lately[:-BUDGET_AN_HOUR]


def decide_acknowledge_warning(state: Dispatch, asked: AcknowledgeWarning, now: Instant) -> Decision:
    """The first to see to it is kept. Rejections: `warning_unknown` (it may have ended), `name_needed`."""
    del now
    known = state.warnings.get(asked.warning)
    if known is None:
        return Rejection("warning_unknown", {"warning": asked.warning})
    if not asked.by.strip():
        return Rejection("name_needed", {"warning": asked.warning})
    if known.acknowledged_by:
        return []
    heard: list[Event] = [WarningAcknowledged(known.id, known.what, asked.by, known.unit, known.incident)]
    return [*heard, _ended(known)] if known.what in ANSWERED_BY_NAME else heard


def apply_warning_acknowledged(state: Dispatch, happened: WarningAcknowledged, at: Instant) -> None:
    """It stands until its cause is gone."""
    known = state.warnings[happened.warning]
    known.acknowledged_by, known.acknowledged_at = happened.by, at


def decide_end_warning(state: Dispatch, asked: EndWarning, now: Instant) -> Decision:
    """Nothing, where it has ended already or its cause has come back."""
    del now
    known = state.warnings.get(asked.warning)
    if known is None or holds(state, known.what, known.unit, known.incident, known.about):
        return []
    return [_ended(known)]


def apply_warning_ended(state: Dispatch, happened: WarningEnded, at: Instant) -> None:
    """Gone."""
    del at
    state.warnings.pop(happened.warning, None)


def _ended(known: OpenWarning) -> WarningEnded:
    return WarningEnded(known.id, known.what, known.unit, known.incident)


def owner_of(state: Dispatch, unit: str) -> str:
    """Whose warnings those of a unit are: its agency's."""
    return state.units[unit].agency if unit in state.units else ""


class Budget(msgspec.Struct, frozen=True):
    """How much an owner is being warned: what is open, what nobody has acknowledged, and what came within the hour."""

    open: int
    unacknowledged: int
    last_hour: int  # no more than `most` are counted
    most: int = BUDGET_AN_HOUR

    @property
    def spent(self) -> bool:
        """More would only be noise."""
        return self.last_hour >= self.most


def alarm_budget(state: Dispatch, owner: str, now: Instant) -> Budget:
    """The alarm budget of an owner at a time."""
    mine = [one for one in state.warnings.values() if one.owner == owner]
    return Budget(len(mine), sum(not one.acknowledged_by for one in mine), _last_hour(state, owner, now))


def _last_hour(state: Dispatch, owner: str, now: Instant) -> int:
    return sum(at > now - HOUR_MS for at in state.warned_at.get(owner, ()))


def over_budget(state: Dispatch, owner: str, now: Instant) -> bool:
    """Whether a further warning to this owner would be noise."""
    return _last_hour(state, owner, now) >= BUDGET_AN_HOUR


def ended_by_now(state: Dispatch) -> list[str]:
    """Open warnings whose cause is gone; looks at every one."""
    return _gone(state, state.warnings.values())


def ended_of(state: Dispatch, whats: Iterable[What], unit: str = "", incident: str = "", about: str = "") -> list[str]:
    """Those of them that concern this alone, found by their ids: however many are open, it costs the same."""
    named = (state.warnings.get(warning_id(what, unit, incident, about)) for what in whats)
    return _gone(state, (one for one in named if one is not None))


def _gone(state: Dispatch, warnings: Iterable[OpenWarning]) -> list[str]:
    return [one.id for one in warnings if not holds(state, one.what, one.unit, one.incident, one.about)]


def holds(state: Dispatch, what: What, unit: str, incident: str, about: str) -> bool:
    """Whether what a warning says is still so."""
    return _CAUSES[what](state, unit, incident, about)


def _lacks(*stamps: str) -> Callable[[Dispatch, str, str, str], bool]:
    """The assignment is open and has none of these stamps."""

    def cause(state: Dispatch, unit: str, incident: str, about: str) -> bool:
        del about
        assignment = _open_assignment(state, unit, incident)
        return assignment is not None and not any(stamp in assignment.stamps for stamp in stamps)

    return cause


def _on_scene(state: Dispatch, unit: str, incident: str, about: str) -> bool:
    del about
    assignment = _open_assignment(state, unit, incident)
    stamps = assignment.stamps if assignment is not None else {}
    return "on_scene" in stamps and not any(left in stamps for left in ("transport", "at_hospital", "clear"))


def _missing(state: Dispatch, unit: str, incident: str, about: str) -> bool:
    del about
    roll = state.rolls.get(incident)
    return roll is not None and unit in roll.missing


def _unanswered(state: Dispatch, unit: str, incident: str, about: str) -> bool:
    del incident, about
    stop = state.stops.get(unit)
    return stop is not None and stop.asked_at is not None


def _unheard(state: Dispatch, unit: str, incident: str, about: str) -> bool:
    del incident, about
    emergency = state.units[unit].emergency if unit in state.units else None
    return emergency is not None and not emergency.acknowledged_by


def _running(state: Dispatch, unit: str, incident: str, about: str) -> bool:
    del unit, incident
    return about in state.shifts


def _quiet(state: Dispatch, unit: str, incident: str, about: str) -> bool:
    del unit, incident
    source = state.sources.get(about)
    return source is not None and source.quiet_since is not None


_GONE = ("en_route", "staged", "on_scene", "patient_contact", "transport", "at_hospital", "clear")
_CAUSES: dict[What, Callable[[Dispatch, str, str, str], bool]] = {
    What.ACKNOWLEDGE: _lacks("acknowledged", *_GONE),
    What.TURNOUT: _lacks(*_GONE),
    What.TRAVEL: _lacks(*_GONE[1:]),
    What.WELFARE: _on_scene,
    What.ROLL_CALL: _missing,
    What.STATUS_CHECK: _unanswered,
    What.EMERGENCY: _unheard,
    What.SHIFT: _running,
    What.SILENCE: _quiet,
}


def _open_assignment(state: Dispatch, unit: str, incident: str) -> Assignment | None:
    held = state.incidents.get(incident)
    assignment = held.assignments.get(unit) if held is not None else None
    return assignment if assignment is not None and assignment.ended_at is None else None


DECIDERS: Deciders = {
    RaiseWarning: decide_raise_warning,
    AcknowledgeWarning: decide_acknowledge_warning,
    EndWarning: decide_end_warning,
}
APPLIERS: Appliers = {
    WarningRaised: apply_warning_raised,
    WarningAcknowledged: apply_warning_acknowledged,
    WarningEnded: apply_warning_ended,
}
KERNEL_ONLY = (RaiseWarning, EndWarning)
