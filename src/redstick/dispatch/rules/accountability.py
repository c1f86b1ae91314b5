"""Accountability (PAR): who is on the fireground, asked for in rounds; whoever does not answer is named.

It begins with a further alarm or by a word, and goes on until it is ended or the incident closes. Every round asks the
units that are on scene then. A late answer counts, and takes the alarm away. NFPA 1561 asks for rounds at intervals;
10 to 20 minutes is remembered and not read (U), so the interval is the agency's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.dispatch.rules.assignments import open_assignments
from redstick.dispatch.rules.warnings import Level, WarningRaised, What, owner_of, warning_id
from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from redstick.dispatch.rules.incidents import Incident
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders

EVERY_S = 900  # between rounds, where the agency says nothing else
SHORTEST_S, LONGEST_S = 60, 7200


class Answer(msgspec.Struct, frozen=True):
    """A unit has answered: how many people it counts, and who said so."""

    persons: int
    by: str
    at: Instant


class Roll(msgspec.Struct):
    """The accountability of one incident. `waiting` are asked and have not answered; `missing` did not in time."""

    incident: str
    every_s: int
    round: int = 0
    waiting: list[str] = msgspec.field(default_factory=list)
    answers: dict[str, Answer] = msgspec.field(default_factory=dict)
    missing: list[str] = msgspec.field(default_factory=list)


@event("dispatch.accountability_started", subjects=("incident",))
class AccountabilityStarted(Event, frozen=True):
    """From now on everyone on scene is asked for in rounds."""

    incident: str
    every_s: int


@event("dispatch.roll_opened", subjects=("incident", "units"))
class RollOpened(Event, frozen=True):
    """A round: these units are on scene and are to answer."""

    incident: str
    round: int
    units: list[str]
    every_s: int


@event("dispatch.roll_answered", subjects=("incident", "unit"))
class RollAnswered(Event, frozen=True):
    """A unit counts its people; `expected` is how many ride on it by its shift, None where nobody knows."""

    incident: str
    round: int
    unit: str
    persons: int
    by: str
    expected: int | None = None


@event("dispatch.roll_closed", subjects=("incident", "missing"))
class RollClosed(Event, frozen=True):
    """The round is over; `missing` did not answer, or counted fewer people than ride with them."""

    incident: str
    round: int
    missing: list[str]


@event("dispatch.accountability_ended", subjects=("incident",))
class AccountabilityEnded(Event, frozen=True):
    """Nobody is asked any more."""

    incident: str
    by: str


@command("dispatch.start_accountability")
class StartAccountability(Command, frozen=True):
    """Begin, or ask for another interval."""

    incident: str
    every_s: int = EVERY_S


@command("dispatch.open_roll")
class OpenRoll(Command, frozen=True):
    """Ask now. Between rounds the timer asks."""

    incident: str


@command("dispatch.answer_roll")
class AnswerRoll(Command, frozen=True):
    """A unit answers with the number of its people; `by` is who said so."""

    incident: str
    unit: str
    persons: int
    by: str


@command("dispatch.close_roll")
class CloseRoll(Command, frozen=True):
    """The time to answer is over. The timer alone asks this."""

    incident: str
    round: int


@command("dispatch.end_accountability")
class EndAccountability(Command, frozen=True):
    """Stop asking, by name."""

    incident: str
    by: str


def decide_start_accountability(state: Dispatch, asked: StartAccountability, now: Instant) -> Decision:
    """The first round opens at once. Rejections: `incident_unknown`, `incident_closed`, `interval_out_of_range`."""
    del now
    incident = state.incidents.get(asked.incident)
    if incident is None or incident.closed_at is not None:
        code = "incident_unknown" if incident is None else "incident_closed"
        return Rejection(code, {"incident": asked.incident})
    if not SHORTEST_S <= asked.every_s <= LONGEST_S:
        return Rejection("interval_out_of_range", {"least_s": SHORTEST_S, "most_s": LONGEST_S})
    known = state.rolls.get(incident.id)
    if known is not None and known.every_s == asked.every_s:
        return []
    started: list[Event] = [AccountabilityStarted(incident.id, asked.every_s)]
    return started if known is not None else [*started, _round(incident, 1, asked.every_s)]


def apply_accountability_started(state: Dispatch, happened: AccountabilityStarted, at: Instant) -> None:
    """The interval holds from the next round on."""
    del at
    roll = state.rolls.setdefault(happened.incident, Roll(happened.incident, happened.every_s))
    roll.every_s = happened.every_s


def decide_open_roll(state: Dispatch, asked: OpenRoll, now: Instant) -> Decision:
    """Whoever still waits is missing; nobody is asked once it is closed. Rejections: `accountability_not_started`."""
    del now
    roll = state.rolls.get(asked.incident)
    incident = state.incidents.get(asked.incident)
    if roll is None or incident is None:
        return Rejection("accountability_not_started", {"incident": asked.incident})
    if incident.closed_at is not None:
        return []
    return [*_closed(state, roll), _round(incident, roll.round + 1, roll.every_s)]


def apply_roll_opened(state: Dispatch, happened: RollOpened, at: Instant) -> None:
    """They are to answer; who was missing before is missing until it answers."""
    del at
    roll = state.rolls[happened.incident]
    roll.round, roll.waiting, roll.answers = happened.round, list(happened.units), {}


def decide_answer_roll(state: Dispatch, asked: AnswerRoll, now: Instant) -> Decision:
    """The last one to answer closes the round. A late answer counts.

    Rejections: `accountability_not_started`, `unit_not_asked`, `persons_impossible`, `name_needed`.
    """
    del now
    roll = state.rolls.get(asked.incident)
    if roll is None:
        return Rejection("accountability_not_started", {"incident": asked.incident})
    if asked.unit not in (*roll.waiting, *roll.missing, *roll.answers):
        return Rejection("unit_not_asked", {"unit": asked.unit, "incident": asked.incident})
    if asked.persons < 0:
        return Rejection("persons_impossible", {"persons": asked.persons})
    if not asked.by.strip():
        return Rejection("name_needed", {"unit": asked.unit})
    expected = state.units[asked.unit].staffing if state.units[asked.unit].shift else None
    answered = RollAnswered(roll.incident, roll.round, asked.unit, asked.persons, asked.by, expected)
    if roll.waiting == [asked.unit]:
        return [answered, *_closed(state, roll, answered)]
    return [answered, *_alarms(state, roll.incident, [asked.unit] if _short(answered) else [])]


def apply_roll_answered(state: Dispatch, happened: RollAnswered, at: Instant) -> None:
    """Accounted for, when as many answered as ride with them."""
    roll = state.rolls[happened.incident]
    roll.answers[happened.unit] = Answer(happened.persons, happened.by, at)
    for names in (roll.waiting, roll.missing):
        if happened.unit in names:
            names.remove(happened.unit)
    if _short(happened):
        roll.missing.append(happened.unit)


def decide_close_roll(state: Dispatch, asked: CloseRoll, now: Instant) -> Decision:
    """Nothing, where the round is over already."""
    del now
    roll = state.rolls.get(asked.incident)
    if roll is None or roll.round != asked.round or not roll.waiting:
        return []
    return _closed(state, roll)


def apply_roll_closed(state: Dispatch, happened: RollClosed, at: Instant) -> None:
    """They are missing until they answer."""
    del at
    roll = state.rolls[happened.incident]
    roll.waiting, roll.missing = [], list(happened.missing)


def decide_end_accountability(state: Dispatch, asked: EndAccountability, now: Instant) -> Decision:
    """Rejections: `accountability_not_started`, `name_needed`, `units_missing` (names them)."""
    del now
    roll = state.rolls.get(asked.incident)
    if roll is None:
        return Rejection("accountability_not_started", {"incident": asked.incident})
    if not asked.by.strip():
        return Rejection("name_needed", {"incident": asked.incident})
    if roll.missing:
        return Rejection("units_missing", {"units": list(roll.missing)})
    return [AccountabilityEnded(roll.incident, asked.by)]


def apply_accountability_ended(state: Dispatch, happened: AccountabilityEnded, at: Instant) -> None:
    """Over."""
    del at
    state.rolls.pop(happened.incident, None)


def _short(answer: RollAnswered) -> bool:
    """Fewer people than ride on the unit."""
    return answer.expected is not None and answer.persons < answer.expected


def _round(incident: Incident, number: int, every_s: int) -> RollOpened:
    there = [one.unit for one in open_assignments(incident) if "on_scene" in one.stamps and "clear" not in one.stamps]
    return RollOpened(incident.id, number, there, every_s)


def _closed(state: Dispatch, roll: Roll, last: RollAnswered | None = None) -> list[Event]:
    """The end of a round in which somebody was asked: `last` is the answer that is about to be counted."""
    if not roll.waiting:
        return []
    there = last.unit if last is not None else ""
    missing = [name for name in (*roll.missing, *roll.waiting) if name != there]
    if last is not None and _short(last):
        missing.append(there)
    return [RollClosed(roll.incident, roll.round, missing), *_alarms(state, roll.incident, missing)]


def _alarms(state: Dispatch, incident: str, missing: list[str]) -> list[Event]:
    what = What.ROLL_CALL
    ids = {name: warning_id(what, name, incident) for name in missing}
    return [
        WarningRaised(ids[name], what, Level.ALARM, owner_of(state, name), name, incident)
        for name in missing
        if ids[name] not in state.warnings
    ]


DECIDERS: Deciders = {
    StartAccountability: decide_start_accountability,
    OpenRoll: decide_open_roll,
    AnswerRoll: decide_answer_roll,
    CloseRoll: decide_close_roll,
    EndAccountability: decide_end_accountability,
}
APPLIERS: Appliers = {
    AccountabilityStarted: apply_accountability_started,
    RollOpened: apply_roll_opened,
    RollAnswered: apply_roll_answered,
    RollClosed: apply_roll_closed,
    AccountabilityEnded: apply_accountability_ended,
}
KERNEL_ONLY = (CloseRoll,)
