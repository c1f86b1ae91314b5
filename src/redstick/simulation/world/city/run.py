"""One night from its plan to its verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from redstick.kernel.envelope import Head
from redstick.simulation.world.chain import Line, Problem, chain_problems, read_lines
from redstick.simulation.world.checkers import groups_of, once_problems, resumed_at, told_problems
from redstick.simulation.world.city.desk import WorldDesk
from redstick.simulation.world.city.night import Night
from redstick.simulation.world.city.plan import CityPlan
from redstick.simulation.world.city.promises import journal_problems, open_at_the_end
from redstick.simulation.world.city.truths import fold_stepwise, path_problems, state_problems, telephone_problems
from redstick.simulation.world.household import EPOCH_MS


@dataclass
class Result:
    """What a night came to."""

    plan: CityPlan
    head: Head
    lines: int
    virtual_ms: int
    problems: list[Problem] = field(default_factory=list)


def run(plan: CityPlan) -> Result:
    """Live one night through and check it. The same plan gives the same head on any machine, in any order of runs."""
    night = Night(plan)
    night.live()
    stored = night.machines.stored()
    problems = [*night.machines.problems, *problems_of(night, stored)]
    head = Head(len(stored), bytes.fromhex(stored[-1][:64].decode())) if stored else Head()
    return Result(plan, head, len(stored), night.machines.timeline.now, problems)


def problems_of(night: Night, stored: list[bytes]) -> Iterator[Problem]:
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
            yield from told_problems(asked, groups.get(asked.request.id))
    yield from telephone_problems(night.telephone, books)
    yield from path_problems(night.provider, books)
    fresh, found = fold_stepwise(night, stored, [night.watcher])
    yield from found
    yield from machines.fold_problems(stored, fresh)
    yield from state_problems(fresh.executor.committed["dispatch"], books, "at the end")
    yield from open_at_the_end(books)


def renamed_problems(desk: WorldDesk, groups: Mapping[str, list[Line]]) -> Iterator[Problem]:
    """What a desk asks once is decided once, whatever it was called on the way."""
    names: dict[int, str] = {}
    for name, asked in desk.asked.items():
        if name in groups and names.setdefault(id(asked), name) != name:
            kind = asked.request.command.command_kind
            yield Problem("asked_once", f"{desk.name} asked {kind} once; {names[id(asked)]} and {name} were decided")
