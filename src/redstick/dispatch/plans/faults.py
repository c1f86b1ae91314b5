"""What is wrong with a plan: faults of its text, which cannot be read, and findings of the linter, which can."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """An entry that cannot be meant: where it stands (`line` 0 where nobody can say) and what was expected."""

    entry: str
    expected: str
    line: int = 0

    def told(self, source: str) -> str:
        """`plan.toml, line 12: rules 3 (fire): expected …`."""
        line = f", line {self.line}" if self.line else ""
        return f"{source}{line}: {self.entry}: {self.expected}"


class PlanTextError(Exception):
    """A text that is no plan; the message names the first fault, `faults` has all of them."""

    def __init__(self, source: str, faults: Sequence[Fault]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0].told(source)}{more}")
        self.source = source
        self.faults = tuple(faults)


class Severity(IntEnum):
    """How much a finding weighs."""

    ERROR = 0  # somebody would be sent wrongly, or not at all: the version may not be activated
    WARNING = 1  # a person must look and decide
    NOTICE = 2  # worth knowing


class Finding(msgspec.Struct, frozen=True):
    """One finding. `place` names rule and requirement, `found` what is the matter, `advice` what to do about it."""

    code: str
    severity: Severity
    place: str
    found: str
    advice: str
    line: int = 0

    def as_json(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "code": self.code,
            "severity": self.severity.name.lower(),
            "place": self.place,
            "line": self.line or None,
            "found": self.found,
            "advice": self.advice,
        }
