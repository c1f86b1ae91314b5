"""Work written down in a file: commands of savings as TOML tables, by their names. For whoever keeps a plan in a text.

    [[plan_wave]]
    wave = "w1"
    name = "City hall"
    owner = "…"
    starts = "2026-05-01"
    ends = "2026-05-31"

A line is named as elsewhere (`lakeshoretelephone:2255550142`), days and months as text, amounts in cents.
"""

import tomllib
from typing import Any

import msgspec

from redstick.kernel.values import Command
from redstick.savings.rules.costs import DropCost, SetCost
from redstick.savings.rules.cutovers import BlockLine, ConfirmDemand, TakeStep, UndoStep
from redstick.savings.rules.lines import DescribeLine, KeepLine, SetBaseline
from redstick.savings.rules.waves import PlanWave, ScheduleLines, UnscheduleLine

# In this order they are asked: what is spoken of is there before something is said of it.
ORDER: tuple[type[Command], ...] = (
    SetBaseline, DescribeLine, PlanWave, UnscheduleLine, ScheduleLines, KeepLine, ConfirmDemand, UndoStep, TakeStep,
    BlockLine, SetCost, DropCost,
)  # fmt: skip


class NoPlan(Exception):  # noqa: N818  (named for what is the matter)
    """A file is no plan; `faults` name the place and what was expected."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def commands_of(text: str) -> list[Command]:
    """The commands of a plan, in the order in which they are asked. Raises NoPlan."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NoPlan([f"expected TOML: {error}"]) from error
    named = {command.command_kind.partition(".")[2]: command for command in ORDER}
    faults = [f"{name}: expected one of {', '.join(sorted(named))}" for name in document if name not in named]
    found = []
    for name, command in named.items():
        tables = document.get(name, [])
        for number, table in enumerate(tables if isinstance(tables, list) else [tables], start=1):
            read = _read(command, table)
            if isinstance(read, str):
                faults.append(f"{name} {number}: {read}")
            else:
                found.append(read)
    if faults:
        raise NoPlan(faults)
    return found


def _read(command: type[Command], table: Any) -> Command | str:
    try:
        return msgspec.convert(table, command)
    except msgspec.ValidationError as error:
        return str(error)
