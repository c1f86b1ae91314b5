"""One night from its plan to its verdict."""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from redstick.kernel.envelope import Head
from redstick.kernel.ids import made_at
from redstick.simulation.world.askers import Asked
from redstick.simulation.world.chain import Line, Problem, chain_problems, read_lines
from redstick.simulation.world.checkers import groups_of, once_problems, resumed_at, told_problems
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.night import Night
from redstick.simulation.world.city.parish_night import ParishNight
from redstick.simulation.world.city.plan import CityPlan
from redstick.simulation.world.city.promises import journal_problems, open_at_the_end
from redstick.simulation.world.city.truths import (
    OWNED_IN_PARISH_MS,
    OWNED_WITHIN_MS,
    fold_stepwise,
    owner_problems,
    path_problems,
    state_problems,
    telephone_problems,
)
from redstick.simulation.world.household import EPOCH_MS

ON_THEIR_WAY_MS = 10_000
COLLECTED_EACH = 200_000  # objects that are made between two looks for garbage


@dataclass
class Result:
    """What a night came to."""

    plan: CityPlan
    head: Head
    lines: int
    virtual_ms: int
    acts: int  # of the timeline: whatever arrived, was looked at or came due
    problems: list[Problem] = field(default_factory=list)


def run(plan: CityPlan) -> Result:
    """Live one night through and check it. The same plan gives the same head on any machine, in any order of runs."""
    with seldom_collected():
        night: Night | ParishNight = ParishNight(plan) if plan.parish else Night(plan)
        night.live()
        stored = night.machines.stored()
        problems = verdict(night, stored)
    head = Head(len(stored), bytes.fromhex(stored[-1][:64].decode())) if stored else Head()
    return Result(plan, head, len(stored), night.machines.timeline.now, night.machines.timeline.acts, problems)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """A night keeps nearly all that it makes until it is over: looking for garbage in it again and again is in vain."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECTED_EACH, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def verdict(night: Night | ParishNight, stored: list[bytes]) -> list[Problem]:
    """Everything that was seen broken while it was lived, and that is found now."""
    return [*night.machines.problems, *problems_of(night, stored)]


def problems_of(night: Night | ParishNight, stored: list[bytes]) -> Iterator[Problem]:
    """Everything that the journal, the world outside and the nodes themselves show broken."""
    machines = night.machines
    lines = read_lines(stored)
    groups = groups_of(lines)
    yield from chain_problems(stored, lines, resumed_at(machines.gaps))
    yield from once_problems(groups)
    books, broken = journal_problems(lines, EPOCH_MS + machines.timeline.now)
    yield from broken
    for desk in night.desks:
        yield from renamed_problems(desk, groups)
        for asked in desk.asked.values():
            if isinstance(night, ParishNight) and not asked.told and _just_asked(asked, machines.timeline.now):
                continue  # a parish never stops: its last words are still on their way
            yield from told_problems(asked, groups.get(asked.request.id))
    yield from owner_problems(books, OWNED_IN_PARISH_MS if isinstance(night, ParishNight) else OWNED_WITHIN_MS)
    if isinstance(night, Night):
        yield from telephone_problems(night.telephone, books)
        yield from path_problems(night.provider, books)
        yield from open_at_the_end(books)
    fresh, found = fold_stepwise(machines, stored, [night.watcher])
    yield from found
    yield from machines.fold_problems(stored, fresh)
    yield from state_problems(fresh.executor.committed["dispatch"], books, "at the end")


def _just_asked(asked: Asked, now: int) -> bool:
    return (made_at(asked.request.id) or 0) > EPOCH_MS + now - ON_THEIR_WAY_MS


def renamed_problems(desk: WorldDesk, groups: Mapping[str, list[Line]]) -> Iterator[Problem]:
    """What a desk asks once is decided once, whatever it was called on the way."""
    names: dict[int, str] = {}
    for name, asked in desk.asked.items():
        if name in groups and names.setdefault(id(asked), name) != name:
            kind = asked.request.command.command_kind
            yield Problem("asked_once", f"{desk.name} asked {kind} once; {names[id(asked)]} and {name} were decided")
