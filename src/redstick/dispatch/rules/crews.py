"""Crews that share apparatus: one crew, several vehicles; whichever it takes, the others stay.

A unit with a crew of its own needs no entry here. Sending one apparatus of a crew takes every other out of reach until
its assignments have ended, so that a crew is never counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event

if TYPE_CHECKING:
    from collections.abc import Iterable

    from redstick.dispatch.rules.units import Unit
    from redstick.dispatch.state import Dispatch
    from redstick.kernel.domain import Appliers, Deciders


class Crew(msgspec.Struct):
    """One crew and the units that it may take out, of which it takes one at a time."""

    id: str
    units: list[str] = msgspec.field(default_factory=list)


@event("dispatch.crew_formed", subjects=("crew", "units"))
class CrewFormed(Event, frozen=True):
    """These units have one crew between them, from now on."""

    crew: str
    units: list[str]


@event("dispatch.crew_disbanded", subjects=("crew", "units"))
class CrewDisbanded(Event, frozen=True):
    """Each of its units has a crew of its own again."""

    crew: str
    units: list[str]


@command("dispatch.form_crew")
class FormCrew(Command, frozen=True):
    """Say which units one crew serves; said again, the new list holds."""

    crew: str
    units: list[str]


@command("dispatch.disband_crew")
class DisbandCrew(Command, frozen=True):
    """Say that its units are crewed one by one."""

    crew: str


def crew_committed(state: Dispatch, unit: Unit, beside: Iterable[str] = ()) -> str:
    """The other apparatus that the unit's crew is on, or is about to be on as one of `beside`; "" when it is free."""
    crew = state.crews.get(unit.crew)
    others = [name for name in crew.units if name != unit.id] if crew is not None else []
    return next((name for name in others if name in beside or state.units[name].work), "")


def decide_form_crew(state: Dispatch, asked: FormCrew, now: Instant) -> Decision:
    """A crew of one is none.

    Rejections: `crew_unnamed`, `crew_too_small`, `unit_unknown`, `unit_of_another_crew`, `crew_committed` (two of them
    are out already).
    """
    del now
    names = list(dict.fromkeys(asked.units))
    if not asked.crew.strip():
        return Rejection("crew_unnamed")
    if len(names) < 2:
        return Rejection("crew_too_small", {"units": names})
    for name in names:
        if name not in state.units:
            return Rejection("unit_unknown", {"unit": name})
        if state.units[name].crew not in ("", asked.crew):
            return Rejection("unit_of_another_crew", {"unit": name, "crew": state.units[name].crew})
    out = [name for name in names if state.units[name].work]
    if len(out) > 1:
        return Rejection("crew_committed", {"crew": asked.crew, "on": out})
    known = state.crews.get(asked.crew)
    return [] if known is not None and known.units == names else [CrewFormed(asked.crew, names)]


def apply_crew_formed(state: Dispatch, happened: CrewFormed, at: Instant) -> None:
    """Units that it no longer serves have crews of their own."""
    del at
    for name in state.crews[happened.crew].units if happened.crew in state.crews else []:
        state.units[name].crew = ""
    state.crews[happened.crew] = Crew(happened.crew, list(happened.units))
    for name in happened.units:
        state.units[name].crew = happened.crew


def decide_disband_crew(state: Dispatch, asked: DisbandCrew, now: Instant) -> Decision:
    """Rejections: `crew_unknown`."""
    del now
    crew = state.crews.get(asked.crew)
    if crew is None:
        return Rejection("crew_unknown", {"crew": asked.crew})
    return [CrewDisbanded(crew.id, list(crew.units))]


def apply_crew_disbanded(state: Dispatch, happened: CrewDisbanded, at: Instant) -> None:
    """Gone."""
    del at
    del state.crews[happened.crew]
    for name in happened.units:
        state.units[name].crew = ""


DECIDERS: Deciders = {FormCrew: decide_form_crew, DisbandCrew: decide_disband_crew}
APPLIERS: Appliers = {CrewFormed: apply_crew_formed, CrewDisbanded: apply_crew_disbanded}
