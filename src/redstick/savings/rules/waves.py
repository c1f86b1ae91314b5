"""Waves: lines that move together, between two days, with somebody who answers for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from redstick.kernel.values import Command, Decision, Event, Instant, Rejection, command, event
from redstick.savings.kinds import Way
from redstick.savings.months import Day, is_day
from redstick.savings.rules.lines import MOST_TEXT

if TYPE_CHECKING:
    from redstick.kernel.domain import Appliers, Deciders
    from redstick.savings.state import Savings

MOST_LINES = 1_000  # of one command


class Wave(msgspec.Struct, frozen=True):
    """A wave; its lines name it."""

    id: str
    name: str
    site: str
    owner: str
    starts: Day
    ends: Day


@event("savings.wave_planned", subjects=("wave",))
class WavePlanned(Event, frozen=True):
    """A wave is planned, or planned anew."""

    wave: str
    name: str
    site: str
    owner: str
    starts: Day
    ends: Day


@event("savings.lines_scheduled", subjects=("wave", "lines"))
class LinesScheduled(Event, frozen=True):
    """Lines are in a wave, and what becomes of them."""

    wave: str
    lines: tuple[str, ...]
    way: Way


@event("savings.line_unscheduled", subjects=("line",))
class LineUnscheduled(Event, frozen=True):
    """A line is in no wave any more; what is to become of it is open."""

    line: str


@command("savings.plan_wave")
class PlanWave(Command, frozen=True):
    """Plan a wave, or change its plan; `starts` and `ends` are days as 2026-11-30."""

    wave: str
    name: str
    owner: str
    starts: Day
    ends: Day
    site: str = ""


@command("savings.schedule_lines")
class ScheduleLines(Command, frozen=True):
    """Put lines into a wave: to migrate, or to disconnect without a successor."""

    wave: str
    lines: tuple[str, ...]
    way: Way = Way.MIGRATE


@command("savings.unschedule_line")
class UnscheduleLine(Command, frozen=True):
    """Take a line out of its wave, or take back that it is kept."""

    line: str


def decide_plan_wave(state: Savings, asked: PlanWave, now: Instant) -> Decision:
    """Rejections: `wave_unnamed`, `owner_needed`, `date_unreadable`, `dates_reversed`, `text_too_long`."""
    del now
    if not asked.wave.strip() or not asked.name.strip():
        return Rejection("wave_unnamed")
    if not asked.owner.strip():
        return Rejection("owner_needed")
    if any(len(text) > MOST_TEXT for text in (asked.wave, asked.name, asked.site, asked.owner)):
        return Rejection("text_too_long", {"at_most": MOST_TEXT})
    for day in (asked.starts, asked.ends):
        if not is_day(day):
            return Rejection("date_unreadable", {"said": day[:MOST_TEXT]})
    if asked.starts > asked.ends:
        return Rejection("dates_reversed", {"starts": asked.starts, "ends": asked.ends})
    planned = Wave(asked.wave, asked.name, asked.site, asked.owner, asked.starts, asked.ends)
    if state.waves.get(asked.wave) == planned:
        return []
    return [WavePlanned(asked.wave, asked.name, asked.site, asked.owner, asked.starts, asked.ends)]


def apply_wave_planned(state: Savings, happened: WavePlanned, at: Instant) -> None:
    """The plan counts as it was last said."""
    del at
    state.waves[happened.wave] = Wave(
        happened.wave, happened.name, happened.site, happened.owner, happened.starts, happened.ends
    )


def decide_schedule_lines(state: Savings, asked: ScheduleLines, now: Instant) -> Decision:
    """All or none. Rejections: `wave_unknown`, `line_unknown`, `line_disconnected`, `too_many_lines`."""
    del now
    if asked.wave not in state.waves:
        return Rejection("wave_unknown", {"wave": asked.wave[:MOST_TEXT]})
    if len(asked.lines) > MOST_LINES:
        return Rejection("too_many_lines", {"at_most": MOST_LINES})
    moved = []
    for name in dict.fromkeys(asked.lines):
        line = state.lines.get(name)
        if line is None:
            return Rejection("line_unknown", {"line": name[:MOST_TEXT]})
        if (line.wave, line.way) == (asked.wave, asked.way):
            continue
        if line.disconnected():
            return Rejection("line_disconnected", {"line": name})
        moved.append(name)
    return [LinesScheduled(asked.wave, tuple(moved), asked.way)] if moved else []


def apply_lines_scheduled(state: Savings, happened: LinesScheduled, at: Instant) -> None:
    """They are in this wave and in no other; none of them is kept."""
    del at
    for name in happened.lines:
        line = state.lines[name]
        line.wave, line.way, line.kept = happened.wave, happened.way, ""


def decide_unschedule_line(state: Savings, asked: UnscheduleLine, now: Instant) -> Decision:
    """Rejections: `line_unknown`, `line_disconnected`."""
    del now
    line = state.lines.get(asked.line)
    if line is None:
        return Rejection("line_unknown", {"line": asked.line[:MOST_TEXT]})
    if line.disconnected():
        return Rejection("line_disconnected", {"line": line.id})
    return [LineUnscheduled(line.id)] if line.wave or line.kept else []


def apply_line_unscheduled(state: Savings, happened: LineUnscheduled, at: Instant) -> None:
    """What becomes of it is open."""
    del at
    line = state.lines[happened.line]
    line.wave, line.way, line.kept = "", None, ""


DECIDERS: Deciders = {
    PlanWave: decide_plan_wave,
    ScheduleLines: decide_schedule_lines,
    UnscheduleLine: decide_unschedule_line,
}
APPLIERS: Appliers = {
    WavePlanned: apply_wave_planned,
    LinesScheduled: apply_lines_scheduled,
    LineUnscheduled: apply_line_unscheduled,
}
