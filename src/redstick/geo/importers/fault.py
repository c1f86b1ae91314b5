"""How an importer says no, and how it says what it took."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


class InputFault(Exception):  # noqa: N818  (named for what is the matter)
    """A file cannot be taken: `file` and `where` name the place, `found` what stands there, `expected` what should.

    `where` is in the reader's words: `feature 12`, `row 3, column zip`, `byte 80`; empty means the file as a whole.
    """

    def __init__(self, file: Path, where: str, found: str, expected: str) -> None:
        place = f"{file}: {where}" if where else f"{file}"
        super().__init__(f"{place}: {found}; expected {expected}")
        self.file = file
        self.where = where
        self.found = found
        self.expected = expected


@dataclass
class Intake:
    """What was taken from one file, what was skipped and why, and what a person should know about it."""

    what: str
    file: str
    taken: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)

    def skip(self, reason: str, count: int = 1) -> None:
        """Count features that were left out, under a reason in plain words."""
        if count:
            self.skipped[reason] += count

    def as_json(self) -> dict[str, object]:
        """The same as plain values, reasons in alphabetical order."""
        return {
            "what": self.what,
            "file": self.file,
            "taken": self.taken,
            "skipped": dict(sorted(self.skipped.items())),
            "notes": list(self.notes),
        }
